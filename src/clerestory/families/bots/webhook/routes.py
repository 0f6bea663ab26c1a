"""GET and POST /messenger/{botId}: what Meta asks before it tells anything, and what it tells then."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from clerestory.families.bots.chats.address import Addresses, Place
from clerestory.families.bots.chats.conversations import Conversations
from clerestory.families.bots.chats.intake import Arrival, Intake, from_messenger
from clerestory.families.bots.chats.links import BotLinks
from clerestory.families.bots.messenger.hear import challenge, hear, signed
from clerestory.families.bots.messenger.model import Event, Kind
from clerestory.families.bots.policy import Apps
from clerestory.kernel.errors import Forbidden
from clerestory.platform.http import Access, Route, Surface
from clerestory.platform.http.operations.dialect import OperationsDialect
from clerestory.platform.tenancy import Scope

# Meta repeats for hours what was answered with an error: only what may come again is refused.
_SILENT = frozenset({Kind.RECEIPT})


async def get_webhook(scope: Scope, request: Request) -> Response:
    """The challenge, when the verify token is the bot's own."""
    place = await scope.part(Addresses).find(scope, request.path_params["botId"])
    answer = challenge(request.query_params, scope.part(BotLinks).verify_token(place.bot.uuid))
    if answer is None:
        raise Forbidden("The verify token is not right.")
    # Plain text that is never sniffed, for what is said back was chosen by the caller.
    return PlainTextResponse(answer, headers={"X-Content-Type-Options": "nosniff"})


async def post_webhook(scope: Scope, request: Request) -> Response:
    """200 once everything is stored. Raises NotFound, Forbidden for a wrong signature, Invalid for no page's object."""
    place = await scope.part(Addresses).find(scope, request.path_params["botId"])
    body = await request.body()
    app = await scope.part(Apps).of(place.scope)
    secrets = [] if app is None else [app.secret]
    if not signed(secrets, body, request.headers.get("x-hub-signature-256", "")):
        raise Forbidden("The signature is not right.")
    await _take_in(place, hear(body, place.scope.now))
    return PlainTextResponse("EVENT_RECEIVED")


async def _take_in(place: Place, events: list[Event]) -> None:
    scope, addresses = place.scope, place.scope.part(Addresses)
    taken = []
    for event in events:
        if event.kind in _SILENT or not event.address:
            continue
        bot = await addresses.of_page(place, event.page)
        if bot is not None:
            taken.append(from_messenger(bot.id, event))
    stored = await scope.part(Intake).take(Arrival(scope.tenant, taken, scope.now))
    for chat in stored.chats:
        scope.part(Conversations).begin(scope, chat)


SURFACE = Surface(
    name="bots-webhook",
    prefixes=("/messenger",),
    dialect=OperationsDialect(),
    routes=(
        Route("GET", "/messenger/{botId}", get_webhook, Access.OPEN),
        Route("POST", "/messenger/{botId}", post_webhook, Access.OPEN),
    ),
    documented=False,
    time_limit=timedelta(seconds=20),
)
