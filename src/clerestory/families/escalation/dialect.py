"""The words of the escalation API: where its key sits, its environment, its envelope, one table for every problem."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.escalation import wire
from clerestory.families.escalation.intake.model import Environment
from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Fault, Invalid, Kind, Problem
from clerestory.platform.http import headers_of, said
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import Shown
from clerestory.platform.tokens.sessions import COOKIE

LEGACY = "legacy_codes"
"""The flag of a key whose clients know the older word for a missing field."""


@dataclass(frozen=True, slots=True)
class Words:
    """How one problem is said."""

    status: int
    code: str
    message: str


_KEY = Words(401, "AUTH_INVALID", "Unauthorized")
_REVOKED = Words(401, "AUTH_REVOKED", "Unauthorized")
_DENIED = Words(403, "PERMISSION_DENIED", "Forbidden")
_MISSING = Words(400, "FIELD_MISSING", "Bad Request")
_LEGACY_MISSING = Words(400, "MISSING_FIELDS", "Bad Request")
_INVALID = Words(400, "FIELD_INVALID", "Bad Request")
_NOT_FOUND = Words(404, "NOT_FOUND", "Not Found")
_ABSENT = Words(404, "DATA_MISSING", "Not Found")
_METHOD = Words(405, "METHOD_NOT_ALLOWED", "Method Not Allowed")
_LIMITED = Words(429, "RATE_LIMITED", "Too Many Requests")
_DATABASE = Words(500, "INTERNAL_DB_ERROR", "Internal Server Error")
_DOWN = Words(503, "INTERNAL_DB_ERROR", "Service Unavailable")
_BROKEN = Words(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")

TABLE: dict[type[Problem], Words] = {
    errors.Unauthenticated: _KEY,
    errors.UnknownKey: _KEY,
    errors.Expired: _KEY,
    errors.WrongPassword: _KEY,
    errors.Revoked: _REVOKED,
    errors.Forbidden: _DENIED,
    errors.ReadOnly: _DENIED,
    errors.NotFound: _NOT_FOUND,
    errors.Absent: _ABSENT,
    errors.Conflict: _INVALID,
    errors.Linked: _INVALID,
    errors.Invalid: _INVALID,
    errors.TooLarge: _INVALID,
    errors.NoSuchEndpoint: _NOT_FOUND,
    errors.WrongMethod: _METHOD,
    errors.NotAcceptable: _INVALID,
    errors.RateLimited: _LIMITED,
    errors.Timeout: _DATABASE,
    errors.Unavailable: _DOWN,
    errors.DatabaseFault: _DATABASE,
    errors.Broken: _BROKEN,
}
"""Every problem, once. A subclass that is not named here is said as its nearest named ancestor."""


def status_of(problem: type[Problem]) -> int:
    """The status that a problem of this kind has."""
    return said(TABLE, problem).status


class EscalationDialect:
    """The dialect of /status, /profile, /members, /escalate, /log and /error."""

    def shown(self, request: Request) -> Shown:
        """The key, from any of its three headers. Raises Invalid for an environment that does not exist."""
        environment(request)
        key = _key(request)
        # The documents' "try it" sends no key but the session of whoever reads them; a key outranks it.
        return Shown(key=key, session=None if key else request.cookies.get(COOKIE))

    def answer(self, problem: Problem, request: Request) -> Response:
        """The failure envelope."""
        words = _words(problem, request)
        error = wire.Error(words.code, words.message, _details(problem))
        mirrored = getattr(request.state, "mirrored", True)
        body = wire.encode_failure(words.status, error, mirrored=mirrored)
        return Response(body, words.status, _headers(problem, words), "application/json")


def environment(request: Request) -> Environment:
    """DEV or PROD, by the header, else by the host's name. A typing error is refused: it must never page people."""
    given = request.headers.get("environment")
    if given is None:
        host = request.headers.get("host", "").lower()
        return Environment.DEV if host.startswith("api-dev.") else Environment.PROD
    try:
        return Environment(given.strip().upper())
    except ValueError:
        text = "The header Environment must be DEV or PROD."
        raise Invalid(Fault("Environment", Kind.INVALID, text)) from None


def _key(request: Request) -> str | None:
    scheme, _, bearer = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        return bearer.strip()
    return request.headers.get("x-api-key", "").strip() or request.headers.get("api-key", "").strip() or None


def _words(problem: Problem, request: Request) -> Words:
    if isinstance(problem, Invalid) and _missing(problem):
        scope: Scope | None = getattr(request.state, "scope", None)
        return _LEGACY_MISSING if scope is not None and LEGACY in scope.actor.flags else _MISSING
    return said(TABLE, type(problem))


def _missing(problem: Invalid) -> bool:
    return any(fault.kind is Kind.MISSING for fault in problem.faults)


def _details(problem: Problem) -> str:
    match problem:
        case Broken():
            return f"Reference: {problem.reference}"
        case Invalid():
            kind = Kind.MISSING if _missing(problem) else None
            return " ".join(fault.text for fault in problem.faults if kind is None or fault.kind is kind)
    return problem.text


def _headers(problem: Problem, words: Words) -> dict[str, str]:
    return {"WWW-Authenticate": "Bearer"} if words.status == 401 else headers_of(problem)
