"""A message with its life: planned, sending, then sent, kept or failed. Values and rules, nothing to wait for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from clerestory.kernel.channels import Channel, Code
from clerestory.platform.delivery.callbacks import State as Arrival
from clerestory.platform.delivery.callbacks import StatusReport
from clerestory.platform.delivery.outcome import SENT_NOTE, Outcome, Refusal
from clerestory.platform.delivery.smtp_replies import RETRIES

MessageId = NewType("MessageId", int)

UNKNOWN_FATE = "The server stopped while it was sending, so nobody knows whether this message arrived"
UNDER_WAY = "The message is being sent"

_RANK = {None: 0, Arrival.SENT: 1, Arrival.DELIVERED: 2, Arrival.READ: 3}


class Stage(StrEnum):
    """Where a message stands. The last three are final, but a provider may still report that a sent one failed."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be sent: one mail to all its addresses, or one text to one number in E.164.

    `family` and `reference` are the caller's own; by `family` it hears of what becomes known later. `parameters` fill
    an approved WhatsApp template. `unsubscribe`: the address by which the recipient of a mail ends such mails.
    """

    family: str
    channel: Channel
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str | None = None
    reference: int | None = None
    parameters: tuple[str, ...] = ()
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message and what is known of it. `code` and `note` are those of the latest attempt or report."""

    id: MessageId
    uuid: UUID
    family: str
    reference: int | None
    channel: Channel
    recipients: tuple[str, ...]
    stage: Stage
    code: Code | None
    note: str
    refused: tuple[Refusal, ...]
    transport: str | None
    sender: str | None
    provider_id: str | None
    tries: int
    due: datetime | None
    arrival: Arrival | None
    created: datetime
    started: datetime | None
    finished: datetime | None

    def outcome(self, now: datetime) -> Outcome:
        """What is known as an Outcome: with `retry_after` it is not the last word."""
        if self.stage is Stage.SENDING or self.code is None:
            return Outcome(Code.PROVIDER_TIMEOUT, UNDER_WAY, retry_after=timedelta(0))
        again = max((self.due or now) - now, timedelta(0)) if self.stage is Stage.PLANNED else None
        return Outcome(self.code, self.note, self.provider_id, retry_after=again, refused=self.refused)


class _StoredRefusal(msgspec.Struct, omit_defaults=True):
    address: str
    code: Code
    note: str
    again: bool = False


def refusals_as_json(refused: Sequence[Refusal]) -> str:
    """The refused addresses as they are stored, without the server's own words."""
    stored = [
        _StoredRefusal(one.address, one.outcome.code, one.outcome.note, one.outcome.retry_after is not None)
        for one in refused
    ]
    return msgspec.json.encode(stored).decode()


def refusals_from_json(text: str) -> tuple[Refusal, ...]:
    """The refused addresses again; with a `retry_after` those that are tried once more."""
    stored = msgspec.json.decode(text, type=list[_StoredRefusal])
    return tuple(
        Refusal(one.address, Outcome(one.code, one.note, retry_after=timedelta(0) if one.again else None))
        for one in stored
    )


def stage_after(outcome: Outcome, pause: timedelta | None) -> Stage:
    """Where an attempt leaves the message; with a pause it is tried again, if only for some of its addresses."""
    if pause is not None:
        return Stage.PLANNED
    if outcome.code is Code.KEPT:
        return Stage.KEPT
    return Stage.SENT if outcome.code is Code.SENT else Stage.FAILED


def waiting(refused: Sequence[Refusal]) -> tuple[str, ...]:
    """The refused addresses that a repetition may reach yet."""
    return tuple(one.address for one in refused if one.outcome.retry_after is not None)


def together(recipients: Sequence[str], earlier: Sequence[Refusal], last: Outcome) -> Outcome:
    """What is known of a whole message when `last` came of a repetition for those that an earlier try left waiting."""
    tried = waiting(earlier)
    if not tried:
        return last
    named = {one.address for one in last.refused}
    unnamed = () if last.accepted else tuple(Refusal(address, last) for address in tried if address not in named)
    final = tuple(one for one in earlier if one.outcome.retry_after is None)
    refused = (*final, *last.refused, *unnamed)
    if last.accepted or len(earlier) < len(recipients):
        return replace(last, code=Code.SENT, note=SENT_NOTE, retry_after=None, refused=refused)
    return replace(last, refused=refused)


def paused(outcome: Outcome, channel: Channel, tries: int) -> tuple[Outcome, timedelta | None]:
    """The outcome after this many tries, and after which pause there is another: for the whole, or who waits yet."""
    again = outcome.retry_after is not None or bool(waiting(outcome.refused))
    pause = pause_before_retry(channel, tries) if again else None
    if pause is None:
        over = tuple(Refusal(one.address, replace(one.outcome, retry_after=None)) for one in outcome.refused)
        return replace(outcome, retry_after=None, refused=over), None
    # Once somebody has the mail it counts as sent, whoever waits.
    return replace(outcome, retry_after=None if outcome.accepted else pause), pause


def pause_before_retry(channel: Channel, tries: int) -> timedelta | None:
    """How long a mail waits after its first, second, … try; None: no more. Phones have their fallback instead."""
    if channel is not Channel.EMAIL or tries > len(RETRIES):
        return None
    return RETRIES[tries - 1]


def is_news(message: Message, report: StatusReport) -> bool:
    """Whether a report tells more than is known. Reports come twice and in any order; what arrived has not failed."""
    if report.state is Arrival.FAILED:
        return message.stage is Stage.SENT and _RANK.get(message.arrival, 0) < _RANK[Arrival.DELIVERED]
    return message.arrival is not Arrival.FAILED and _RANK[report.state] > _RANK.get(message.arrival, 0)
