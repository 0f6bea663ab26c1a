"""The page where anybody tries a bot without Facebook. It speaks to the same engine as Messenger does."""

from clerestory.families.bots.web import routes
from clerestory.families.bots.web.stream import Streams
from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.tenancy import Parts
from clerestory.platform.web import HtmlDialect, Pages

ROUTES = (
    Route("GET", "/chat/{botId}", routes.get_chat, Access.NAMED),
    Route("POST", "/chat/{botId}", routes.post_chat, Access.NAMED),
    Route("GET", "/chat/{botId}/stream", routes.get_stream, Access.NAMED),
)

SURFACE = Surface(
    name="bots-chat",
    prefixes=("/chat",),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    max_body_bytes=64 * 1024,
)


def equip(parts: Parts) -> None:
    """Adds what the family's pages need, and makes its templates known."""
    parts.add(Streams())
    parts.find(Pages).add("bots", "clerestory.families.bots")
