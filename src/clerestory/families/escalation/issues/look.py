"""The verbs of whoever looks at issues: a page of them, and one with a page of its logs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from clerestory.families.escalation.issues import store
from clerestory.families.escalation.issues.model import DAYS, Line, Wanted, line
from clerestory.families.escalation.issues.store import Issue, Listed, Log, LogJob
from clerestory.kernel.errors import NotFound
from clerestory.kernel.paging import Page, Window
from clerestory.kernel.values import MOST
from clerestory.platform.tenancy import Right, Scope

_LOGS = 20
_USERS = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """An issue of a list, with its last days."""

    issue: Listed
    line: Line


@dataclass(frozen=True, slots=True)
class Close:
    """One issue with its last days, some of its users, and a page of its logs; `older` leads to the next page."""

    issue: Issue
    line: Line
    users: Sequence[str]
    logs: Sequence[tuple[Log, Sequence[LogJob]]]
    older: int | None


async def page(scope: Scope, wanted: Wanted, window: Window) -> Page[Sight]:
    """A part of the tenant's issues, the latest seen first."""
    scope.require(Right.READ)
    rows = await store.listed(scope.direct(), wanted, window)
    lines = await _lines(scope, [row.id for row in rows])
    return Page([Sight(row, lines[row.id]) for row in rows], rows[0].total if rows else 0)


async def one(scope: Scope, issue: int, before: int | None) -> Close:
    """One issue, with the logs from before the log of this id on. Raises NotFound."""
    scope.require(Right.READ)
    runner = scope.direct()
    found = await store.one(runner, issue) if 0 < issue <= MOST else None
    if found is None:
        raise NotFound("There is no such issue.")
    # One more than is shown says whether the list goes on.
    logs = await store.logs(runner, issue, before, _LOGS + 1)
    shown = logs[:_LOGS]
    jobs: dict[int, list[LogJob]] = defaultdict(list)
    for job in await store.jobs(runner, [log.id for log in shown]):
        jobs[job.log].append(job)
    return Close(
        found,
        (await _lines(scope, [issue]))[issue],
        await store.users(runner, issue, _USERS),
        [(log, jobs[log.id]) for log in shown],
        shown[-1].id if len(logs) > _LOGS else None,
    )


async def _lines(scope: Scope, issues: Sequence[int]) -> dict[int, Line]:
    today = scope.now.astimezone(UTC).date()
    counts: dict[int, dict[date, int]] = {issue: {} for issue in issues}
    if issues:
        for row in await store.day_counts(scope.direct(), issues, today - timedelta(days=DAYS - 1)):
            counts[row.issue][row.day] = row.count
    return {issue: line(days, today) for issue, days in counts.items()}
