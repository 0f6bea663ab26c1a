"""One chat worked at: what was heard is handled in order, and what is to be said is said, by one process at a time."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from clerestory.families.bots.chats import said_store, store
from clerestory.families.bots.chats.config import Config, config_of
from clerestory.families.bots.chats.intake import SPEECH
from clerestory.families.bots.chats.model import Author, Decision, Heard, Situation, Source, decide, spelled
from clerestory.families.bots.chats.mute import By, mute, unmute
from clerestory.families.bots.chats.said_store import Saying, Silence
from clerestory.families.bots.chats.speak import speak
from clerestory.families.bots.chats.store import Claimed, Waiting
from clerestory.families.bots.chats.whose import known_user
from clerestory.families.bots.messenger.model import Kind
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.policy import Apps
from clerestory.families.bots.replies.model import said
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Scope

LEASE = timedelta(seconds=60)
"""How long a chat is a process's without a sign of life: each message that is sent is one."""

PORTION = 50
"""How many events are looked at before the chat is let go and taken again, which shows a changed bot."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a chat stands for the events that come next, until one of them changes it."""

    chat: Claimed
    config: Config
    user: int
    own_app: str
    status: Silence

    def decision(self, event: Waiting, *, first: bool) -> Decision:
        """What follows from the event; `first`: nothing was said in the chat before."""
        status = self.status
        situation = Situation(
            muted=status.muted,
            muted_by=None if status.muted_by is None else Source(status.muted_by),
            changed=status.changed,
            thread_app=status.thread_app,
            own_app=self.own_app,
            ours=event.ours,
            first=first,
        )
        return decide(_heard(event), situation, self.config.replies, self.config.takeover)


async def converse(scope: Scope, chat: int) -> None:
    """Handles everything that waits in the chat; nothing when another process does so."""
    while True:
        claimed = await store.claim(scope.direct(), chat, scope.now, scope.now + LEASE)
        if claimed is None:
            return
        try:
            await _work(scope, claimed)
        finally:
            await store.release(scope.direct(), chat)
        # Who came in between has found the chat taken, and relies on us.
        if not await store.has_work(scope.direct(), chat, scope.now):
            return


async def _work(scope: Scope, chat: Claimed) -> None:
    config = config_of(chat.attributes, scope.part(Seals))
    if chat.begun:
        await said_store.give_up_begun(scope.direct(), chat.id, scope.now)
    if chat.planned:
        await speak(scope, chat, config)
    events = await store.waiting(scope.direct(), chat.id, PORTION)
    if not events:
        return
    user = await known_user(scope, chat, config)
    heard, turn = not events[0].first, None
    without_effect: list[tuple[int, str]] = []
    for event in events:
        turn = turn or await _turn(scope, chat, config, user)
        decision = turn.decision(event, first=not heard)
        heard = heard or event.kind in SPEECH
        if decision.leaves(turn.status.thread_app):
            # Most events of a busy chat, and all of a muted one: they are noted together.
            without_effect.append((event.id, decision.author.value))
            continue
        if await _carried_out(scope, turn, event, decision) and decision.reply is not None:
            await speak(scope, chat, config)
        turn = None
    await store.finish_events(scope.direct(), without_effect, scope.now)


async def _turn(scope: Scope, chat: Claimed, config: Config, user: int) -> Turn:
    app = await scope.part(Apps).of(scope)
    status = await said_store.silence(scope.direct(), chat.id, scope.now)
    return Turn(chat, config, user, "" if app is None else app.app_id, status)


async def _carried_out(scope: Scope, turn: Turn, event: Waiting, decision: Decision) -> bool:
    """Does what follows, and notes the event as handled with it; False when that was done before."""
    async with scope.begin() as tx:
        if not await store.finish_event(tx, event.id, decision.author.value, scope.now):
            return False
        await _carry_out(scope, tx, turn, decision)
        return True


async def _carry_out(scope: Scope, tx: Tx, turn: Turn, decision: Decision) -> None:
    if decision.unmute is not None:
        await unmute(scope, tx, turn.user, By(decision.unmute))
    if decision.mute is not None:
        # A thread that another app controls is ours again when that app says so, not after a time.
        until = None if decision.mute is Source.THREAD else turn.config.takeover.ends(scope.now)
        await mute(scope, tx, turn.user, By(decision.mute, until))
    if decision.thread_app != turn.status.thread_app:
        await store.set_thread(tx, turn.chat.id, decision.thread_app, scope.now)
    if decision.reply is not None:
        for message in said(decision.reply):
            payload = msgspec.json.encode(message).decode()
            await said_store.plan(tx, turn.chat.id, Saying(Author.BOT.value, spelled(message), payload), scope.now)


def _heard(waiting: Waiting) -> Heard:
    kept = msgspec.json.decode(waiting.payload)
    return Heard(
        Kind(waiting.kind),
        waiting.text,
        kept.get("payload"),
        kept.get("app"),
        kept.get("metadata"),
        bool(kept.get("standby")),
        waiting.happened,
    )
