"""Problems as pages, for everything that a person opens in a browser."""

from urllib.parse import quote

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clerestory.kernel import errors
from clerestory.kernel.errors import Broken, Invalid, Problem, Unauthenticated
from clerestory.platform.http.dialect import headers_of, said
from clerestory.platform.tokens import Shown
from clerestory.platform.web.pages import HEADERS
from clerestory.platform.web.visitor import SESSION_COOKIE

STATUS: dict[type[Problem], tuple[int, str]] = {
    errors.Unauthenticated: (401, "Please sign in"),
    errors.Expired: (401, "Please sign in"),
    errors.WrongPassword: (401, "Please sign in"),
    errors.Revoked: (401, "Please sign in"),
    errors.Forbidden: (403, "Not allowed"),
    errors.ReadOnly: (403, "Read-only"),
    errors.NotFound: (404, "Not found"),
    errors.Absent: (404, "Not found"),
    errors.Conflict: (409, "Not possible"),
    errors.Linked: (409, "Not possible"),
    errors.Invalid: (400, "Not valid"),
    errors.TooLarge: (413, "Too large"),
    errors.NoSuchEndpoint: (404, "Not found"),
    errors.WrongMethod: (405, "Not possible here"),
    errors.NotAcceptable: (415, "Not readable"),
    errors.RateLimited: (429, "Too many requests"),
    errors.Timeout: (502, "That took too long"),
    errors.Unavailable: (503, "Just a moment"),
    errors.DatabaseFault: (500, "Something went wrong"),
    errors.Broken: (500, "Something went wrong"),
}

# An error page must not depend on what may be broken: it has no visitor and asks no database.
_plain = Environment(
    loader=PackageLoader("clerestory.platform.web", "templates"), autoescape=select_autoescape(("html",), default=True)
)


class HtmlDialect:
    """The dialect of pages: the credential is the session's cookie; who has none is sent to the log-in."""

    def shown(self, request: Request) -> Shown:
        """The session alone: a page is never opened with a key."""
        return Shown(session=request.cookies.get(SESSION_COOKIE))

    def answer(self, problem: Problem, request: Request) -> Response:
        """A page that says what went wrong and where to go on."""
        if isinstance(problem, Unauthenticated) and request.method == "GET":
            return RedirectResponse(f"/login/?next={quote(request.url.path)}", 303, HEADERS)
        status, title = said(STATUS, type(problem))
        text = _plain.get_template("problem.html").render(
            title=title, text=problem.text, reference=problem.reference if isinstance(problem, Broken) else None
        )
        return HTMLResponse(text, status, {**HEADERS, **headers_of(problem)})


def faults_by_field(problem: Invalid) -> dict[str, str]:
    """The first text for each field, for a form that is shown again; whole-request faults stand under ""."""
    texts: dict[str, str] = {}
    for fault in problem.faults:
        texts.setdefault(fault.field or "", fault.text)
    return texts
