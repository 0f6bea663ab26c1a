"""Writing down what is going to be sent: messages, jobs and recipients, in the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.families.escalation.notify import store
from clerestory.families.escalation.notify.model import Job
from clerestory.families.escalation.notify.store import NewJob
from clerestory.families.escalation.wording.compose import Facts, Text, compose
from clerestory.kernel.channels import Channel
from clerestory.platform import delivery
from clerestory.platform.database import Tx
from clerestory.platform.delivery.inbox import keep
from clerestory.platform.delivery.message import MessageId, NewMessage

FAMILY = "escalation"


@dataclass(frozen=True, slots=True)
class Planned:
    """A job to be written down: of which log, at which place, and what its message tells."""

    log: int
    chain: int
    job: Job
    facts: Facts


@dataclass(frozen=True, slots=True)
class Sendable:
    """A job that stands in the database and is to be sent after the commit, unless it was kept in the inbox at once.

    `kept` says so in words; else it is empty.
    """

    job: Job
    message: MessageId
    kept: str = ""


async def record(
    tx: Tx, planned: Sequence[Planned], own: Mapping[str, str], now: datetime, inbox: Collection[Channel] = ()
) -> list[Sendable]:
    """Composes and plans all the messages, with the organisation's own templates; in order.

    Those of the `inbox` channels are kept at once.
    """
    if not planned:
        return []
    # The same words go to each number: what is rendered for a log's channel is rendered once.
    texts: dict[tuple[int, Channel], Text] = {}
    for one in planned:
        place = id(one.facts), one.job.channel
        texts[place] = texts.get(place) or compose(one.job.channel, one.facts, own)
    new = [_message(one, texts[id(one.facts), one.job.channel]) for one in planned]
    messages = await delivery.record_all(tx, new, inbox)
    written = [
        NewJob(one.log, message, one.chain, one.job, one.job.channel in inbox)
        for one, message in zip(planned, messages, strict=True)
    ]
    await store.insert_jobs(tx, written, now)
    notes = {channel: keep(channel).note for channel in inbox}
    return [
        Sendable(one.job, message, notes.get(one.job.channel, ""))
        for one, message in zip(planned, messages, strict=True)
    ]


def _message(planned: Planned, text: Text) -> NewMessage:
    return NewMessage(
        family=FAMILY,
        channel=planned.job.channel,
        recipients=planned.job.addresses,
        subject=text.subject,
        text=text.text,
        html=text.html,
        reference=planned.log,
    )
