"""Sending the digest of a hot issue: one message to each member for all that was held back of it and concerns them."""

from collections.abc import Iterable, Mapping, Sequence

from clerestory.families.escalation.members.model import Member
from clerestory.families.escalation.members.store import willing_members
from clerestory.families.escalation.noise import store
from clerestory.families.escalation.noise.store import Digest, Held, ToldRow
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
        taken = await store.take_digest(tx, issue)
        sendable = [] if taken is None else await _recorded(scope, tx, taken)
        if sendable:
            swept = await sweeps.defer(tx, scope.tenant.id)
    if swept:
        sweeps.deferred(scope.tenant.id)
    for one in sendable:
        await follow(scope, Chain(one))


async def _recorded(scope: Scope, tx: Tx, taken: Digest) -> list[Sendable]:
    policy = await read_policy(tx)
    # The digest was set by the first log that it stands for.
    held = await store.held_since(tx, taken.issue, taken.due - policy.quiet.digest_every)
    members = await willing_members(tx, [one.severity for one in held])
    planned: list[Planned] = []
    told: list[ToldRow] = []
    for concerning, people in _concerned(held, members).items():
        head = max(concerning, key=lambda one: one.severity.rank)
        facts = _facts(scope, policy, taken, concerning)
        jobs = plan(head.severity, people, policy.channels)
        planned += [Planned(head.log, chain, job, facts) for chain, job in enumerate(jobs, len(planned))]
        told += [ToldRow(taken.issue, one.id, scope.now, head.severity) for one in people]
    sendable = await record(tx, planned, policy.templates, scope.now)
    if told:
        await store.note_told(tx, told)
    return sendable


def _concerned(held: Sequence[Held], members: Iterable[Member]) -> Mapping[tuple[Held, ...], list[Member]]:
    """The members by what of it they want to hear of."""
    groups: dict[tuple[Held, ...], list[Member]] = {}
    for member in members:
        groups.setdefault(tuple(one for one in held if member.wants(one.severity)), []).append(member)
    return groups


def _facts(scope: Scope, policy: Policy, taken: Digest, held: Sequence[Held]) -> Facts:
    head = max(held, key=lambda one: one.severity.rank)
    return Facts(
        organisation=policy.name or scope.tenant.client,
        environment=taken.environment,
        application=taken.application,
        code=taken.code,
        severity=head.severity,
        message=head.message,
        user_ref=head.user_ref,
        time=head.created,
        count=taken.count,
        first_seen=taken.first_seen,
        link=scope.part(PublicUrl).to(f"/log/{head.log_key}"),
        digest=sum(one.held for one in held),
    )
