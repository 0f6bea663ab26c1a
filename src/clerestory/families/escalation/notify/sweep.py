"""What a crash left open: planned messages are sent, those under way are given up, failures fall back.

Nothing is sent twice: what was under way when the process died may have arrived, so it counts as timed out.
"""

from datetime import timedelta

from clerestory.families.escalation.notify import store
from clerestory.families.escalation.notify.deferral import SWEEP_TASK, Sweeps
from clerestory.families.escalation.notify.follow import Ended, act
from clerestory.families.escalation.notify.model import Job
from clerestory.families.escalation.notify.record import FAMILY, Sendable
from clerestory.families.escalation.notify.send import Chain, follow
from clerestory.kernel.channels import Code
from clerestory.platform import delivery, jobs
from clerestory.platform.delivery.message import Message, MessageId, Stage
from clerestory.platform.tenancy import Scope

__all__ = ["PORTION", "SWEEP_TASK", "settle", "sweep"]

PORTION = 500
_NEXT = timedelta(seconds=1)


async def sweep(scope: Scope, left_open: timedelta | None = None, portion: int = PORTION) -> None:
    """Finishes what has stood open for this long; what is younger is somebody's work in hand.

    What is beyond the portion, another sweep finishes. A message that cannot be finished holds up no other; what it
    died of is raised at the end.
    """
    settings = scope.part(Sweeps).settings
    before = scope.now - (settings.left_open if left_open is None else left_open)
    found = await delivery.open_messages(scope.direct(), FAMILY, older_than=before, limit=portion)
    faults = await jobs.each(found, lambda message: _finish(scope, message))
    ended = await store.open_failures(scope.direct(), before, portion)
    faults += await jobs.each(ended, lambda number: _act_upon(scope, MessageId(number)))
    full = portion in (len(found), len(ended))
    if full and len(faults) < len(found) + len(ended):
        async with scope.begin() as tx:
            await jobs.defer(tx, SWEEP_TASK, {}, tenant=scope.tenant.id, after=_NEXT)
    if faults:
        raise faults[0]


async def settle(scope: Scope, message: Message, code: Code) -> None:
    """Acts upon the end of a message, and sends what follows."""
    for sendable in await act(scope, Ended(_job(message), message.id, code)):
        await follow(scope, Chain(sendable))


async def _finish(scope: Scope, message: Message) -> None:
    if message.stage is Stage.SENDING:
        await _give_up(scope, message)
    elif message.reference is not None:
        await follow(scope, Chain(Sendable(_job(message), message.id)))


async def _act_upon(scope: Scope, number: MessageId) -> None:
    ended = await delivery.read(scope.direct(), number)
    if ended is not None and ended.code is not None:
        await settle(scope, ended, ended.code)


async def _give_up(scope: Scope, message: Message) -> None:
    async with scope.begin() as tx:
        given_up = await delivery.give_up(tx, message.id, scope.now)
    if given_up:
        await settle(scope, message, Code.PROVIDER_TIMEOUT)


def _job(message: Message) -> Job:
    return Job(message.channel, message.recipients, ())
