"""One chat worked at: what was heard is handled in order, and what is to be said is said, by one process at a time."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from clerestory.families.bots.chats import said_store, store
from clerestory.families.bots.chats.config import Config, config_of
from clerestory.families.bots.chats.model import Author, Decision, Heard, Situation, Source, decide, spelled
from clerestory.families.bots.chats.mute import By, mute, unmute
from clerestory.families.bots.chats.said_store import Saying
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
"""How long a chat is a process's without a sign of life. One event with its answers takes far less."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One event's turn in a chat: whose it is, by which configuration, and which other app controlled the thread."""

    chat: int
    user: int
    config: Config
    thread_app: str | None


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
    await said_store.give_up_begun(scope.direct(), chat.id, scope.now)
    config = config_of(chat.attributes, scope.part(Seals))
    while (waiting := await store.next_waiting(scope.direct(), chat.id)) is not None:
        user = await known_user(scope, chat, config)
        await _handle(scope, chat, config, waiting, user)
        await speak(scope, chat, config)
    await speak(scope, chat, config)


async def _handle(scope: Scope, chat: Claimed, config: Config, waiting: Waiting, user: int) -> None:
    app = await scope.part(Apps).of(scope)
    async with scope.begin() as tx:
        await store.keep(tx, chat.id, scope.now + LEASE)
        status = await said_store.silence(tx, chat.id, scope.now)
        situation = Situation(
            muted=status.muted,
            muted_by=None if status.muted_by is None else Source(status.muted_by),
            changed=status.changed,
            thread_app=status.thread_app,
            own_app="" if app is None else app.app_id,
            ours=waiting.ours,
            first=waiting.first,
        )
        decision = decide(_heard(waiting), situation, config.replies, config.takeover)
        if await store.finish_event(tx, waiting.id, decision.author.value, scope.now):
            await _carry_out(scope, tx, Turn(chat.id, user, config, status.thread_app), decision)


async def _carry_out(scope: Scope, tx: Tx, turn: Turn, decision: Decision) -> None:
    user, config = turn.user, turn.config
    if decision.unmute is not None:
        await unmute(scope, tx, user, By(decision.unmute))
    if decision.mute is not None:
        # A thread that another app controls is ours again when that app says so, not after a time.
        until = None if decision.mute is Source.THREAD else config.takeover.ends(scope.now)
        await mute(scope, tx, user, By(decision.mute, until))
    if decision.thread_app != turn.thread_app:
        await store.set_thread(tx, turn.chat, decision.thread_app, scope.now)
    if decision.reply is not None:
        for message in said(decision.reply):
            payload = msgspec.json.encode(message).decode()
            await said_store.plan(tx, turn.chat, Saying(Author.BOT.value, spelled(message), payload), scope.now)


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
