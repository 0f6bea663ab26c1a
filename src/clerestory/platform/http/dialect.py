"""What a family says about itself to the shell: where its credentials sit and how it words a problem."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from clerestory.kernel.errors import Problem
from clerestory.platform.tokens import Shown


class Dialect(Protocol):
    """One family's words on the wire. It must answer every problem of `kernel.errors.PROBLEMS`."""

    def shown(self, request: Request) -> Shown:
        """What the request shows; raises a Problem for a header that the family refuses outright."""
        ...

    def answer(self, problem: Problem, request: Request) -> Response:
        """The response that says this problem in the family's words."""
        ...
