"""/chat/{botId}: a page where anybody tries a bot, with forms that work without script, and a stream for the rest."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.bots.chats import said_store, talk_store
from clerestory.families.bots.chats.address import Addresses, Place
from clerestory.families.bots.chats.config import config_of
from clerestory.families.bots.chats.conversations import Conversations
from clerestory.families.bots.chats.intake import Arrival, Intake
from clerestory.families.bots.chats.intake_store import NewEvent
from clerestory.families.bots.chats.live import tell
from clerestory.families.bots.chats.model import Channel
from clerestory.families.bots.chats.store import has_work
from clerestory.families.bots.chats.talk_store import Line, Stretch
from clerestory.families.bots.messenger.model import Kind
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.web import store, visitor
from clerestory.families.bots.web.model import shown
from clerestory.families.bots.web.sent import is_script, key_of, new_key, refusal
from clerestory.families.bots.web.stream import LATELY, Portion, Watched, stream
from clerestory.families.bots.web.visitor import Guest
from clerestory.kernel.errors import Fault, Invalid, NotFound, Problem, RateLimited, ReadOnly
from clerestory.kernel.errors import Kind as Why
from clerestory.kernel.values import storable
from clerestory.platform.http import headers_of, said
from clerestory.platform.tenancy import Scope
from clerestory.platform.web import Form
from clerestory.platform.web.dialect import STATUS
from clerestory.platform.web.pages import POLICY, pages_of

LONGEST = 2000
_LONGEST_PAYLOAD = 1000
_LONGEST_TITLE = 255
_SHOWN = 100
_PATIENCE, _A_MOMENT = timedelta(seconds=2), timedelta(milliseconds=30)
# A bot's pictures are where its author keeps them; this page alone may draw them.
_POLICY = POLICY.replace("img-src 'self' data:", "img-src 'self' data: https:")


@dataclass(frozen=True, slots=True)
class Hall:
    """A bot that is open to everybody, and the guest who is there."""

    place: Place
    name: str
    guest: Guest

    @property
    def scope(self) -> Scope:
        """That of the bot's tenant."""
        return self.place.scope


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was refused, and why."""

    text: str = ""
    problem: Problem | None = None


async def get_chat(scope: Scope, request: Request) -> Response:
    """The page, with what was said. Nothing is stored by looking."""
    return await _page(await _enter(scope, request), request, Typed())


async def post_chat(scope: Scope, request: Request) -> Response:
    """What the guest says is stored before it is answered; a script is told so in no words, a form by the page."""
    hall, form = await _enter(scope, request), Form({})
    try:
        visitor.require_same_site(scope, request)
        form = await Form.read(request)
        event = _event(hall, form)
        if hall.scope.tenant.public:
            raise ReadOnly("This bot is here to be looked at. Log in, and talk to your own.")
        await visitor.count(hall.scope, request, hall.guest, scope.now)
        await _take_in(hall.scope, event, patient=not is_script(request))
    except Problem as problem:
        return await _refused(hall, request, Typed(form.raw("text"), problem))
    page = RedirectResponse(f"/chat/{hall.place.bot.uuid}#end", 303)
    return visitor.remember(scope, request, hall.guest, Response(status_code=204) if is_script(request) else page)


async def get_stream(scope: Scope, request: Request) -> Response:
    """What goes on in the guest's chat; 204 until something was said, so that the browser asks no more."""
    hall = await _enter(scope, request)
    chat = await store.chat_of(hall.scope.direct(), hall.place.bot.id, hall.guest.address)
    if chat is None:
        return Response(status_code=204)
    words = await _words(hall, request)

    async def read(after: int) -> Portion:
        return await _portion(hall.scope, Stretch(chat, after, limit=_SHOWN), words)

    return stream(hall.scope, request, Watched(chat, visitor.network_of(request), read))


async def _enter(scope: Scope, request: Request) -> Hall:
    """Raises NotFound for a bot that is not there, and for one whose page is closed."""
    place = await scope.part(Addresses).find(scope, request.path_params["botId"])
    bot = await store.open_bot(place.scope.direct(), place.bot.id)
    if bot is None or not config_of(bot.attributes, scope.part(Seals)).web:
        raise NotFound("There is no such bot.")
    return Hall(place, bot.name or "Bot", visitor.met(request))


async def _page(hall: Hall, request: Request, typed: Typed) -> Response:
    scope = hall.scope
    chat = await store.chat_of(scope.direct(), hall.place.bot.id, hall.guest.address)
    lines = [] if chat is None else await talk_store.heard_and_shown(scope.direct(), Stretch(chat, limit=_SHOWN))
    begins = lines[0].id - 1 if lines else 0
    now = scope.now
    values = {
        "hall": hall,
        "bot": hall.place.bot,
        "lines": [(line, _shown(line)) for line in lines],
        "cut": len(lines) == _SHOWN,
        "chat": chat,
        "after": 0 if chat is None else await talk_store.settled(scope.direct(), chat, begins, now - LATELY),
        "silent": chat is not None and (await said_store.silence(scope.direct(), chat, now)).muted,
        "readonly": scope.tenant.public,
        "typed": typed,
        "new_key": new_key,
        "longest": LONGEST,
    }
    status = 200 if typed.problem is None else said(STATUS, type(typed.problem))[0]
    response = await pages_of(scope).render(request, "bots/chat.html", values, status=status)
    response.headers["Content-Security-Policy"] = _POLICY
    if typed.problem is not None:
        response.headers.update(headers_of(typed.problem))
    return visitor.remember(scope, request, hall.guest, response)


async def _refused(hall: Hall, request: Request, typed: Typed) -> Response:
    problem = typed.problem
    if problem is None:
        raise LookupError("nothing was refused")
    if is_script(request):
        return refusal(problem)
    if not isinstance(problem, Invalid | RateLimited | ReadOnly):
        raise problem
    return await _page(hall, request, typed)


async def _take_in(scope: Scope, event: NewEvent, *, patient: bool) -> None:
    stored = await scope.part(Intake).take(Arrival(scope.tenant, [event], scope.now))
    for chat in stored.chats:
        # Other pages of the same guest, and the operator's, show it at once.
        await tell(scope.direct(), scope.tenant.id, chat)
        scope.part(Conversations).begin(scope, chat)
        if patient:
            await _answered(scope, chat)


async def _answered(scope: Scope, chat: int) -> None:
    """Waits a little for the bot: a page without script shows its answer only if it is there already."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            while await has_work(scope.direct(), chat, scope.now):  # noqa: ASYNC110 - a silent bot tells of nothing
                await asyncio.sleep(_A_MOMENT.total_seconds())


def _event(hall: Hall, form: Form) -> NewEvent:
    """What the form says. Raises Invalid when that is nothing, or too much."""
    payload, title = form.text("payload"), form.text("title")
    text = title if payload else form.text("text").replace("\r\n", "\n")
    for given, name, longest in ((text, "text", LONGEST), (payload, "payload", _LONGEST_PAYLOAD)):
        if len(given) > longest:
            raise Invalid(Fault(name, Why.INVALID, f"A message may have at most {longest:,} characters."))
        if not storable(given):
            raise Invalid(Fault(name, Why.INVALID, "This text has characters that cannot be stored."))
    if not (text or payload):
        raise Invalid(Fault("text", Why.MISSING, "Write something first."))
    kind = Kind.POSTBACK if payload else Kind.MESSAGE
    return NewEvent(
        hall.place.bot.id,
        Channel.WEB.value,
        hall.guest.address,
        kind.value,
        key_of("web", form.text("key"), kind.value, payload, text),
        text[:_LONGEST_TITLE] if payload else text,
        msgspec.json.encode({"payload": payload or None}).decode(),
        hall.scope.now,
        speaks=True,
    )


def _shown(line: Line) -> object:
    return shown(line.text, msgspec.json.decode(line.payload))


async def _words(hall: Hall, request: Request) -> Mapping[str, object]:
    found, key = await pages_of(hall.scope).visitors.of(request), new_key()
    csrf = "" if found is None else found.csrf
    # One key for as long as it lasts: a line that reads the same is told once.
    return {"bot": hall.place.bot, "csrf": csrf, "new_key": lambda: key, "readonly": False}


async def _portion(scope: Scope, part: Stretch, words: Mapping[str, object]) -> Portion:
    environment, now, runner = pages_of(scope).environment, scope.now, scope.direct()
    settled = await talk_store.settled(runner, part.chat, part.after, now - LATELY)
    bubble = environment.get_template("bots/bubble.html")
    lines = await talk_store.heard_and_shown(runner, part)
    silent = (await said_store.silence(runner, part.chat, now)).muted
    return Portion(
        {line.id: bubble.render(line=line, shown=_shown(line), **words) for line in lines},
        environment.get_template("bots/silence.html").render(silent=silent),
        settled,
    )
