"""How each dialect says every problem, written down once more by hand: the product's own tables are not asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from clerestory.families.bots.dialect import BotsDialect
from clerestory.families.escalation.dialect import EscalationDialect
from clerestory.families.ideas.dialect import IdeasDialect
from clerestory.families.ideas.oauth.dialect import GrantDialect
from clerestory.families.workspace.dialect import WorkspaceDialect
from clerestory.kernel import errors
from clerestory.kernel.errors import Fault, Kind, Problem
from clerestory.platform.http.operations.dialect import OperationsDialect
from clerestory.platform.web import HtmlDialect

Bodies = Mapping[type[Problem], Any]
REFERENCE = "abc123"
REQUEST_ID = "request-1"
_FIELD = "severity must be one of LOW, MINOR."
_BYTES = "The body may have at most 9 bytes."


@dataclass(frozen=True, slots=True)
class Speech:
    """One dialect: its media type and those of its exceptions, the status of every problem, how its bodies are known.

    `unparseable`: how a body is answered that is not even JSON, where that is not as any other that is not valid.
    """

    media_type: str
    statuses: Mapping[type[Problem], int]
    spoken: Callable[[httpx.Response], bool]
    exceptions: Mapping[type[Problem], str] = field(default_factory=dict)
    unparseable: tuple[int, str] | None = None

    def heading(self, problem: type[Problem]) -> tuple[int, str]:
        """The status and the media type of this problem."""
        return self.statuses[problem], self.exceptions.get(problem, self.media_type)


def made(kind: type[Problem]) -> Problem:
    """A problem of this kind."""
    given: Mapping[type[Problem], tuple[Any, ...]] = {
        errors.WrongMethod: (("GET", "POST"),),
        errors.RateLimited: (timedelta(seconds=7),),
        errors.Broken: (REFERENCE,),
        errors.Invalid: (Fault("severity", Kind.INVALID, _FIELD),),
        errors.TooLarge: (Fault(None, Kind.INVALID, _BYTES),),
    }
    return kind(*given.get(kind, ()))


def escalation(status: int, code: str, message: str, details: str) -> tuple[int, dict[str, Any]]:
    error = {"code": code, "message": message, "details": details}
    return status, {"status": status, "code": status, "error": error}


def workspace(status: int, code: str, detail: str, **rest: Any) -> tuple[int, dict[str, Any]]:
    kind = "server_error" if status >= 500 else "client_error"
    item = {"code": code, "detail": detail, "attr": None}
    return status, {"type": kind, "errors": [item], "detail": detail, "code": code, **rest}


def bots(name: str, message: str) -> tuple[int, dict[str, Any]]:
    return 500, {"error": {"message": message, "name": name}}


ESCALATION: Bodies = {
    errors.Unauthenticated: escalation(401, "AUTH_INVALID", "Unauthorized", "A valid credential is needed."),
    errors.UnknownKey: escalation(401, "AUTH_INVALID", "Unauthorized", "This key is not known."),
    errors.Expired: escalation(401, "AUTH_INVALID", "Unauthorized", "The token is invalid or expired."),
    errors.WrongPassword: escalation(
        401, "AUTH_INVALID", "Unauthorized", "No active account was found with the given credentials."
    ),
    errors.Revoked: escalation(401, "AUTH_REVOKED", "Unauthorized", "This credential was revoked."),
    errors.Forbidden: escalation(
        403, "PERMISSION_DENIED", "Forbidden", "You do not have permission to perform this action."
    ),
    errors.ReadOnly: escalation(
        403, "PERMISSION_DENIED", "Forbidden", "The public data is read-only. Send the key of a tenant to write."
    ),
    errors.NotFound: escalation(404, "NOT_FOUND", "Not Found", "Not found."),
    errors.Absent: escalation(404, "DATA_MISSING", "Not Found", "A record that this answer needs is missing."),
    errors.Conflict: escalation(400, "FIELD_INVALID", "Bad Request", "This contradicts what is stored."),
    errors.Linked: escalation(400, "FIELD_INVALID", "Bad Request", "Other records still point to this one."),
    errors.Invalid: escalation(400, "FIELD_INVALID", "Bad Request", _FIELD),
    errors.TooLarge: escalation(400, "FIELD_INVALID", "Bad Request", _BYTES),
    errors.NoSuchEndpoint: escalation(404, "NOT_FOUND", "Not Found", "There is no such endpoint."),
    errors.WrongMethod: escalation(405, "METHOD_NOT_ALLOWED", "Method Not Allowed", "This method is not allowed here."),
    errors.NotAcceptable: escalation(400, "FIELD_INVALID", "Bad Request", "This media type is not supported."),
    errors.RateLimited: escalation(429, "RATE_LIMITED", "Too Many Requests", "Too many requests."),
    errors.Timeout: escalation(
        500, "INTERNAL_DB_ERROR", "Internal Server Error", "The request took too long and was cancelled."
    ),
    errors.Unavailable: escalation(
        503, "INTERNAL_DB_ERROR", "Service Unavailable", "The service is temporarily unavailable."
    ),
    errors.DatabaseFault: escalation(
        500, "INTERNAL_DB_ERROR", "Internal Server Error", "The database could not carry this out."
    ),
    errors.Broken: escalation(500, "INTERNAL_SERVER_ERROR", "Internal Server Error", f"Reference: {REFERENCE}"),
}

_INVALID = {
    "type": "validation_error",
    "errors": [{"code": "invalid", "detail": _FIELD, "attr": "severity"}],
    "detail": _FIELD,
    "code": "invalid",
    "data": {"severity": [_FIELD]},
}

WORKSPACE: Bodies = {
    errors.Unauthenticated: workspace(401, "not_authenticated", "A valid credential is needed."),
    errors.UnknownKey: workspace(401, "invalid_api_key", "This key is not known."),
    errors.Expired: workspace(401, "token_not_valid", "The token is invalid or expired."),
    errors.WrongPassword: workspace(
        401, "no_active_account", "No active account was found with the given credentials."
    ),
    errors.Revoked: workspace(401, "invalid_api_key", "This credential was revoked."),
    errors.Forbidden: workspace(403, "permission_denied", "You do not have permission to perform this action."),
    errors.ReadOnly: workspace(
        403, "permission_denied", "The public data is read-only. Send the key of a tenant to write."
    ),
    errors.NotFound: workspace(404, "not_found", "Not found."),
    errors.Absent: workspace(500, "error", "A record that this answer needs is missing.", reference=REQUEST_ID),
    errors.Conflict: workspace(409, "conflict", "This contradicts what is stored."),
    errors.Linked: workspace(409, "conflict", "Other records still point to this one."),
    errors.Invalid: (400, _INVALID),
    errors.TooLarge: workspace(413, "request_too_large", _BYTES),
    errors.NoSuchEndpoint: workspace(404, "not_found", "There is no such endpoint."),
    errors.WrongMethod: workspace(405, "method_not_allowed", "This method is not allowed here."),
    errors.NotAcceptable: workspace(415, "unsupported_media_type", "This media type is not supported."),
    errors.RateLimited: workspace(429, "throttled", "Too many requests."),
    errors.Timeout: workspace(502, "timeout", "The request took too long and was cancelled."),
    errors.Unavailable: workspace(503, "service_unavailable", "The service is temporarily unavailable."),
    errors.DatabaseFault: workspace(500, "error", "The database could not carry this out.", reference=REQUEST_ID),
    errors.Broken: workspace(500, "error", "Something unexpected went wrong.", reference=REFERENCE),
}

_GATEWAY = (403, {"message": "Missing Authentication Token"})

BOTS: Bodies = {
    errors.Unauthenticated: bots("unauthenticatedError", "A valid credential is needed."),
    errors.UnknownKey: bots("invalidApiKeyError", "This key is not known."),
    errors.Expired: bots("invalidApiKeyError", "The token is invalid or expired."),
    errors.WrongPassword: bots("unauthenticatedError", "No active account was found with the given credentials."),
    errors.Revoked: bots("revokedApiKeyError", "This credential was revoked."),
    errors.Forbidden: bots("forbiddenError", "You do not have permission to perform this action."),
    errors.ReadOnly: bots("readOnlyError", "The public data is read-only. Send the key of a tenant to write."),
    errors.NotFound: bots("notFoundError", "Not found."),
    errors.Absent: bots("serverError", "A record that this answer needs is missing."),
    errors.Conflict: bots("conflictError", "This contradicts what is stored."),
    errors.Linked: bots("conflictError", "Other records still point to this one."),
    errors.Invalid: bots("invalidRequestError", _FIELD),
    errors.TooLarge: bots("bodyTooLargeError", _BYTES),
    errors.NoSuchEndpoint: _GATEWAY,
    errors.WrongMethod: _GATEWAY,
    errors.NotAcceptable: bots("unsupportedMediaTypeError", "This media type is not supported."),
    errors.RateLimited: bots("tooManyRequestsError", "Too many requests."),
    errors.Timeout: bots("timeoutError", "The request took too long and was cancelled."),
    errors.Unavailable: bots("unavailableError", "The service is temporarily unavailable."),
    errors.DatabaseFault: bots("serverError", "The database could not carry this out."),
    errors.Broken: bots("serverError", f"Something unexpected went wrong. Reference: {REFERENCE}"),
}


def ideas(status: int, code: int, message: str, error: str = "invalid_request") -> tuple[int, dict[str, Any]]:
    return status, {"errorCode": code, "message": message, "error": error, "error_description": message}


_INVALID_TOKEN = ideas(401, 1002, "The access token provided is invalid", "invalid_grant")
_NO_RIGHT = ideas(403, 2003, "You are not authorized to perform this action", "access_denied")

IDEAS: Bodies = {
    errors.Unauthenticated: _INVALID_TOKEN,
    errors.UnknownKey: _INVALID_TOKEN,
    errors.Expired: _INVALID_TOKEN,
    errors.WrongPassword: _INVALID_TOKEN,
    errors.Revoked: _INVALID_TOKEN,
    errors.Forbidden: _NO_RIGHT,
    errors.ReadOnly: _NO_RIGHT,
    errors.NotFound: ideas(404, 2004, "Invalid object ID or you don't have access to this object"),
    errors.Absent: ideas(500, 2000, "A record that this answer needs is missing.", "server_error"),
    errors.Conflict: ideas(400, 2007, "This contradicts what is stored."),
    errors.Linked: ideas(400, 2007, "Other records still point to this one."),
    errors.Invalid: ideas(400, 2007, _FIELD),
    errors.TooLarge: ideas(413, 2006, "Upload Error: file too large"),
    errors.NoSuchEndpoint: ideas(404, 2008, "There is no such endpoint."),
    errors.WrongMethod: ideas(405, 2008, "This method is not allowed here."),
    errors.NotAcceptable: ideas(400, 2007, "This media type is not supported."),
    errors.RateLimited: ideas(429, 2029, "API call limit exceeded.", "rate_limit_exceeded"),
    errors.Timeout: ideas(500, 2000, "The request took too long and was cancelled.", "server_error"),
    errors.Unavailable: ideas(503, 2000, "The service is temporarily unavailable.", "temporarily_unavailable"),
    errors.DatabaseFault: ideas(500, 2000, "The database could not carry this out.", "server_error"),
    errors.Broken: ideas(500, 2000, f"Something unexpected went wrong. Reference: {REFERENCE}", "server_error"),
}


def grant(status: int, error: str, text: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": error, "error_description": text}


GRANT: Bodies = {
    errors.Unauthenticated: grant(400, "invalid_client", "A valid credential is needed."),
    errors.UnknownKey: grant(400, "invalid_client", "This key is not known."),
    errors.Expired: grant(400, "invalid_grant", "The token is invalid or expired."),
    errors.WrongPassword: grant(400, "invalid_grant", "No active account was found with the given credentials."),
    errors.Revoked: grant(400, "invalid_client", "This credential was revoked."),
    errors.Forbidden: grant(403, "unauthorized_client", "You do not have permission to perform this action."),
    errors.ReadOnly: grant(
        403, "unauthorized_client", "The public data is read-only. Send the key of a tenant to write."
    ),
    errors.NotFound: grant(404, "invalid_request", "Not found."),
    errors.Absent: grant(500, "server_error", "A record that this answer needs is missing."),
    errors.Conflict: grant(400, "invalid_request", "This contradicts what is stored."),
    errors.Linked: grant(400, "invalid_request", "Other records still point to this one."),
    errors.Invalid: grant(400, "invalid_request", _FIELD),
    errors.TooLarge: grant(413, "invalid_request", _BYTES),
    errors.NoSuchEndpoint: grant(404, "invalid_request", "There is no such endpoint."),
    errors.WrongMethod: grant(405, "invalid_request", "This method is not allowed here."),
    errors.NotAcceptable: grant(400, "invalid_request", "This media type is not supported."),
    errors.RateLimited: grant(429, "temporarily_unavailable", "Too many requests."),
    errors.Timeout: grant(500, "server_error", "The request took too long and was cancelled."),
    errors.Unavailable: grant(503, "temporarily_unavailable", "The service is temporarily unavailable."),
    errors.DatabaseFault: grant(500, "server_error", "The database could not carry this out."),
    errors.Broken: grant(500, "server_error", f"Something unexpected went wrong. Reference: {REFERENCE}"),
}

_STATUSES = {kind: status for kind, (status, _) in WORKSPACE.items()}


def _json(answer: httpx.Response, *members: str) -> bool:
    body = answer.json()
    return isinstance(body, dict) and set(members) == set(body) - {"code", "data", "reference"}


def _as_bots(answer: httpx.Response) -> bool:
    """What the API says is a 500, and never a fault of its own; what is said before it is reached is not."""
    if answer.status_code != 500:
        return _json(answer, "message")
    return _json(answer, "error") and answer.json()["error"].get("name") != "serverError"


SPEECHES: Mapping[type, Speech] = {
    EscalationDialect: Speech(
        "application/json",
        {kind: status for kind, (status, _) in ESCALATION.items()},
        lambda answer: _json(answer, "status", "error"),
    ),
    WorkspaceDialect: Speech("application/json", _STATUSES, lambda answer: _json(answer, "type", "errors", "detail")),
    BotsDialect: Speech(
        "text/plain",
        {kind: status for kind, (status, _) in BOTS.items()},
        _as_bots,
        exceptions={errors.NoSuchEndpoint: "application/json", errors.WrongMethod: "application/json"},
        unparseable=(400, "application/json"),
    ),
    IdeasDialect: Speech(
        "application/json",
        {kind: status for kind, (status, _) in IDEAS.items()},
        lambda answer: _json(answer, "errorCode", "message", "error", "error_description"),
    ),
    GrantDialect: Speech(
        "application/json",
        {kind: status for kind, (status, _) in GRANT.items()},
        lambda answer: _json(answer, "error", "error_description"),
    ),
    OperationsDialect: Speech("application/json", _STATUSES, lambda answer: _json(answer, "status", "detail")),
    HtmlDialect: Speech(
        "text/html; charset=utf-8",
        {**_STATUSES, errors.Absent: 404},
        lambda answer: answer.text.startswith("<!DOCTYPE html>"),
    ),
}
