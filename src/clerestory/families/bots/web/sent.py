"""How a page's forms are told apart from a script, from each other, and from their own repetitions."""

import hashlib
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from clerestory.kernel.errors import Problem
from clerestory.platform.http import headers_of, said
from clerestory.platform.web.dialect import STATUS
from clerestory.platform.web.pages import HEADERS


def is_script(request: Request) -> bool:
    """Whether the page's script sends the form, and takes no page for an answer."""
    return "application/json" in request.headers.get("accept", "")


def refusal(problem: Problem) -> Response:
    """The problem as the page's script shows it."""
    status, _ = said(STATUS, type(problem))
    return JSONResponse({"text": problem.text}, status, {**HEADERS, **headers_of(problem)})


def new_key() -> str:
    """What a form is known by when it comes twice."""
    return secrets.token_urlsafe(16)


def key_of(prefix: str, given: str, *what: str) -> str:
    """The key of what a form says. The same form sent twice has one key; sent with other words, it has another."""
    parts = "\0".join((given or new_key(), *what))
    return f"{prefix}:{hashlib.sha256(parts.encode('utf-8', 'surrogatepass')).hexdigest()}"
