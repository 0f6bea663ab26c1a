"""The page of one chat: who said what and what came of it, and an operator who answers, takes over, and gives back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.bots.chats import look, operate, talk_store
from clerestory.families.bots.chats.look import Seen
from clerestory.families.bots.chats.look_store import Chat
from clerestory.families.bots.chats.model import Author, Channel
from clerestory.families.bots.chats.operate import Answer
from clerestory.families.bots.chats.talk_store import Line, Stretch
from clerestory.families.bots.pages import words
from clerestory.families.bots.web.model import shown
from clerestory.families.bots.web.sent import is_script, key_of, new_key, refusal
from clerestory.families.bots.web.stream import HEARTBEAT, LATELY, Portion, Watched, stream
from clerestory.kernel.errors import Fault, Invalid, Kind, Problem
from clerestory.kernel.values import storable
from clerestory.platform.tenancy import Scope
from clerestory.platform.web import Form, Intents, asked
from clerestory.platform.web.pages import pages_of

LONGEST = 4000
_WISHED = 5
_LOOKED_FOR = timedelta(seconds=3)
_WORDS: Mapping[str, object] = {
    "speakers": words.SPEAKERS,
    "states": words.STATES,
    "kinds": words.KINDS,
    "source": words.source,
    "longest": LONGEST,
    "new_key": new_key,
}


async def get_chat(scope: Scope, request: Request) -> Response:
    """The chat with the last that was said, or with what was said before."""
    seen = await look.bot(scope, request.path_params["id"])
    return await _page(scope, request, seen)


async def post_answer(scope: Scope, request: Request) -> Response:
    """What the operator says is said; or the page again with what is wrong."""
    seen, chat = await _chat(scope, request)
    form = await Form.read(request)
    try:
        await operate.answer(scope, seen, chat, _answer(form))
    except Invalid as problem:
        return refusal(problem) if is_script(request) else await _page(scope, request, seen, form.raw("text"), problem)
    return _done(request, seen, chat)


async def post_mute(scope: Scope, request: Request) -> Response:
    """The bot falls silent."""
    seen, chat = await _chat(scope, request)
    await operate.take_over(scope, seen, chat)
    return _done(request, seen, chat)


async def post_resume(scope: Scope, request: Request) -> Response:
    """The bot speaks again."""
    seen, chat = await _chat(scope, request)
    await operate.give_back(scope, seen, chat)
    return _done(request, seen, chat)


async def get_stream(scope: Scope, request: Request) -> Response:
    """What goes on in the chat. On Messenger not all of it is told, so it is looked for."""
    seen, chat = await _chat(scope, request)
    visitor = await pages_of(scope).visitors.of(request)
    values = {**_WORDS, "seen": seen, "csrf": "" if visitor is None else visitor.csrf}
    pause = HEARTBEAT if chat.channel == Channel.WEB else _LOOKED_FOR

    async def read(after: int) -> Portion:
        return await _portion(scope, seen, Stretch(chat.id, after), values)

    return stream(scope, request, Watched(chat.id, f"person {scope.tenant.id}.{scope.actor.person_id}", read, pause))


async def _chat(scope: Scope, request: Request) -> tuple[Seen, Chat]:
    seen = await look.bot(scope, request.path_params["id"])
    return seen, await look.chat(scope, seen, request.path_params["chat"])


async def _page(
    scope: Scope, request: Request, seen: Seen, typed: str = "", problem: Problem | None = None
) -> Response:
    before = asked.whole(request.query_params.get("before", ""))
    talk = await look.talk(scope, seen, request.path_params["chat"], before, LATELY)
    path = _path(seen, talk.chat)
    values = {
        **_WORDS,
        "seen": seen,
        "talk": talk,
        "chat": talk.chat,
        "lines": [(line, _shown(line)) for line in talk.lines],
        "standing": words.standing(talk.chat),
        "before": before,
        "older": None if talk.older is None else asked.address(path, {"before": talk.older}),
        "path": path,
        "buttons": scope.part(Intents).buttons(*_wish(talk.lines)),
        "typed": typed,
        "problem": problem,
    }
    status = 200 if problem is None else 400
    return await pages_of(scope).render(request, "bots/talk.html", values, status=status)


def _wish(lines: Sequence[Line]) -> tuple[str, str]:
    """What the person has written lately as a title and a text, for whatever can be made of it; not who they are."""
    said = [line.text for line in lines if line.author == Author.PERSON and line.kind == "message" and line.text]
    latest = said[-_WISHED:]
    return " ".join(latest[-1].split()) if latest else "", "\n\n".join(latest)


def _path(seen: Seen, chat: Chat) -> str:
    return f"/bots/{seen.bot.id}/chats/{chat.id}/"


def _done(request: Request, seen: Seen, chat: Chat) -> Response:
    if is_script(request):
        return Response(status_code=204)
    return RedirectResponse(f"{_path(seen, chat)}#end", 303)


def _answer(form: Form) -> Answer:
    text = form.text("text").replace("\r\n", "\n")
    if not text:
        raise Invalid(Fault("text", Kind.MISSING, "Write something first."))
    if len(text) > LONGEST:
        raise Invalid(Fault("text", Kind.INVALID, f"An answer may have at most {LONGEST:,} characters."))
    if not storable(text):
        raise Invalid(Fault("text", Kind.INVALID, "This text has characters that cannot be stored."))
    return Answer(text, key_of("answer", form.text("key"), text))


def _shown(line: Line) -> object:
    return shown(line.text, msgspec.json.decode(line.payload))


async def _portion(scope: Scope, seen: Seen, part: Stretch, values: Mapping[str, object]) -> Portion:
    environment = pages_of(scope).environment
    settled = await talk_store.settled(scope.direct(), part.chat, part.after, scope.now - LATELY)
    lines = await talk_store.everything(scope.direct(), part)
    chat = await look.chat(scope, seen, part.chat)
    template = environment.get_template("bots/line.html")
    standing = environment.get_template("bots/standing.html")
    return Portion(
        {line.id: template.render(line=line, shown=_shown(line), chat=chat, **values) for line in lines},
        standing.render(chat=chat, standing=words.standing(chat), path=_path(seen, chat), **values),
        settled,
    )
