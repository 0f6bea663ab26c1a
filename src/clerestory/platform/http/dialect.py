"""What a family says about itself to the shell: where its credentials sit and how it words a problem."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from clerestory.kernel.errors import Problem, RateLimited, Unavailable, WrongMethod
from clerestory.platform.tokens import Shown

Words = TypeVar("Words")


class Dialect(Protocol):
    """One family's words on the wire. It must answer every problem of `kernel.errors.PROBLEMS`."""

    def shown(self, request: Request) -> Shown:
        """What the request shows; raises a Problem for a header that the family refuses outright."""
        ...

    def answer(self, problem: Problem, request: Request) -> Response:
        """The response that says this problem in the family's words."""
        ...


def said(table: Mapping[type[Problem], Words], kind: type[Problem]) -> Words:
    """How a dialect's table says a problem: a kind that is not named there is said as its nearest named ancestor."""
    return next(table[ancestor] for ancestor in kind.__mro__ if ancestor in table)


def headers_of(problem: Problem) -> dict[str, str]:
    """What HTTP itself says beside the body, alike in every dialect: when to come back, what is possible here."""
    match problem:
        case RateLimited() | Unavailable():
            return {"Retry-After": str(max(1, round(problem.retry_after.total_seconds())))}
        case WrongMethod():
            return {"Allow": ", ".join(problem.allowed)}
    return {}
