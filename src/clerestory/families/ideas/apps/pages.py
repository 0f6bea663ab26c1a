"""The pages of apps, for a tenant's administrators: register one, see its credentials and its log, remove it."""

from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.apps import register
from clerestory.families.ideas.apps.register import AppForm
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.kernel.links import PublicUrl
from clerestory.platform.http.body import form_of
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.web import Form
from clerestory.platform.web.dialect import faults_by_field
from clerestory.platform.web.pages import pages_of

_EMPTY: Mapping[str, object] = {"name": "", "website": "", "redirect_uris": "", "per_hour": "", "master": False}
_MOST_PER_HOUR = 1_000_000


async def get_apps(scope: Scope, request: Request) -> Response:
    """The apps, and the form of a new one."""
    return await _page(scope, request, _EMPTY, {}, 200)


async def post_app(scope: Scope, request: Request) -> Response:
    """A new app; or the form again with what is wrong."""
    scope.require(Right.ADMINISTER)
    form = await Form.read(request)
    try:
        app = await register.register(scope, await _read(form, request))
    except Invalid as problem:
        return await _page(scope, request, _typed(form), faults_by_field(problem), 400)
    return RedirectResponse(f"/apps/{app}/", 303)


async def get_app(scope: Scope, request: Request) -> Response:
    """One app with its credentials, addresses and latest requests."""
    shown = await register.show(scope, request.path_params["id"])
    link = scope.part(PublicUrl).to
    values = {"shown": shown, "authorize": link("/_oauth2/authorize"), "token": link("/_oauth2/token")}
    return await pages_of(scope).render(request, "ideas/app.html", values)


async def post_remove(scope: Scope, request: Request) -> Response:
    """The app is gone, and its tokens with it."""
    await register.remove(scope, request.path_params["id"])
    return RedirectResponse("/apps/", 303)


async def _page(
    scope: Scope, request: Request, typed: Mapping[str, object], faults: Mapping[str, str], status: int
) -> Response:
    values = {"apps": await register.listed(scope), "form": typed, "faults": faults}
    return await pages_of(scope).render(request, "ideas/apps.html", values, status=status)


async def _read(form: Form, request: Request) -> AppForm:
    limit = form.text("per_hour")
    if limit and not (limit.isascii() and limit.isdigit() and len(limit) <= 7 and int(limit) <= _MOST_PER_HOUR):
        raise Invalid(Fault("per_hour", Kind.INVALID, f"A whole number up to {_MOST_PER_HOUR} is needed."))
    logo = (await form_of(request)).get("logo")
    return AppForm(
        name=form.text("name"),
        website=form.text("website"),
        redirect_uris=tuple(form.text("redirect_uris").split()),
        logo=await logo.read() if isinstance(logo, UploadFile) else b"",
        master=form.checked("master"),
        per_hour=int(limit) if limit else None,
    )


def _typed(form: Form) -> Mapping[str, object]:
    texts = {name: form.text(name) for name in ("name", "website", "redirect_uris", "per_hour")}
    return {**texts, "master": form.checked("master")}
