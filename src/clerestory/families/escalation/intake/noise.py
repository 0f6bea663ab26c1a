"""Noise control of a batch: each log of an issue is judged after the one before it, and what was held is noted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.families.escalation.intake.model import NewLog
from clerestory.families.escalation.intake.store import StoredLog, TouchedIssue
from clerestory.families.escalation.members.model import SEVERITIES, Member, Severity
from clerestory.families.escalation.noise import store
from clerestory.families.escalation.noise.model import Notice, Past, Quiet, Reason, Verdict, judge, words
from clerestory.families.escalation.noise.store import ToldRow
from clerestory.platform import jobs
from clerestory.platform.database import Tx

DIGEST_TASK = "escalation.digest"


@dataclass(frozen=True, slots=True)
class Batch:
    """The stored logs of one tenant that may be told, in the order in which they came, and their issues by id."""

    tenant: int
    logs: Sequence[tuple[NewLog, StoredLog]]
    issues: Mapping[int, TouchedIssue]
    now: datetime


async def judge_batch(tx: Tx, quiet: Quiet, batch: Batch, members: Sequence[Member]) -> list[Verdict]:
    """A verdict for each log, in order."""
    if not quiet.on:
        wanting = {severity: tuple(m for m in members if m.wants(severity)) for severity in SEVERITIES}
        return [Verdict(wanting[log.severity]) for log, _ in batch.logs]
    pasts = await _pasts(tx, quiet, batch)
    verdicts: list[Verdict] = []
    for log, stored in batch.logs:
        past = pasts[stored.issue]
        verdict = judge(quiet, log.severity, past, members, batch.now)
        pasts[stored.issue] = past.after(log.severity, batch.now, verdict, (m.id for m in verdict.members))
        verdicts.append(verdict)
    await _note(tx, quiet, batch, verdicts)
    return verdicts


async def _pasts(tx: Tx, quiet: Quiet, batch: Batch) -> dict[int, Past]:
    """What is known of each issue without this batch, whose logs stand in the numbers already."""
    ids = sorted(batch.issues)
    arrived = Counter(stored.issue for _, stored in batch.logs)
    by_severity = Counter((stored.issue, log.severity) for log, stored in batch.logs)
    told: dict[int, dict[int, Notice]] = {issue: {} for issue in ids}
    for row in await store.told(tx, ids):
        told[row.issue][row.person] = Notice(row.last, Severity(row.severity))
    limit = quiet.digest_after + len(batch.logs)
    counted = await store.recent(tx, ids, batch.now - quiet.digest_every, limit) if quiet.digest_after else []
    recent = {row.issue: row.recent for row in counted}
    return {
        issue: Past(
            highest=_highest(touched, by_severity),
            last_seen=touched.previous_seen,
            recent=max(0, recent.get(issue, 0) - arrived[issue]),
            digest_waits=touched.digest_due is not None,
            told=told[issue],
        )
        for issue, touched in batch.issues.items()
    }


def _highest(issue: TouchedIssue, arrived: Mapping[tuple[int, Severity], int]) -> Severity | None:
    counts = zip(SEVERITIES, (issue.low, issue.minor, issue.major, issue.critical), strict=True)
    before = [severity for severity, count in counts if count > arrived.get((issue.id, severity), 0)]
    return before[-1] if before else None


async def _note(tx: Tx, quiet: Quiet, batch: Batch, verdicts: Sequence[Verdict]) -> None:
    told: dict[tuple[int, int], ToldRow] = {}
    held: list[tuple[int, str]] = []
    hot: set[int] = set()
    for (log, stored), verdict in zip(batch.logs, verdicts, strict=True):
        for member in verdict.members:
            told[stored.issue, member.id] = ToldRow(stored.issue, member.id, batch.now, log.severity)
        if text := words(quiet, verdict):
            held.append((stored.id, text))
        if verdict.reason is Reason.HOT and verdict.held:
            hot.add(stored.issue)
    if told:
        await store.note_told(tx, list(told.values()))
    if held:
        await store.note_held(tx, [log for log, _ in held], [text for _, text in held])
    if hot:
        for issue in await store.await_digest(tx, sorted(hot), batch.now + quiet.digest_every):
            await jobs.defer(tx, DIGEST_TASK, {"issue": issue}, tenant=batch.tenant, after=quiet.digest_every)
