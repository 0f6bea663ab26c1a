"""The operator's pages: bots with their settings, and their chats, which a human may take over and give back."""

from clerestory.families.bots.pages import bots, chats
from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.web import HtmlDialect

_CHAT = "/bots/{id:int}/chats/{chat:int}/"

ROUTES = (
    Route("GET", "/bots/", bots.get_bots, Access.PERSON),
    Route("POST", "/bots/", bots.post_bot, Access.PERSON),
    Route("GET", "/bots/{id:int}/", bots.get_bot, Access.PERSON),
    Route("POST", "/bots/{id:int}/", bots.post_settings, Access.PERSON),
    Route("POST", "/bots/{id:int}/page/", bots.post_page, Access.PERSON),
    Route("POST", "/bots/{id:int}/invitation/", bots.post_invitation, Access.PERSON),
    Route("POST", "/bots/{id:int}/address/", bots.post_address, Access.PERSON),
    Route("GET", _CHAT, chats.get_chat, Access.PERSON),
    Route("POST", f"{_CHAT}answer/", chats.post_answer, Access.PERSON),
    Route("POST", f"{_CHAT}mute/", chats.post_mute, Access.PERSON),
    Route("POST", f"{_CHAT}resume/", chats.post_resume, Access.PERSON),
    Route("GET", f"{_CHAT}stream/", chats.get_stream, Access.PERSON),
)

SURFACE = Surface(
    name="bots-pages",
    prefixes=("/bots",),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    # Replies in many languages: each character of them may be nine in a form.
    max_body_bytes=2 * 1024 * 1024,
)
