"""The escalation itself: the log is stored for good, then people are told, and only then the answer is given."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from clerestory.families.escalation.intake.intake import Arrival, Intake
from clerestory.families.escalation.intake.model import NewLog
from clerestory.families.escalation.notify.model import DEV_RESULT, Job, Result
from clerestory.families.escalation.notify.send import Outbox
from clerestory.platform.tenancy import Right, Scope


@dataclass(frozen=True, slots=True)
class Escalated:
    """What became of a log: its jobs with their results, in the order of the answer."""

    jobs: Sequence[tuple[Job, Result]]
    mirrored: bool


async def escalate(scope: Scope, log: NewLog) -> Escalated:
    """Stores the log, tells its people, and says what came of each job so far.

    Raises ReadOnly, Forbidden, and Overloaded when too many logs of this tenant wait to be stored.
    """
    scope.require(Right.WRITE)
    begun = asyncio.get_running_loop().time()
    accepted = await scope.part(Intake).take(Arrival(scope.tenant, log, scope.now))
    if not accepted.sendable:
        return Escalated([(job, DEV_RESULT) for job in accepted.jobs], accepted.mirrored)
    steps = await scope.part(Outbox).deliver(scope, accepted.sendable, begun)
    return Escalated([(step.job, step.shown) for step in steps], accepted.mirrored)
