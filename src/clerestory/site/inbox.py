"""The inbox: messages that were kept because no transport is set up, as a local mail catcher would show them.

A mail's HTML is shown in a frame of its own that may do nothing: it cannot script, ask or leave.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import NotFound
from clerestory.kernel.paging import Window
from clerestory.kernel.values import MOST
from clerestory.platform.delivery import kept
from clerestory.platform.delivery.message import MessageId
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.web.pages import HEADERS, POLICY, pages_of

_SIZE = 25
_LAST_PAGE = 100_000
CHANNELS = {Channel.EMAIL: "E-mail", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}

_FRAMING = f"{POLICY}; frame-src 'self'"
_FRAMED = {
    **HEADERS,
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
}


async def get_inbox(scope: Scope, request: Request) -> Response:
    """What was kept, the latest first."""
    scope.require(Right.ADMINISTER)
    given = request.query_params.get("page", "")
    number = min(int(given), _LAST_PAGE) if given.isascii() and given.isdigit() and 0 < len(given) < 9 else 1
    number = max(number, 1)
    found = await kept.page(scope, Window(_SIZE, (number - 1) * _SIZE))
    values = {
        "messages": found.rows,
        "count": found.count,
        "unseen": await kept.unseen(scope),
        "channels": CHANNELS,
        "number": number,
        "last": max(1, -(-found.count // _SIZE)),
    }
    return await pages_of(scope).render(request, "site/inbox.html", values)


async def get_message(scope: Scope, request: Request) -> Response:
    """One message; from now on it is read."""
    found = await kept.show(scope, _which(scope, request))
    values = {"message": found, "channels": CHANNELS}
    response = await pages_of(scope).render(request, "site/message.html", values)
    response.headers["Content-Security-Policy"] = _FRAMING
    return response


async def get_mail(scope: Scope, request: Request) -> Response:
    """The HTML of a mail as it would be seen, for the frame."""
    found = await kept.show(scope, _which(scope, request))
    if found.html is None:
        raise NotFound("This message has no HTML.")
    return HTMLResponse(found.html, headers=_FRAMED)


async def post_read(scope: Scope, _request: Request) -> Response:
    """Every message is read."""
    scope.require(Right.ADMINISTER)
    await kept.mark_all_seen(scope)
    return RedirectResponse("/inbox/", 303)


async def post_delete(scope: Scope, request: Request) -> Response:
    """One message is put away."""
    await kept.discard(scope, _which(scope, request))
    return RedirectResponse("/inbox/", 303)


def _which(scope: Scope, request: Request) -> MessageId:
    scope.require(Right.ADMINISTER)
    which: int = request.path_params["id"]
    if not 0 < which <= MOST:
        raise NotFound("There is no such message.")
    return MessageId(which)
