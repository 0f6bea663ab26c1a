"""The words of the token endpoint: errors in the form of RFC 6749, whatever went wrong."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas import wire
from clerestory.families.ideas.dialect import JSON
from clerestory.families.ideas.problems import NoSuchMember
from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Problem
from clerestory.platform.http import headers_of, said
from clerestory.platform.tokens import Shown

TABLE: dict[type[Problem], tuple[int, str]] = {
    errors.Problem: (400, "invalid_request"),
    errors.Unauthenticated: (400, "invalid_client"),
    errors.WrongPassword: (400, "invalid_grant"),
    errors.Expired: (400, "invalid_grant"),
    errors.Revoked: (400, "invalid_client"),
    errors.Forbidden: (403, "unauthorized_client"),
    errors.NotFound: (404, "invalid_request"),
    errors.NoSuchEndpoint: (404, "invalid_request"),
    errors.WrongMethod: (405, "invalid_request"),
    errors.TooLarge: (413, "invalid_request"),
    errors.RateLimited: (429, "temporarily_unavailable"),
    errors.Unavailable: (503, "temporarily_unavailable"),
    errors.Timeout: (500, "server_error"),
    errors.Absent: (500, "server_error"),
    errors.DatabaseFault: (500, "server_error"),
    errors.Broken: (500, "server_error"),
}
"""Every problem, once; what is not named is a bad request."""


class GrantDialect:
    """The dialect of /_oauth2/token."""

    def shown(self, _request: Request) -> Shown:
        """Nothing: an app shows itself in the body, and an old token in the header is passed over."""
        return Shown()

    def answer(self, problem: Problem, _request: Request) -> Response:
        """`error` and `error_description`; a member that is not there has a number, which one client asks for."""
        if isinstance(problem, NoSuchMember):
            body: object = wire.Failure(1003, "Member does not exist", "invalid_request", "Member does not exist")
            return Response(msgspec.json.encode(body), 404, None, JSON)
        status, error = said(TABLE, type(problem))
        text = f"{problem.text} Reference: {problem.reference}" if isinstance(problem, Broken) else problem.text
        body = wire.GrantFailure(error, text)
        return Response(msgspec.json.encode(body), status, headers_of(problem), JSON)
