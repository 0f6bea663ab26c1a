"""Acting upon the outcome of a job: it is settled, or what follows its failure is written down.

Each outcome is acted upon once, whoever comes first: the request, a late report, or the sweep.
"""

from dataclasses import dataclass
from datetime import timedelta

from clerestory.families.escalation.members.store import members_by_id
from clerestory.families.escalation.notify import store
from clerestory.families.escalation.notify.deferral import Sweeps
from clerestory.families.escalation.notify.model import Job, fall_back
from clerestory.families.escalation.notify.record import Planned, Sendable, record
from clerestory.families.escalation.notify.store import LogFacts, OpenJob
from clerestory.families.escalation.policy import Policy, read_policy
from clerestory.families.escalation.wording.compose import Facts
from clerestory.kernel.channels import Channel, Code
from clerestory.kernel.links import PublicUrl
from clerestory.platform import jobs
from clerestory.platform.database import Tx
from clerestory.platform.delivery.message import MessageId
from clerestory.platform.tenancy import Scope

RECEIPT_TASK = "escalation.receipt"
RECEIPT_WITHIN = timedelta(seconds=120)
"""A WhatsApp block is never reported as such, so a severe message must be delivered within this time."""

_SEVERE = ("MAJOR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a message ended, and for which job: `taken` is not yet delivered."""

    job: Job
    message: MessageId
    code: Code

    @property
    def taken(self) -> bool:
        """Somebody took the message."""
        return self.code in (Code.SENT, Code.KEPT)


async def act(scope: Scope, ended: Ended) -> list[Sendable]:
    """What follows, to be sent now; nothing when the message was taken, or when this was acted upon before."""
    if ended.taken:
        await _settle(scope, ended)
        return []
    sweeps, swept = scope.part(Sweeps), False
    async with scope.begin() as tx:
        job = await store.lock_open_job(tx, ended.message)
        if job is None:
            return []
        following = await _fall_back(scope, tx, job, ended)
        if following:
            # The sweep of the log's first messages may have been over when these were written down.
            swept = await sweeps.defer(tx, scope.tenant.id)
    if swept:
        sweeps.deferred(scope.tenant.id)
    return following


async def _settle(scope: Scope, ended: Ended) -> None:
    if ended.job.channel is not Channel.WHATSAPP or ended.code is not Code.SENT:
        await store.settle_taken(scope.direct(), ended.message, scope.now)
        return
    async with scope.begin() as tx:
        severity = await store.settle_taken(tx, ended.message, scope.now)
        if severity in _SEVERE:
            arguments = {"message": int(ended.message)}
            await jobs.defer(tx, RECEIPT_TASK, arguments, tenant=scope.tenant.id, after=RECEIPT_WITHIN)


async def _fall_back(scope: Scope, tx: Tx, job: OpenJob, ended: Ended) -> list[Sendable]:
    policy = await read_policy(tx)
    people = await store.people_of(tx, job.id)
    members = await members_by_id(tx, people)
    failed = Job(ended.job.channel, ended.job.addresses, tuple(people))
    following = fall_back(failed, members, await store.told_of(tx, job.log), policy.channels)
    sendable: list[Sendable] = []
    log = await store.log_facts(tx, job.log) if following else None
    if log is not None:
        facts = _facts(scope, policy, log)
        planned = [Planned(job.log, job.chain, one, facts) for one in following]
        sendable = await record(tx, planned, policy.templates, scope.now)
    await store.settle(tx, job.id, following[0].channel if following else None, scope.now)
    return sendable


def _facts(scope: Scope, policy: Policy, log: LogFacts) -> Facts:
    return Facts(
        organisation=policy.name or scope.tenant.client,
        environment=log.environment,
        application=log.application,
        code=log.code,
        severity=log.severity,
        message=log.message,
        user_ref=log.user_ref,
        time=log.created,
        count=log.count,
        first_seen=log.first_seen,
        link=scope.part(PublicUrl).to(f"/log/{log.log_key}"),
    )
