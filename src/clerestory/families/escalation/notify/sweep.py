"""What a crash left open: planned messages are sent, those under way are given up, failures fall back.

Nothing is sent twice: what was under way when the process died may have arrived, so it counts as timed out.
"""

from datetime import timedelta

from clerestory.families.escalation.notify import store
from clerestory.families.escalation.notify.follow import Ended, act
from clerestory.families.escalation.notify.model import Job
from clerestory.families.escalation.notify.record import FAMILY, Sendable
from clerestory.families.escalation.notify.send import Chain, follow
from clerestory.kernel.channels import Code
from clerestory.platform import delivery, jobs
from clerestory.platform.database import Tx
from clerestory.platform.delivery.message import Message, MessageId, Stage
from clerestory.platform.tenancy import Scope

SWEEP_TASK = "escalation.sweep"
SWEEP_AFTER = timedelta(seconds=60)
_LEFT_OPEN = timedelta(seconds=30)
_PORTION = 500


async def defer_sweep(tx: Tx, tenant: int) -> None:
    """Has this tenant swept when all that was planned until shortly after now should be done."""
    await jobs.defer(tx, SWEEP_TASK, {}, tenant=tenant, after=SWEEP_AFTER)


async def sweep(scope: Scope, left_open: timedelta = _LEFT_OPEN) -> None:
    """Finishes what has stood open for this long; what is younger is somebody's work in hand."""
    before = scope.now - left_open
    for message in await delivery.open_messages(scope.direct(), FAMILY, older_than=before):
        if message.stage is Stage.SENDING:
            await _give_up(scope, message)
        elif message.reference is not None:
            await follow(scope, Chain(Sendable(_job(message), message.id)))
    for number in await store.open_failures(scope.direct(), before, _PORTION):
        ended = await delivery.read(scope.direct(), MessageId(number))
        if ended is not None and ended.code is not None:
            await settle(scope, ended, ended.code)


async def settle(scope: Scope, message: Message, code: Code) -> None:
    """Acts upon the end of a message, and sends what follows."""
    for sendable in await act(scope, Ended(_job(message), message.id, code)):
        await follow(scope, Chain(sendable))


async def _give_up(scope: Scope, message: Message) -> None:
    async with scope.begin() as tx:
        given_up = await delivery.give_up(tx, message.id, scope.now)
    if given_up:
        await settle(scope, message, Code.PROVIDER_TIMEOUT)


def _job(message: Message) -> Job:
    return Job(message.channel, message.recipients, ())
