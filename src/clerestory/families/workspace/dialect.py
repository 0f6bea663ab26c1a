"""The words of /api/v1: where its credentials sit, and one table for every problem in the form of both generations."""

from collections.abc import Sequence
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.workspace import wire
from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Fault, Invalid, Kind, Problem
from clerestory.platform.http import Spoken, headers_of, said
from clerestory.platform.tokens import Shown
from clerestory.platform.tokens.sessions import COOKIE

TABLE: dict[type[Problem], tuple[int, str]] = {
    errors.Unauthenticated: (401, "not_authenticated"),
    errors.UnknownKey: (401, "invalid_api_key"),
    errors.Revoked: (401, "invalid_api_key"),
    errors.Expired: (401, "token_not_valid"),
    errors.WrongPassword: (401, "no_active_account"),
    errors.Forbidden: (403, "permission_denied"),
    errors.ReadOnly: (403, "permission_denied"),
    errors.NotFound: (404, "not_found"),
    errors.NoSuchEndpoint: (404, "not_found"),
    errors.WrongMethod: (405, "method_not_allowed"),
    errors.Conflict: (409, "conflict"),
    errors.Linked: (409, "conflict"),
    errors.Invalid: (400, "invalid"),
    errors.TooLarge: (413, "request_too_large"),
    errors.NotAcceptable: (415, "unsupported_media_type"),
    errors.RateLimited: (429, "throttled"),
    errors.Timeout: (502, "timeout"),
    errors.Unavailable: (503, "service_unavailable"),
    errors.Absent: (500, "error"),
    errors.DatabaseFault: (500, "error"),
    errors.Broken: (500, "error"),
}
"""Every problem, once. A subclass that is not named here is said as its nearest named ancestor."""

_CODES = {
    Kind.MISSING: "required",
    Kind.INVALID: "invalid",
    Kind.TAKEN: "unique",
    Kind.TOO_SHORT: "password_too_short",
    Kind.TOO_COMMON: "password_too_common",
    Kind.ALL_DIGITS: "password_entirely_numeric",
    Kind.UNPARSEABLE: "parse_error",
}
_WHOLE = "non_field_errors"


class WorkspaceDialect:
    """The dialect of /api/v1."""

    def shown(self, request: Request) -> Shown:
        """The key, the bearer's token, the session; an `Authorization` of another scheme says nothing here."""
        scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
        return Shown(
            key=request.headers.get("api-key"),
            access_token=token.strip() if scheme.lower() == "bearer" else None,
            session=request.cookies.get(COOKIE),
        )

    def answer(self, problem: Problem, request: Request) -> Response:
        """The error form."""
        status, code = said(TABLE, type(problem))
        error = _validation(problem) if _by_field(problem) else _single(problem, status, code)
        if status == 500:
            # A fault of the database was logged under the request's name; a bug brings its own reference.
            request_id = request.scope.get("clerestory.request_id", "")
            error.reference = problem.reference if isinstance(problem, Broken) else request_id
        return Response(wire.encode(error), status, _headers(problem, status), "application/json")


def status_of(kind: type[Problem]) -> int:
    """The status of a problem."""
    return said(TABLE, kind)[0]


def _by_field(problem: Problem) -> bool:
    """Whether the faults lie in fields: a body that cannot be read, or is too long, has none."""
    if not isinstance(problem, Invalid) or isinstance(problem, errors.TooLarge):
        return False
    return all(fault.kind is not Kind.UNPARSEABLE for fault in problem.faults)


def _single(problem: Problem, status: int, code: str) -> wire.Error:
    if status == 400:
        code = _CODES[Kind.UNPARSEABLE]
    kind: Literal["client_error", "server_error"] = "server_error" if status >= 500 else "client_error"
    return wire.Error(kind, [wire.ErrorItem(code, problem.text, None)], problem.text, code)


def _validation(problem: Problem) -> wire.Error:
    faults: Sequence[Fault] = getattr(problem, "faults", ()) or (Fault(None, Kind.INVALID, problem.text),)
    items = [wire.ErrorItem(_CODES[fault.kind], fault.text, fault.field) for fault in faults]
    return wire.Error("validation_error", items, items[0].detail, items[0].code, data=_nested(faults))


def _nested(faults: Sequence[Fault]) -> dict[str, object]:
    """Texts by field, as clients of 2022 read them; a dotted path nests."""
    data: dict[str, Any] = {}
    for fault in faults:
        *outer, last = (fault.field or _WHOLE).split(".")
        level = data
        for name in outer:
            inner = level.setdefault(name, {})
            # A field that is refused as a whole as well keeps its own texts under the word for that.
            level[name] = level = inner if isinstance(inner, dict) else {_WHOLE: inner}
        if isinstance(level.get(last), dict):
            level, last = level[last], _WHOLE
        level.setdefault(last, []).append(fault.text)
    return data


def _headers(problem: Problem, status: int) -> dict[str, str]:
    return {"WWW-Authenticate": 'Bearer realm="api"'} if status == 401 else headers_of(problem)


SPOKEN = Spoken(
    error=wire.Error,
    status=status_of,
    credentials={
        "key": {"type": "apiKey", "in": "header", "name": "Api-Key"},
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    },
    persons=("token", "session"),
)
