"""The words of the api3: where its token sits, the four keys of an error, and one table for every problem."""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas import wire
from clerestory.families.ideas.conventions import xml
from clerestory.families.ideas.problems import Hidden, NoSuchMember, Outlived, OverLimit, Worded, WrongType
from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Invalid, Kind, Problem
from clerestory.platform.http import Spoken, headers_of, said
from clerestory.platform.tokens import Shown
from clerestory.platform.tokens.sessions import COOKIE

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Words:
    """How one problem is said. Without a message the problem's own text stands."""

    status: int
    code: int
    error: str = "invalid_request"
    message: str | None = None


# Clients renew their token by themselves on 401 with `invalid_grant`, and compare the sentences letter by letter.
_INVALID_TOKEN = Words(401, 1002, "invalid_grant", "The access token provided is invalid")
_OUTLIVED_TOKEN = Words(401, 1002, "invalid_grant", "The access token provided has expired")
_NOT_ALLOWED = Words(403, 2003, "access_denied", "You are not authorized to perform this action")
_NO_OBJECT = Words(404, 2004, message="Invalid object ID or you don't have access to this object")
_UNKNOWN = Words(404, 2008)
_VALUE = Words(400, 2007)
_FAULT = Words(500, 2000, "server_error")

TABLE: dict[type[Problem], Words] = {
    errors.Unauthenticated: _INVALID_TOKEN,
    errors.UnknownKey: _INVALID_TOKEN,
    errors.Expired: _INVALID_TOKEN,
    Outlived: _OUTLIVED_TOKEN,
    errors.WrongPassword: _INVALID_TOKEN,
    errors.Revoked: _INVALID_TOKEN,
    NoSuchMember: Words(404, 1003, message="Member does not exist"),
    errors.Forbidden: _NOT_ALLOWED,
    errors.ReadOnly: _NOT_ALLOWED,
    Hidden: Words(403, 2003, "access_denied"),
    errors.NotFound: _NO_OBJECT,
    Worded: Words(404, 2004),
    errors.Absent: _FAULT,
    errors.Conflict: _VALUE,
    errors.Linked: _VALUE,
    errors.Invalid: _VALUE,
    WrongType: Words(400, 2005),
    errors.TooLarge: Words(413, 2006, message="Upload Error: file too large"),
    errors.NoSuchEndpoint: _UNKNOWN,
    errors.WrongMethod: Words(405, 2008),
    errors.NotAcceptable: _VALUE,
    errors.RateLimited: Words(429, 2029, "rate_limit_exceeded", "API call limit exceeded."),
    errors.Timeout: Words(500, 2000, "server_error"),
    errors.Unavailable: Words(503, 2000, "temporarily_unavailable"),
    errors.DatabaseFault: _FAULT,
    errors.Broken: _FAULT,
}
"""Every problem, once. A subclass that is not named here is said as its nearest named ancestor."""

_MISSING = 2001


def status_of(problem: type[Problem]) -> int:
    """The status that a problem of this kind has."""
    return said(TABLE, problem).status


class IdeasDialect:
    """The dialect of /api3 and /_report."""

    def shown(self, request: Request) -> Shown:
        """The tenant's key and a browser's session. An access token names its own tenant, so the family reads it."""
        key = request.headers.get("api-key", "").strip() or None
        return Shown(key=key, session=None if key or bearer(request) else request.cookies.get(COOKIE))

    def answer(self, problem: Problem, request: Request) -> Response:
        """The four keys, in the format that was asked for."""
        words = said(TABLE, type(problem))
        message = words.message or _text(problem)
        code = _MISSING if _misses(problem) else words.code
        body = wire.Failure(code, message, words.error, message)
        return rendered(body, words.status, _headers(problem, words), xml_wanted=xml_wanted(request))


def bearer(request: Request) -> str | None:
    """The token of the header, if there is one. It is not looked at what it is worth."""
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def xml_wanted(request: Request) -> bool:
    """Whether the request asks for XML, as far as it was read; never by its header `Accept`."""
    known: bool | None = getattr(request.state, "xml", None)
    return known if known is not None else request.query_params.get("format", "").strip().lower() == "xml"


def rendered(body: object, status: int, headers: dict[str, str] | None = None, *, xml_wanted: bool) -> Response:
    """A body as it leaves, JSON or XML."""
    if xml_wanted:
        return Response(xml.write(msgspec.to_builtins(body)), status, headers, xml.MEDIA_TYPE)
    return Response(msgspec.json.encode(body), status, headers, JSON)


def _text(problem: Problem) -> str:
    return f"{problem.text} Reference: {problem.reference}" if isinstance(problem, Broken) else problem.text


def _misses(problem: Problem) -> bool:
    return isinstance(problem, Invalid) and any(fault.kind is Kind.MISSING for fault in problem.faults)


def _headers(problem: Problem, words: Words) -> dict[str, str]:
    if words.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {**headers_of(problem), **(problem.headers if isinstance(problem, OverLimit) else {})}


SPOKEN = Spoken(
    error=wire.Failure,
    status=status_of,
    credentials={
        "token": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "Api-Key"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    },
    persons=("token", "session"),
)
