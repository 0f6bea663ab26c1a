"""Sending the digest of a hot issue: one message to each member for all that was held back of it."""

from clerestory.families.escalation.members.model import Severity
from clerestory.families.escalation.members.store import willing_members
from clerestory.families.escalation.noise import store
from clerestory.families.escalation.noise.store import Digest, ToldRow
from clerestory.families.escalation.notify.deferral import Sweeps
from clerestory.families.escalation.notify.model import plan
from clerestory.families.escalation.notify.record import Planned, Sendable, record
from clerestory.families.escalation.notify.send import Chain, follow
from clerestory.families.escalation.policy import Policy, read_policy
from clerestory.families.escalation.wording.compose import Facts
from clerestory.kernel.links import PublicUrl
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Scope


async def digest(scope: Scope, issue: int) -> None:
    """Tells what was held back of the issue; nothing when that was done already."""
    sweeps, swept = scope.part(Sweeps), False
    async with scope.begin() as tx:
        sendable = await _planned(scope, tx, issue)
        if sendable:
            swept = await sweeps.defer(tx, scope.tenant.id)
    if swept:
        sweeps.deferred(scope.tenant.id)
    for one in sendable:
        await follow(scope, Chain(one))


async def _planned(scope: Scope, tx: Tx, issue: int) -> list[Sendable]:
    policy = await read_policy(tx)
    now = scope.now
    taken = await store.take_digest(tx, issue, now - 2 * policy.quiet.digest_every)
    if taken is None:
        return []
    severity = Severity(taken.severity)
    members = await willing_members(tx, [severity])
    jobs = plan(severity, members, policy.channels)
    facts = _facts(scope, policy, taken)
    sendable = await record(
        tx, [Planned(taken.log, chain, job, facts) for chain, job in enumerate(jobs)], policy.templates, now
    )
    if sendable:
        people = sorted({person for job in jobs for person in job.people})
        await store.note_told(tx, [ToldRow(issue, person, now, severity) for person in people])
    return sendable


def _facts(scope: Scope, policy: Policy, taken: Digest) -> Facts:
    return Facts(
        organisation=policy.name or scope.tenant.client,
        environment=taken.environment,
        application=taken.application,
        code=taken.code,
        severity=taken.severity,
        message=taken.message,
        user_ref=taken.user_ref,
        time=taken.created,
        count=taken.count,
        first_seen=taken.first_seen,
        link=scope.part(PublicUrl).to(f"/log/{taken.log_key}"),
        digest=taken.held,
    )
