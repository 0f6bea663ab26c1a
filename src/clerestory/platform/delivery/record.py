"""Writing messages down before they are sent, and finding those that a crash left open."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from clerestory.kernel.channels import Channel
from clerestory.platform.database import Runner, Tx
from clerestory.platform.delivery import store
from clerestory.platform.delivery.inbox import keep
from clerestory.platform.delivery.message import UNKNOWN_FATE, Message, MessageId, NewMessage

PORTION = 500


async def record(tx: Tx, new: NewMessage) -> MessageId:
    """Plans a message in the caller's transaction; `Sender.attempt` sends it once that has committed."""
    return (await record_all(tx, [new]))[0]


async def record_all(tx: Tx, messages: Sequence[NewMessage], inbox: Collection[Channel] = ()) -> list[MessageId]:
    """Plans messages by one statement; their ids, in order.

    Those of a channel that leads to the inbox (`Routing.inbox`) are kept there at once: nobody has to attempt them.
    """
    if not messages:
        return []
    named = [(uuid4(), new) for new in messages]
    ids = await store.insert(tx, named, {channel: keep(channel).note for channel in inbox})
    return [ids[uuid] for uuid, _ in named]


async def read(tx: Runner, message: MessageId) -> Message | None:
    """A message with what is known of it."""
    return await store.message(tx, message)


async def open_messages(tx: Runner, family: str, *, older_than: datetime, limit: int = PORTION) -> list[Message]:
    """A family's messages left open since before `older_than`, oldest first, at most `limit`.

    One that is PLANNED was never sent: attempt it. One that is SENDING was perhaps sent: give it up.
    """
    return await store.open_messages(tx, family, older_than, limit)


async def give_up(tx: Tx, message: MessageId, now: datetime) -> bool:
    """Ends a message that stands at SENDING as failed (PROVIDER_TIMEOUT), for a repetition might send it twice."""
    return await store.give_up(tx, message, UNKNOWN_FATE, now)


async def forget(tx: Tx, family: str, references: Sequence[int]) -> int:
    """Deletes what a family wrote under these references, from the inbox too; how many messages."""
    return await store.forget(tx, family, references)
