"""The page where a member lets an app in. Who is not signed in is sent to the log-in first, and comes back."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.oauth import consent
from clerestory.families.ideas.oauth.engine import Unaskable
from clerestory.platform.tenancy import Scope
from clerestory.platform.web import Form
from clerestory.platform.web.pages import HEADERS, POLICY, pages_of


async def get_authorize(scope: Scope, request: Request) -> Response:
    """What the app asks, and two buttons."""
    try:
        asked = await consent.requested(scope, _fields(request))
    except Unaskable as problem:
        return await _unaskable(scope, request, problem)
    if scope.actor.person_id is None:
        return RedirectResponse(_log_in(request), 303, HEADERS)
    values = {
        "app": asked.app,
        "stranger": asked.tenant.id != scope.tenant.id,
        "client": asked.tenant.client,
        "log_in": _log_in(request),
        "query": request.url.query,
    }
    answer = await pages_of(scope).render(request, "ideas/authorize.html", values)
    answer.headers["Content-Security-Policy"] = _policy(asked.redirect_uri)
    return answer


async def post_authorize(scope: Scope, request: Request) -> Response:
    """The member's decision, carried back to the app."""
    form = await Form.read(request)
    try:
        location = await consent.decide(scope, _fields(request), allowed=form.text("decision") == "allow")
    except Unaskable as problem:
        return await _unaskable(scope, request, problem)
    return RedirectResponse(location, 302, HEADERS)


async def _unaskable(scope: Scope, request: Request, problem: Unaskable) -> Response:
    if problem.location is not None:
        return RedirectResponse(problem.location, 302, HEADERS)
    values = {"app": None, "text": problem.text}
    return await pages_of(scope).render(request, "ideas/authorize.html", values, status=400)


def _fields(request: Request) -> Mapping[str, str]:
    return dict(request.query_params)


def _log_in(request: Request) -> str:
    return f"/login/?next={quote(f'{request.url.path}?{request.url.query}', safe='')}"


def _policy(redirect_uri: str) -> str:
    """Browsers hold the form to its target even where that sends them on; so the app's own place is let through."""
    parts = urlsplit(redirect_uri)
    place = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    return POLICY.replace("form-action 'self'", f"form-action 'self' {place}")
