"""The words of the bots API: where its token and its tenant's key sit, and one table for every problem.

Whatever the API itself refuses is 500 as plain text, which is mostly JSON; the gateway that once stood before it
answered 400 and 403 as JSON, and so do we. Source: dialects/bots.md, Problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.bots import model, wire
from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Problem
from clerestory.platform.http import headers_of, said
from clerestory.platform.tokens import Shown
from clerestory.platform.tokens.sessions import COOKIE

CORS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key",
}
PLAIN = "text/plain"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Words:
    """How one problem is said: its status, and its name in the document; without a name the gateway says it."""

    status: int
    name: str | None = None


def _own(name: str) -> Words:
    return Words(500, name)


_NO_ROUTE = Words(403)

TABLE: dict[type[Problem], Words] = {
    model.NoHeader: _own("noAuthorizationHeaderError"),
    model.UnknownCustomer: _own("unknownCustomerIdError"),
    model.OthersCustomer: _own("fbUserDeniedAccessError"),
    model.UnknownBot: _own("unknownBotIdError"),
    model.WrongInvitation: _own("invalidIviteCodeError"),
    model.NotAdmin: _own("customerNotAdminError"),
    model.FacebookUnset: _own("facebookAppMissingError"),
    model.Unparseable: Words(400),
    errors.Unauthenticated: _own("unauthenticatedError"),
    errors.UnknownKey: _own("invalidApiKeyError"),
    errors.Expired: _own("invalidApiKeyError"),
    errors.WrongPassword: _own("unauthenticatedError"),
    errors.Revoked: _own("revokedApiKeyError"),
    errors.Forbidden: _own("forbiddenError"),
    errors.ReadOnly: _own("readOnlyError"),
    errors.NotFound: _own("notFoundError"),
    errors.Absent: _own("serverError"),
    errors.Conflict: _own("conflictError"),
    errors.Linked: _own("conflictError"),
    errors.Invalid: _own("invalidRequestError"),
    errors.TooLarge: _own("bodyTooLargeError"),
    errors.NoSuchEndpoint: _NO_ROUTE,
    errors.WrongMethod: _NO_ROUTE,
    errors.NotAcceptable: _own("unsupportedMediaTypeError"),
    errors.RateLimited: _own("tooManyRequestsError"),
    errors.Timeout: _own("timeoutError"),
    errors.Unavailable: _own("unavailableError"),
    errors.DatabaseFault: _own("serverError"),
    errors.Broken: _own("serverError"),
}
"""Every problem, once. A subclass that is not named here is said as its nearest named ancestor."""


def status_of(kind: type[Problem]) -> int:
    """The status of a problem of this kind."""
    return said(TABLE, kind).status


class BotsDialect:
    """The dialect of /v1 and /latest/v1."""

    def shown(self, request: Request) -> Shown:
        """The tenant's key, or the session of whoever reads the documents; Authorization is Facebook's."""
        key = request.headers.get("api-key") or request.headers.get("x-api-key") or None
        return Shown(key=key, session=None if key else request.cookies.get(COOKIE))

    def answer(self, problem: Problem, request: Request) -> Response:
        """The problem as the original says it."""
        headers = {**CORS, **headers_of(problem)}
        words = said(TABLE, type(problem))
        if words.name is None:
            text = problem.text if isinstance(problem, model.Unparseable) else _no_route(request)
            return _answer(wire.encode_message(text), words.status, headers, JSON)
        return _answer(_text(problem, words.name), words.status, headers, PLAIN)


def _answer(body: bytes, status: int, headers: Mapping[str, str], media_type: str) -> Response:
    # Starlette would add a charset to plain text, which the original does not have.
    return Response(body, status, {**headers, "Content-Type": media_type})


def _text(problem: Problem, name: str) -> bytes:
    match problem:
        case model.FacebookRefused():
            return problem.document.encode()
        case model.FacebookDown():
            # The one failure that is a sentence and no document.
            return problem.text.encode()
        case Broken():
            return wire.encode_failure(f"{problem.text} Reference: {problem.reference}", name)
    return wire.encode_failure(problem.text, name)


def _no_route(request: Request) -> str:
    if "authorization" in request.headers:
        return "Authorization header requires 'Credential' parameter."
    return "Missing Authentication Token"
