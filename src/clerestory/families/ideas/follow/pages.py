"""The page of what a person follows, and the one that a mail leads to by which it is ended, without a sign-in."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.follow import settings
from clerestory.families.ideas.follow.links import End
from clerestory.families.ideas.follow.model import Mail, Of
from clerestory.kernel.errors import NotFound
from clerestory.platform.tenancy import Scope
from clerestory.platform.web import Form
from clerestory.platform.web.pages import pages_of

HOME = "/following/"
_PORTAL = "/ideas/"
_CHOICES = (
    (Mail.DAILY, "Once a day, all together"),
    (Mail.AT_ONCE, "At once, each time"),
    (Mail.NEVER, "Never"),
)


async def get_following(scope: Scope, request: Request) -> Response:
    """What is followed, what else could be, and how often one is told."""
    values = {"following": await settings.look(scope), "choices": _CHOICES, "home": HOME}
    return await pages_of(scope).render(request, "ideas/following.html", values)


async def post_mail(scope: Scope, request: Request) -> Response:
    """How often one is told from now on."""
    form = await Form.read(request)
    await settings.choose(scope, form.text("mail"))
    return RedirectResponse(HOME, 303)


async def post_switch(scope: Scope, request: Request) -> Response:
    """Something followed, or no more: `what` is `idea 3F2…`, `on` is 1 or 0, `back` the page with the button."""
    form = await Form.read(request)
    of, uuid = _what(form.text("what"))
    await settings.switch(scope, of, uuid, on=form.text("on") == "1")
    return RedirectResponse(_back(form.text("back")), 303)


async def get_stop(scope: Scope, request: Request) -> Response:
    """Asks, for mail programs open the addresses in a mail by themselves."""
    end = settings.ended(scope, request.path_params["token"])
    return await _stop_page(scope, request, end, done=False)


async def post_stop(scope: Scope, request: Request) -> Response:
    """Does it: by the page's button, or by the mail program's own (RFC 8058)."""
    end = await settings.end(scope, request.path_params["token"])
    return await _stop_page(scope, request, end, done=True)


async def _stop_page(scope: Scope, request: Request, end: End, *, done: bool) -> Response:
    values = {"followed": end.followed, "done": done, "home": HOME}
    return await pages_of(scope).render(request, "ideas/stop_following.html", values)


def _what(text: str) -> tuple[Of, UUID]:
    of, _, given = text.partition(" ")
    uuid = read_guid(given)
    if uuid is None or of not in tuple(Of):
        raise NotFound
    return Of(of), uuid


def _back(given: str) -> str:
    """To where the form says that it stood, if that is a page of the portal; else to the list."""
    is_ours = given.startswith(_PORTAL) and given.isascii() and given.isprintable() and "\\" not in given
    return given if is_ours else HOME
