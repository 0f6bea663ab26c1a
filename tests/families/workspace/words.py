"""Error bodies as /api/v1 words them, for assertions on the whole."""

from typing import Any


def refusal(code: str, detail: str, kind: str = "client_error") -> dict[str, Any]:
    """The body of a problem that lies in no field."""
    return {
        "type": kind,
        "errors": [{"code": code, "detail": detail, "attr": None}],
        "detail": detail,
        "code": code,
    }


def invalid(*faults: tuple[str, str, str]) -> dict[str, Any]:
    """The body of a 400 by (attr, code, detail), for fields that do not nest."""
    data: dict[str, list[str]] = {}
    for attr, _, detail in faults:
        data.setdefault(attr, []).append(detail)
    return {
        "type": "validation_error",
        "errors": [{"code": code, "detail": detail, "attr": attr} for attr, code, detail in faults],
        "detail": faults[0][2],
        "code": faults[0][1],
        "data": data,
    }


NOT_FOUND = refusal("not_found", "Not found.")
READ_ONLY = refusal("permission_denied", "The public data is read-only. Send the key of a tenant to write.")
DENIED = refusal("permission_denied", "You do not have permission to perform this action.")
NO_CREDENTIAL = refusal("not_authenticated", "A valid credential is needed.")
BAD_TOKEN = refusal("token_not_valid", "The token is invalid or expired.")
BAD_KEY = refusal("invalid_api_key", "This key is not known.")
NO_ACCOUNT = refusal("no_active_account", "No active account was found with the given credentials.")
