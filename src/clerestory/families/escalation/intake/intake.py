"""The shared commit of logs: what arrives together is stored, grouped and planned in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.families.escalation.intake import store
from clerestory.families.escalation.intake.announce import Announcer
from clerestory.families.escalation.intake.model import Environment, NewLog
from clerestory.families.escalation.intake.noise import Batch
from clerestory.families.escalation.members.model import SEVERITIES, Severity
from clerestory.families.escalation.members.store import willing_members
from clerestory.families.escalation.notify.deferral import Sweeps
from clerestory.families.escalation.notify.model import Job, plan
from clerestory.families.escalation.notify.record import Sendable
from clerestory.families.escalation.policy import Policy, policy_of
from clerestory.kernel.links import PublicUrl
from clerestory.platform.database import Database, GroupCommit, Tx
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.identity import organisation
from clerestory.platform.tenancy import Tenant


@dataclass(frozen=True, slots=True)
class Arrival:
    """A log on its way in: whose, and when it came."""

    tenant: Tenant
    log: NewLog
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """A log that is stored for good. `jobs` are the first choices of DEV, `sendable` what is to be sent in PROD."""

    mirrored: bool
    jobs: Sequence[Job] = ()
    sendable: Sequence[Sendable] = ()
    swept: bool = False


class Intake(GroupCommit[Arrival, Accepted]):
    """Takes logs in, for all tenants of the process."""

    def __init__(self, database: Database, public_url: PublicUrl, routing: Routing, sweeps: Sweeps) -> None:
        super().__init__(database, self._store)
        self._public_url = public_url
        self._routing = routing
        self._tasks = routing.defaults.clickup() is not None
        self._sweeps = sweeps

    async def take(self, arrival: Arrival) -> Accepted:
        """What came of the log, after its commit. Raises Overloaded when too many wait."""
        accepted = await self.submit(arrival.tenant.schema, arrival)
        if accepted.swept:
            self._sweeps.deferred(arrival.tenant.id)
        return accepted

    async def _store(self, tx: Tx, arrivals: Sequence[Arrival]) -> list[Accepted]:
        tenant, now = arrivals[0].tenant, max(arrival.at for arrival in arrivals)
        settings = await organisation.read(tx)
        policy = policy_of(settings)
        members = await willing_members(tx, sorted({arrival.log.severity for arrival in arrivals}))
        stored = {row.log_key: row for row in await store.insert_logs(tx, tenant.id, _logs(arrivals), now)}
        live = [(log, stored[log.log_key]) for log in _logs(arrivals) if log.environment is Environment.PROD]
        sendable: Mapping[str, Sequence[Sendable]] = {}
        if live:
            issues = await store.touched_issues(tx, sorted({row.issue for _, row in live}))
            batch = Batch(tenant.id, live, {issue.id: issue for issue in issues}, now)
            tasks = self._tasks or policy.own_list
            name, inbox = policy.name or tenant.client, self._routing.inbox(settings)
            announcer = Announcer(policy, members, self._public_url, name, tasks, inbox)
            sendable = await announcer.announce(tx, batch)
        swept = await self._swept_later(tx, tenant, sendable)
        first = {severity: plan(severity, members, policy.channels) for severity in SEVERITIES}
        return [_accepted(policy, log, first, sendable, swept=swept) for log in _logs(arrivals)]

    async def _swept_later(self, tx: Tx, tenant: Tenant, sendable: Mapping[str, Sequence[Sendable]]) -> bool:
        waiting = any(not one.kept for several in sendable.values() for one in several)
        return waiting and await self._sweeps.defer(tx, tenant.id)


def _logs(arrivals: Sequence[Arrival]) -> list[NewLog]:
    return [arrival.log for arrival in arrivals]


def _accepted(
    policy: Policy,
    log: NewLog,
    first: Mapping[Severity, Sequence[Job]],
    sendable: Mapping[str, Sequence[Sendable]],
    *,
    swept: bool,
) -> Accepted:
    if log.environment is Environment.DEV:
        return Accepted(policy.mirrored, jobs=first[log.severity])
    return Accepted(policy.mirrored, sendable=sendable[log.log_key], swept=swept)
