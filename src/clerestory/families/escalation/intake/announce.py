"""What follows from stored logs of PROD, in the transaction that stored them: who is told, which tasks are wanted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clerestory.families.escalation.intake.model import NewLog
from clerestory.families.escalation.intake.noise import Batch, judge_batch
from clerestory.families.escalation.intake.store import TouchedIssue
from clerestory.families.escalation.members.model import Member
from clerestory.families.escalation.noise.model import Verdict
from clerestory.families.escalation.notify.model import plan
from clerestory.families.escalation.notify.record import Planned, Sendable, record
from clerestory.families.escalation.policy import Policy
from clerestory.families.escalation.tasks import claim
from clerestory.families.escalation.tasks.model import TaskState, due
from clerestory.families.escalation.wording.compose import Facts
from clerestory.kernel.channels import Channel
from clerestory.kernel.links import PublicUrl
from clerestory.platform.database import Tx


@dataclass(frozen=True, slots=True)
class Announcer:
    """Decides for one batch. `organisation` is how messages call the tenant; `tasks`: there is a list for tasks.

    `inbox` are the channels whose messages nobody carries.
    """

    policy: Policy
    members: Sequence[Member]
    public_url: PublicUrl
    organisation: str
    tasks: bool
    inbox: frozenset[Channel]

    async def announce(self, tx: Tx, batch: Batch) -> dict[str, list[Sendable]]:
        """The jobs to send, by log key. Tasks that are due are claimed and deferred."""
        verdicts = await judge_batch(tx, self.policy.quiet, batch, self.members)
        planned = self._planned(batch, verdicts)
        jobs = [one for _, one in planned]
        sendable = iter(await record(tx, jobs, self.policy.templates, batch.now, self.inbox))
        by_key: dict[str, list[Sendable]] = {stored.log_key: [] for _, stored in batch.logs}
        for log_key, _ in planned:
            by_key[log_key].append(next(sendable))
        await claim.claim(tx, batch.tenant, self._wanted(batch), batch.now)
        return by_key

    def _planned(self, batch: Batch, verdicts: Sequence[Verdict]) -> list[tuple[str, Planned]]:
        planned = []
        later = Counter(stored.issue for _, stored in batch.logs)
        for (log, stored), verdict in zip(batch.logs, verdicts, strict=True):
            later[stored.issue] -= 1
            issue = batch.issues[stored.issue]
            jobs = plan(log.severity, verdict.members, self.policy.channels)
            if jobs:
                facts = self._facts(batch, log, issue, count=issue.count - later[stored.issue])
                chains = enumerate(jobs)
                planned += [(log.log_key, Planned(stored.id, chain, job, facts)) for chain, job in chains]
        return planned

    def _facts(self, batch: Batch, log: NewLog, issue: TouchedIssue, *, count: int) -> Facts:
        return Facts(
            organisation=self.organisation,
            environment=log.environment,
            application=log.application,
            code=log.code,
            severity=log.severity,
            message=log.message,
            user_ref=log.user_ref,
            time=batch.now,
            count=count,
            first_seen=issue.first_seen,
            link=self.public_url.to(f"/log/{log.log_key}"),
        )

    def _wanted(self, batch: Batch) -> list[int]:
        if not self.tasks:
            return []
        least = self.policy.task_severity.rank
        severe = {stored.issue for log, stored in batch.logs if log.severity.rank >= least}
        return [
            issue.id
            for issue in batch.issues.values()
            if issue.id in severe and due(TaskState(issue.task_state), issue.task_checked, batch.now)
        ]
