"""What providers report of messages, in the tenant's schema: one function, one statement."""

from datetime import datetime

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.database import Runner, Tx
from clerestory.platform.delivery.callbacks import State as Arrival
from clerestory.platform.delivery.message import Message, MessageId
from clerestory.platform.delivery.store import message_row


async def message_by_provider_id(tx: Tx, provider_id: str) -> Message | None:
    """The message that a provider calls so, locked."""
    return await tx.row(
        """
        SELECT id, uuid, family, reference, channel, recipients, state, code, note, refused::text AS refused,
               transport, sender, provider_id, tries, due, arrival, created, started, finished
          FROM tenant.delivery_message
         WHERE provider_id = :provider_id
         ORDER BY id
         LIMIT 1
           FOR UPDATE
        """,
        message_row,
        provider_id=provider_id,
    )


async def is_sending(tx: Runner, channel: Channel) -> bool:
    """Whether a message of this channel is under way, so that its provider's id may not be stored yet."""
    return bool(
        await tx.value(
            "SELECT EXISTS (SELECT 1 FROM tenant.delivery_message WHERE state = 'sending' AND channel = :channel)",
            channel=channel.value,
        )
    )


async def arrive(tx: Tx, message: MessageId, arrival: Arrival, now: datetime) -> None:
    """How far the message has come."""
    await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET arrival = :arrival, arrived = :now, modified = :now
         WHERE id = :message
        """,
        message=message,
        arrival=arrival.value,
        now=now,
    )


async def fail(tx: Tx, message: MessageId, code: Code, note: str, now: datetime) -> None:
    """The provider took the message and says now that it failed."""
    await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET state = 'failed', code = :code, note = :note, arrival = 'failed', arrived = :now, modified = :now
         WHERE id = :message
        """,
        message=message,
        code=code.value,
        note=note,
        now=now,
    )
