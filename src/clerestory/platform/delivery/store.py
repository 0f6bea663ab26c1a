"""Messages and their attempts in the tenant's schema: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.database import Runner, Tx
from clerestory.platform.delivery.callbacks import State as Arrival
from clerestory.platform.delivery.message import Message, MessageId, NewMessage, Stage, refusals_from_json, waiting
from clerestory.platform.delivery.outcome import Refusal, carriable


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
    unsubscribe: str | None
    tries: int
    # What earlier tries left of a mail, and who of its addresses has blocked the sender.
    refused: tuple[Refusal, ...] = ()
    blocked: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[str, ...]:
        """The addresses that this try is for."""
        return waiting(self.refused) or self.recipients


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt changes of a message. `refused` is JSON."""

    stage: Stage
    code: Code
    note: str
    refused: str
    provider_id: str | None
    due: datetime | None
    transport: str
    sender: str


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
    unsubscribe: str | None
    kept: str | None


async def insert(
    tx: Tx, messages: Sequence[tuple[UUID, NewMessage]], kept: Mapping[Channel, str]
) -> dict[UUID, MessageId]:
    """Plans the messages, or puts those of the `kept` channels into the inbox with a note; ids by the given UUIDs."""
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
            new.unsubscribe,
            kept.get(new.channel),
        )
        for uuid, new in messages
    ]

    def entry(id: int, uuid: UUID) -> tuple[UUID, MessageId]:
        return uuid, MessageId(id)

    inserted = await tx.rows(
        """
        INSERT INTO tenant.delivery_message
               (uuid, family, reference, channel, recipients, subject, body_text, body_html, parameters,
                unsubscribe, state, code, note, transport, tries, started, finished)
        SELECT new.uuid, new.family, new.reference, new.channel, new.recipients, new.subject, new.body_text,
               new.body_html, new.parameters, new.unsubscribe,
               CASE WHEN own.kept THEN 'kept' ELSE 'planned' END,
               CASE WHEN own.kept THEN 'KEPT' END, new.kept, CASE WHEN own.kept THEN 'inbox' END, own.kept::integer,
               CASE WHEN own.kept THEN now() END, CASE WHEN own.kept THEN now() END
          FROM jsonb_to_recordset(:rows::jsonb) AS new (
               uuid uuid, family text, reference bigint, channel text, recipients text[], subject text,
               body_text text, body_html text, parameters text[], unsubscribe text, kept text)
         CROSS JOIN LATERAL (SELECT new.kept IS NOT NULL AS kept) AS own
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


def _claimed(**row: Any) -> Claimed:
    named = dict(row)
    named["channel"] = Channel(row["channel"])
    named["recipients"] = tuple(row["recipients"])
    named["parameters"] = tuple(row["parameters"])
    named["refused"] = refusals_from_json(row["refused"])
    named["blocked"] = frozenset(row["blocked"])
    return Claimed(**named)


async def claim(tx: Runner, message: MessageId, sender: str, now: datetime) -> Claimed | None:
    """Makes the message this process's own, if it is planned and due, with who has blocked the sender; else None."""
    return await tx.row(
        """
        UPDATE tenant.delivery_message AS m
           SET state = 'sending', started = :now, tries = tries + 1, modified = :now
         WHERE id = :message AND state = 'planned' AND (due IS NULL OR due <= :now)
        RETURNING id, uuid, family, channel, recipients, subject, body_text AS text, body_html AS html, parameters,
                  unsubscribe, tries, refused::text AS refused,
                  ARRAY(SELECT b.address
                          FROM tenant.delivery_block AS b
                         WHERE b.channel = m.channel AND b.sender = :sender AND b.address = ANY(m.recipients)
                       ) AS blocked
        """,
        _claimed,
        message=message,
        sender=sender,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """What a transport answered to one call. Secrets are cut out of `raw` already."""

    code: Code
    note: str
    raw: str


async def finish(tx: Runner, claimed: Claimed, result: Result, tried: Sequence[Tried], now: datetime) -> bool:
    """Writes what came of the claimed try, and the answers in any case; False when it was given up meanwhile."""
    touched = await tx.execute(
        """
        WITH answered AS (
            INSERT INTO tenant.delivery_attempt (message, code, note, raw)
            SELECT :message::bigint, code, note, raw
              FROM unnest(:codes::text[], :notes::text[], :raws::text[]) WITH ORDINALITY AS a (code, note, raw, place)
             ORDER BY place
        )
        UPDATE tenant.delivery_message
           SET state = :state, code = :code, note = :note, refused = :refused::jsonb, provider_id = :provider_id,
               transport = :transport, sender = :sender, due = :due,
               finished = CASE WHEN :state = 'planned' THEN NULL ELSE :now::timestamptz END,
               modified = :now
         WHERE id = :message AND state = 'sending' AND tries = :tries
        """,
        message=claimed.id,
        tries=claimed.tries,
        codes=[one.code.value for one in tried],
        notes=[one.note for one in tried],
        raws=[one.raw for one in tried],
        state=result.stage.value,
        code=result.code.value,
        note=result.note,
        refused=result.refused,
        provider_id=result.provider_id,
        transport=result.transport,
        sender=result.sender,
        due=result.due,
        now=now,
    )
    return touched > 0


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


async def forget(tx: Tx, family: str, references: Sequence[int]) -> int:
    """Deletes the messages of a family that bear these references, with their attempts; how many."""
    return await tx.execute(
        "DELETE FROM tenant.delivery_message WHERE family = :family AND reference = ANY(:references)",
        family=family,
        references=references,
    )
