"""Registration, log-in, log-out and the key's menu: forms in, redirects out."""

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.kernel.errors import Forbidden, Invalid, NotFound, RateLimited, Unauthenticated
from clerestory.kernel.links import PublicUrl
from clerestory.platform.http import headers_of
from clerestory.platform.identity import login
from clerestory.platform.identity.login import Credentials
from clerestory.platform.provisioning import Admission, Registrant
from clerestory.platform.tenancy import Scope, store
from clerestory.platform.tokens import Vault, keys, sessions
from clerestory.platform.web import Form, Visitor
from clerestory.platform.web.dialect import faults_by_field
from clerestory.platform.web.pages import pages_of
from clerestory.platform.web.visitor import SESSION_COOKIE
from clerestory.site.settings import Picker, SiteSettings

_MOST_LISTED = 500
_NO_VALUES: Mapping[str, str] = {"email": "", "first_name": "", "last_name": "", "client": ""}


async def get_register(scope: Scope, request: Request) -> Response:
    """The empty form."""
    return await _register_form(scope, request, _NO_VALUES, {}, 200)


async def post_register(scope: Scope, request: Request) -> Response:
    """A new tenant, signed in; or the form again with what is wrong."""
    _same_site(scope, request)
    form = await Form.read(request)
    registrant = Registrant(
        email=form.text("email"),
        password=form.raw("password"),
        first_name=form.text("first_name"),
        last_name=form.text("last_name"),
    )
    try:
        registered = await scope.part(Admission).sign_up(registrant, _address(request), scope.now)
    except Invalid as problem:
        return await _register_form(scope, request, _typed(form), faults_by_field(problem), 400)
    except RateLimited as problem:
        answer = await _register_form(scope, request, _typed(form), {"": problem.text}, 429)
        answer.headers.update(headers_of(problem))
        return answer
    begun = await sessions.begin(scope, registered.tenant, registered.person_uuid)
    await _end_earlier(scope, request)
    return _signed_in(scope, begun.text, "/admin/")


async def get_login(scope: Scope, request: Request) -> Response:
    """The log-in form with the client picker."""
    return await _login_form(scope, request, _NO_VALUES, "", 200)


async def post_login(scope: Scope, request: Request) -> Response:
    """Signed in and sent on; or the form again, with one and the same answer for every cause."""
    _same_site(scope, request)
    form = await Form.read(request)
    try:
        begun = await login.log_in(scope, _credentials(form, request))
    except RateLimited as problem:
        answer = await _login_form(scope, request, _typed(form), problem.text, 429)
        answer.headers.update(headers_of(problem))
        return answer
    except Unauthenticated as problem:
        return await _login_form(scope, request, _typed(form), problem.text, 401)
    await _end_earlier(scope, request)
    return _signed_in(scope, begun.text, _safe_next(form.text("next")))


async def post_logout(scope: Scope, request: Request) -> Response:
    """This browser is signed out."""
    await _visitor_who_meant_it(scope, request)
    await sessions.log_out(scope.database.direct(), request.cookies[SESSION_COOKIE])
    return _signed_out()


async def post_logout_everywhere(scope: Scope, request: Request) -> Response:
    """Every browser of this person is signed out."""
    visitor = await _visitor_who_meant_it(scope, request)
    await sessions.log_out_everywhere(scope.database.direct(), visitor.tenant.id, visitor.person_uuid)
    return _signed_out()


async def get_home(scope: Scope, request: Request) -> Response:
    """The visitor's organisation, in whatever state it is."""
    pages = pages_of(scope)
    if await pages.visitors.of(request) is None:
        return RedirectResponse("/login/?next=/admin/", 303)
    return await pages.render(request, "site/home.html", {})


async def post_renew(scope: Scope, request: Request) -> Response:
    """A new key in place of the one that the menu shows."""
    visitor = await _administrator(scope, request)
    vault = scope.part(Vault)
    async with scope.database.begin() as tx:
        if visitor.key_id is None:
            await keys.issue(tx, vault, visitor.tenant.id, "default")
        else:
            await keys.renew(tx, vault, visitor.tenant.id, visitor.key_id, scope.now)
    return RedirectResponse("/admin/", 303)


async def post_revoke(scope: Scope, request: Request) -> Response:
    """The key of the menu is refused from now on."""
    visitor = await _administrator(scope, request)
    if visitor.key_id is None:
        raise NotFound("There is no active key.")
    async with scope.database.begin() as tx:
        await keys.revoke(tx, visitor.tenant.id, visitor.key_id, scope.now)
    return RedirectResponse("/admin/", 303)


async def _register_form(
    scope: Scope, request: Request, values: Mapping[str, str], faults: Mapping[str, str], status: int
) -> Response:
    shown = {"form": values, "faults": faults}
    return await pages_of(scope).render(request, "site/register.html", shown, status=status)


async def _login_form(scope: Scope, request: Request, values: Mapping[str, str], problem: str, status: int) -> Response:
    listed = scope.part(SiteSettings).picker is Picker.SELECT
    clients = await store.ready_clients(scope.database.direct(), _MOST_LISTED + 1) if listed else None
    # Nobody finds a name in a longer list, and anyone may ask for it again and again.
    clients = None if clients is None or len(clients) > _MOST_LISTED else clients
    target = _safe_next(values.get("next") or request.query_params.get("next", ""))
    shown = {"form": values, "problem": problem, "clients": clients, "next": target}
    return await pages_of(scope).render(request, "site/login.html", shown, status=status)


def _typed(form: Form) -> Mapping[str, str]:
    return {name: form.text(name) for name in ("client", "email", "first_name", "last_name", "next")}


async def _visitor_who_meant_it(scope: Scope, request: Request) -> Visitor:
    visitor = await pages_of(scope).visitors.of(request)
    if visitor is None:
        raise Unauthenticated("You are not signed in.")
    form = await Form.read(request)
    if not hmac.compare_digest(form.raw("csrf").encode(), visitor.csrf.encode()):
        raise Forbidden("The form has expired. Reload the page and try again.")
    return visitor


async def _administrator(scope: Scope, request: Request) -> Visitor:
    visitor = await pages_of(scope).visitors.of(request)
    if visitor is None or not visitor.administrator:
        raise Forbidden
    return visitor


def _same_site(scope: Scope, request: Request) -> None:
    """A form of ours comes from a page of ours; browsers say so, other clients say nothing."""
    site = request.headers.get("sec-fetch-site")
    # Over plain http a browser says no more than where the page is from.
    good = _is_ours(scope, request) if site is None else site in {"same-origin", "none"}
    if not good:
        raise Forbidden("This form was sent from another site.")


def _is_ours(scope: Scope, request: Request) -> bool:
    origin = request.headers.get("origin")
    ours = {request.headers.get("host"), urlsplit(scope.part(PublicUrl).root).netloc}
    return origin is None or urlsplit(origin).netloc in ours


def _safe_next(path: str) -> str:
    """A path of this site, never an address elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/admin/"


def _credentials(form: Form, request: Request) -> Credentials:
    return Credentials(form.text("client"), form.text("email"), form.raw("password"), _address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _end_earlier(scope: Scope, request: Request) -> None:
    """The browser forgets the session that it showed, and nobody else who knows it shall go on with it."""
    earlier = request.cookies.get(SESSION_COOKIE)
    if earlier:
        await sessions.log_out(scope.database.direct(), earlier)


def _signed_in(scope: Scope, cookie: str, target: str) -> Response:
    response = RedirectResponse(target, 303)
    secure = scope.part(PublicUrl).secure
    life = int(sessions.SESSION_LIFE.total_seconds())
    response.set_cookie(SESSION_COOKIE, cookie, max_age=life, httponly=True, samesite="lax", secure=secure)
    return response


def _signed_out() -> Response:
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return response
