"""The inbox in the tenant's schema: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clerestory.kernel.channels import Channel
from clerestory.platform.database import Runner, Tx
from clerestory.platform.delivery.message import MessageId


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the inbox; `text` and `html` are there when one is shown, not in a list."""

    id: MessageId
    channel: Channel
    recipients: tuple[str, ...]
    subject: str
    note: str
    created: datetime
    seen: datetime | None
    text: str = ""
    html: str | None = None


def _kept(channel: str, recipients: list[str], **row: Any) -> Kept:
    return Kept(channel=Channel(channel), recipients=tuple(recipients), **row)


async def keep(tx: Runner, message: MessageId, note: str, now: datetime) -> bool:
    """Puts a planned message into the inbox for good; whether it was planned and due."""
    touched = await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET state = 'kept', code = 'KEPT', note = :note, transport = 'inbox', tries = tries + 1,
               started = :now, finished = :now, modified = :now
         WHERE id = :message AND state = 'planned' AND (due IS NULL OR due <= :now)
        """,
        message=message,
        note=note,
        now=now,
    )
    return touched > 0


async def kept_messages(tx: Runner, limit: int, offset: int) -> list[Kept]:
    """The inbox, the latest first; as the subject of a message without one the beginning of its text."""
    return await tx.rows(
        """
        SELECT id, channel, recipients, COALESCE(NULLIF(subject, ''), left(body_text, 120)) AS subject,
               COALESCE(note, '') AS note, created, seen
          FROM tenant.delivery_message
         WHERE state = 'kept' AND discarded IS NULL
         ORDER BY id DESC
         LIMIT :limit OFFSET :offset
        """,
        _kept,
        limit=limit,
        offset=offset,
    )


async def count_kept(tx: Runner, *, unseen: bool) -> int:
    """How many messages the inbox holds; with `unseen`, of those that nobody has looked at."""
    return int(
        await tx.value(
            """
            SELECT count(*)
              FROM tenant.delivery_message
             WHERE state = 'kept' AND discarded IS NULL AND (seen IS NULL OR NOT :unseen)
            """,
            unseen=unseen,
        )
    )


async def kept_message(tx: Runner, message: MessageId) -> Kept | None:
    """One message of the inbox, whole."""
    return await tx.row(
        """
        SELECT id, channel, recipients, subject, COALESCE(note, '') AS note, created, seen,
               body_text AS text, body_html AS html
          FROM tenant.delivery_message
         WHERE id = :message AND state = 'kept' AND discarded IS NULL
        """,
        _kept,
        message=message,
    )


async def see(tx: Tx, message: MessageId, now: datetime) -> int:
    """Somebody has looked at it; how many there were of this id."""
    return await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET seen = COALESCE(seen, :now), modified = :now
         WHERE id = :message AND state = 'kept' AND discarded IS NULL
        """,
        message=message,
        now=now,
    )


async def see_all(tx: Tx, now: datetime) -> int:
    """Somebody has looked at all of them; how many were new."""
    return await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET seen = :now, modified = :now
         WHERE state = 'kept' AND discarded IS NULL AND seen IS NULL
        """,
        now=now,
    )


async def discard(tx: Tx, message: MessageId, now: datetime) -> int:
    """Puts it away; how many there were of this id. The row stays, for the family's own records point to it."""
    return await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET discarded = :now, modified = :now
         WHERE id = :message AND state = 'kept' AND discarded IS NULL
        """,
        message=message,
        now=now,
    )
