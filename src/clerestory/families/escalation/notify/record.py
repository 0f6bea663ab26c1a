"""Writing down what is going to be sent: messages, jobs and recipients, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.families.escalation.notify import store
from clerestory.families.escalation.notify.model import Job
from clerestory.families.escalation.notify.store import NewJob
from clerestory.families.escalation.wording.compose import Facts, compose
from clerestory.platform import delivery
from clerestory.platform.database import Tx
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
    """A job that stands in the database and is to be sent after the commit."""

    job: Job
    message: MessageId


async def record(tx: Tx, planned: Sequence[Planned], own: Mapping[str, str], now: datetime) -> list[Sendable]:
    """Composes and plans all the messages, with the organisation's own templates; in order."""
    if not planned:
        return []
    messages = await delivery.record_all(tx, [_message(one, own) for one in planned])
    written = [NewJob(one.log, message, one.chain, one.job) for one, message in zip(planned, messages, strict=True)]
    await store.insert_jobs(tx, written, now)
    return [Sendable(one.job, message) for one, message in zip(planned, messages, strict=True)]


def _message(planned: Planned, own: Mapping[str, str]) -> NewMessage:
    text = compose(planned.job.channel, planned.facts, own)
    return NewMessage(
        family=FAMILY,
        channel=planned.job.channel,
        recipients=planned.job.addresses,
        subject=text.subject,
        text=text.text,
        html=text.html,
        reference=planned.log,
    )
