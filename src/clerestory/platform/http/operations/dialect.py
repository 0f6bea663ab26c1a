"""Problems as small JSON objects, `{"status": "error", "detail": …}`: machines and operators read them."""

from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Problem
from clerestory.platform.http.dialect import headers_of, said
from clerestory.platform.tokens import Shown

STATUS: dict[type[Problem], HTTPStatus] = {
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Revoked: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NoSuchEndpoint: HTTPStatus.NOT_FOUND,
    errors.WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Invalid: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.NotAcceptable: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Timeout: HTTPStatus.BAD_GATEWAY,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Absent: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.DatabaseFault: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.Broken: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class OperationsDialect:
    """The dialect of /healthz, /readyz and /metrics. No tenant's credential is looked at."""

    def shown(self, _request: Request) -> Shown:
        """Nothing: these paths belong to no tenant."""
        return Shown()

    def answer(self, problem: Problem, _request: Request) -> Response:
        """The problem in a line."""
        body = {"status": "error", "detail": problem.text}
        if isinstance(problem, Broken):
            body["reference"] = problem.reference
        status = said(STATUS, type(problem))
        return Response(msgspec.json.encode(body), status, _headers(problem), "application/json")


def _headers(problem: Problem) -> dict[str, str]:
    challenged = isinstance(problem, errors.Unauthenticated)
    return {"WWW-Authenticate": 'Bearer realm="metrics"'} if challenged else headers_of(problem)
