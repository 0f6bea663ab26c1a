"""What an operator sees: bots, their chats, and one chat. Administrators see all bots, others those of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from clerestory.families.bots.chats import look_store, talk_store
from clerestory.families.bots.chats.config import Config, config_of
from clerestory.families.bots.chats.look_store import Bot, Chat, ChatsWanted, ListedBot, ListedChat
from clerestory.families.bots.chats.talk_store import Line, StatusChange, Stretch
from clerestory.families.bots.chats.token_health import mark
from clerestory.families.bots.objects.seal import Seals
from clerestory.kernel.errors import NotFound
from clerestory.kernel.paging import Page, Window
from clerestory.kernel.values import MOST
from clerestory.platform.tenancy import Right, Scope

LINES = 50
_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """One bot that the person may see, and what its attributes say."""

    bot: Bot
    config: Config
    fault: str  # what the platform has against the token of now


@dataclass(frozen=True, slots=True)
class Talk:
    """One chat: some of what was said; `older` leads to what was said before that; and who was silenced when."""

    seen: Seen
    chat: Chat
    lines: Sequence[Line]
    older: int | None
    changes: Sequence[StatusChange]
    settled: int


def person_of(scope: Scope) -> int | None:
    """Whose bots alone are shown; None: everybody's. Raises NotFound for who is nobody."""
    if scope.actor.may(Right.ADMINISTER):
        return None
    if scope.actor.person_id is None:
        raise NotFound
    return scope.actor.person_id


async def bots(scope: Scope, window: Window) -> Page[ListedBot]:
    """A part of the bots that the person may see."""
    rows = await look_store.listed_bots(scope.direct(), person_of(scope), window, scope.now)
    return Page(rows, rows[0].total if rows else 0)


def is_refused(seals: Seals, row: ListedBot) -> bool:
    """Whether the platform refuses the token that the bot has now."""
    token = seals.opened(row.token)
    return bool(row.fault) and isinstance(token, str) and mark(token) == row.mark


async def bot(scope: Scope, number: int) -> Seen:
    """One bot. Raises NotFound alike for one that is not there and for one that is not the person's."""
    found = None
    if 0 < number <= MOST:
        found = await look_store.bot(scope.direct(), number, person_of(scope), scope.tenant.id)
    if found is None:
        raise NotFound("There is no such bot.")
    config = config_of(found.attributes, scope.part(Seals))
    refused = config.token is not None and mark(config.token) == found.mark
    return Seen(found, config, found.fault if refused else "")


async def chats(scope: Scope, wanted: ChatsWanted, window: Window) -> Page[ListedChat]:
    """A part of a bot's chats. Whoever asks has seen the bot."""
    rows = await look_store.listed_chats(scope.direct(), wanted, window, scope.now)
    return Page(rows, rows[0].total if rows else 0)


async def chat(scope: Scope, seen: Seen, number: int) -> Chat:
    """One chat of a bot. Raises NotFound."""
    found = None
    if 0 < number <= MOST:
        found = await look_store.chat(scope.direct(), seen.bot.id, number, scope.now)
    if found is None:
        raise NotFound("There is no such chat.")
    return found


async def talk(scope: Scope, seen: Seen, number: int, before: int | None, lately: timedelta) -> Talk:
    """One chat with what was said before the line of this number. Raises NotFound."""
    found, runner = await chat(scope, seen, number), scope.direct()
    # One more than is shown says whether there is more.
    lines = await talk_store.everything(runner, Stretch(number, before=before, limit=LINES + 1))
    older = lines[1].id if len(lines) > LINES else None
    lines = lines[-LINES:]
    begins = lines[0].id - 1 if lines else 0
    changes = [] if found.bots_user is None else await talk_store.status_history(runner, found.bots_user, _CHANGES)
    settled = await talk_store.settled(runner, number, begins, scope.now - lately)
    return Talk(seen, found, lines, older, changes, settled)
