"""Pages that anyone may open: start, instructions, the OpenAPI pages and documents."""

from starlette.requests import Request
from starlette.responses import Response

from clerestory.platform.tenancy import Scope
from clerestory.platform.web.pages import HEADERS, pages_of
from clerestory.site.documents import Documents

# The viewer writes style attributes and draws its icons from data addresses; this page alone allows it.
_VIEWER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


async def get_landing(scope: Scope, request: Request) -> Response:
    """What this is, and where to begin."""
    surfaces = scope.part(Documents).surfaces
    return await pages_of(scope).render(request, "site/landing.html", {"surfaces": surfaces})


async def get_instructions(scope: Scope, request: Request) -> Response:
    """How to use the APIs, in lines that work: with the visitor's own key when there is one."""
    pages = pages_of(scope)
    visitor = await pages.visitors.of(request)
    key = visitor.key if visitor and visitor.key else "YOUR-API-KEY"
    return await pages.render(request, "site/instructions.html", {"key": key})


async def get_docs(scope: Scope, request: Request) -> Response:
    """All documents."""
    surfaces = scope.part(Documents).surfaces
    return await pages_of(scope).render(request, "site/docs.html", {"surfaces": surfaces})


async def get_viewer(scope: Scope, request: Request) -> Response:
    """One document in the viewer."""
    surface = scope.part(Documents).find(request.path_params["family"])
    response = await pages_of(scope).render(request, "site/viewer.html", {"surface": surface})
    response.headers["Content-Security-Policy"] = _VIEWER_POLICY
    return response


async def get_document(scope: Scope, request: Request) -> Response:
    """One document as JSON."""
    content = scope.part(Documents).json(request.path_params["family"])
    return Response(content, media_type="application/json", headers={**HEADERS, "Cache-Control": "no-cache"})
