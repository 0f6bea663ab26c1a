"""Messages and their attempts in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.database import Runner, Tx
from clerestory.platform.delivery.callbacks import State as Arrival
from clerestory.platform.delivery.message import Message, MessageId, NewMessage, Stage, refusals_from_json
from clerestory.platform.delivery.outcome import carriable


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process, and no other, is to send now."""

    id: MessageId
    uuid: UUID
    family: str
    channel: Channel
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str | None
    parameters: tuple[str, ...]
    tries: int


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt changes of a message. `refused` is JSON."""

    stage: Stage
    code: Code
    note: str
    refused: str
    provider_id: str | None
    due: datetime | None


class _Row(msgspec.Struct):
    uuid: UUID
    family: str
    reference: int | None
    channel: str
    recipients: tuple[str, ...]
    subject: str
    body_text: str
    body_html: str | None
    parameters: tuple[str, ...]


async def insert(tx: Tx, messages: Sequence[tuple[UUID, NewMessage]]) -> dict[UUID, MessageId]:
    """Plans the messages; their ids by the given UUIDs."""
    rows = [
        _Row(
            uuid,
            new.family,
            new.reference,
            new.channel.value,
            tuple(map(carriable, new.recipients)),
            carriable(new.subject),
            carriable(new.text),
            None if new.html is None else carriable(new.html),
            tuple(map(carriable, new.parameters)),
        )
        for uuid, new in messages
    ]

    def entry(id: int, uuid: UUID) -> tuple[UUID, MessageId]:
        return uuid, MessageId(id)

    inserted = await tx.rows(
        """
        INSERT INTO tenant.delivery_message
               (uuid, family, reference, channel, recipients, subject, body_text, body_html, parameters)
        SELECT new.uuid, new.family, new.reference, new.channel, new.recipients, new.subject, new.body_text,
               new.body_html, new.parameters
          FROM jsonb_to_recordset(:rows::jsonb) AS new (
               uuid uuid, family text, reference bigint, channel text, recipients text[], subject text,
               body_text text, body_html text, parameters text[])
        RETURNING id, uuid
        """,
        entry,
        rows=msgspec.json.encode(rows).decode(),
    )
    return dict(inserted)


def message_row(**row: Any) -> Message:
    named = dict(row)
    named["channel"] = Channel(row["channel"])
    named["stage"] = Stage(named.pop("state"))
    named["code"] = None if row["code"] is None else Code(row["code"])
    named["note"] = row["note"] or ""
    named["refused"] = refusals_from_json(row["refused"])
    named["arrival"] = None if row["arrival"] is None else Arrival(row["arrival"])
    named["recipients"] = tuple(row["recipients"])
    return Message(**named)


async def message(tx: Runner, message: MessageId) -> Message | None:
    """One message."""
    return await tx.row(
        """
        SELECT id, uuid, family, reference, channel, recipients, state, code, note, refused::text AS refused,
               transport, sender, provider_id, tries, due, arrival, created, started, finished
          FROM tenant.delivery_message
         WHERE id = :message
        """,
        message_row,
        message=message,
    )


async def open_messages(tx: Runner, family: str, before: datetime, limit: int) -> list[Message]:
    """A family's messages that were begun, or could have been, before this moment and have come to no end."""
    return await tx.rows(
        """
        SELECT id, uuid, family, reference, channel, recipients, state, code, note, refused::text AS refused,
               transport, sender, provider_id, tries, due, arrival, created, started, finished
          FROM tenant.delivery_message
         WHERE family = :family
           AND ((state = 'sending' AND started < :before)
             OR (state = 'planned' AND COALESCE(due, created) < :before))
         ORDER BY id
         LIMIT :limit
        """,
        message_row,
        family=family,
        before=before,
        limit=limit,
    )


def _claimed(channel: str, recipients: list[str], parameters: list[str], **row: Any) -> Claimed:
    return Claimed(
        channel=Channel(channel),
        recipients=tuple(recipients),
        parameters=tuple(parameters),
        **row,
    )


async def claim(tx: Tx, message: MessageId, now: datetime) -> Claimed | None:
    """Makes the message this process's own, if it is planned and due; None for everybody else."""
    return await tx.row(
        """
        UPDATE tenant.delivery_message
           SET state = 'sending', started = :now, tries = tries + 1, modified = :now
         WHERE id = :message AND state = 'planned' AND (due IS NULL OR due <= :now)
        RETURNING id, uuid, family, channel, recipients, subject, body_text AS text, body_html AS html, parameters,
                  tries
        """,
        _claimed,
        message=message,
        now=now,
    )


async def finish(tx: Tx, claimed: Claimed, result: Result, by: tuple[str, str], now: datetime) -> bool:
    """Writes what came of the claimed try, made `by` a transport and sender; False when it was given up meanwhile."""
    touched = await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET state = :state, code = :code, note = :note, refused = :refused::jsonb, provider_id = :provider_id,
               transport = :transport, sender = :sender, due = :due,
               finished = CASE WHEN :state = 'planned' THEN NULL ELSE :now::timestamptz END,
               modified = :now
         WHERE id = :message AND state = 'sending' AND tries = :tries
        """,
        message=claimed.id,
        tries=claimed.tries,
        state=result.stage.value,
        code=result.code.value,
        note=result.note,
        refused=result.refused,
        provider_id=result.provider_id,
        transport=by[0],
        sender=by[1],
        due=result.due,
        now=now,
    )
    return touched > 0


async def add_attempt(tx: Tx, message: MessageId, code: Code, note: str, raw: str) -> None:
    """Keeps what one try was answered."""
    await tx.execute(
        "INSERT INTO tenant.delivery_attempt (message, code, note, raw) VALUES (:message, :code, :note, :raw)",
        message=message,
        code=code.value,
        note=note,
        raw=raw,
    )


async def give_up(tx: Tx, message: MessageId, note: str, now: datetime) -> bool:
    """Ends a message whose process died while it was sending; whether it was one."""
    touched = await tx.execute(
        """
        UPDATE tenant.delivery_message
           SET state = 'failed', code = 'PROVIDER_TIMEOUT', note = :note, finished = :now, modified = :now
         WHERE id = :message AND state = 'sending'
        """,
        message=message,
        note=note,
        now=now,
    )
    return touched > 0
