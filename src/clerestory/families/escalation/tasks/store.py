"""The task of an issue: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clerestory.families.escalation.members.model import Severity
from clerestory.families.escalation.tasks.model import TaskState
from clerestory.platform.database import Runner, Tx


@dataclass(frozen=True, slots=True)
class Kept:
    """An issue's task, and what a new one would say of the issue. `tried`: one was asked for before these attempts."""

    issue: int
    uuid: UUID
    application: str
    code: str
    count: int
    first_seen: datetime
    last_seen: datetime
    highest: Severity
    state: TaskState
    task_id: str | None
    task_url: str | None
    attempts: int
    tried: bool
    commented: datetime | None
    message: str
    log_key: str


def _kept(highest: str, state: str, **rest: Any) -> Kept:
    return Kept(highest=Severity(highest), state=TaskState(state), **rest)


async def want(tx: Tx, issues: Sequence[int], now: datetime) -> None:
    """Claims the tasks of these issues, which the transaction holds."""
    await tx.execute(
        """
        UPDATE tenant.escalation_issue
           SET task_state = CASE task_state WHEN 'made' THEN 'made' ELSE 'wanted' END,
               task_checked = :now,
               task_tried = task_tried OR task_attempts > 0,
               task_attempts = 0,
               modified = :now
         WHERE id = ANY(:issues)
        """,
        issues=issues,
        now=now,
    )


async def lease(tx: Tx, issue: int, now: datetime, until: datetime) -> bool:
    """Takes an issue's task in hand for a while; False while another has it. Counts the attempt."""
    touched = await tx.execute(
        """
        UPDATE tenant.escalation_issue
           SET task_lease = :until, task_attempts = task_attempts + 1, modified = :now
         WHERE id = :issue
           AND task_state IN ('wanted', 'made')
           AND (task_lease IS NULL OR task_lease <= :now)
        """,
        issue=issue,
        now=now,
        until=until,
    )
    return touched > 0


async def kept(tx: Runner, issue: int) -> Kept | None:
    """The issue's task with its latest log; None when there is nothing to do for it."""
    return await tx.row(
        """
        SELECT i.id AS issue, i.uuid, i.application, i.code, i.count, i.first_seen, i.last_seen, i.highest,
               i.task_state AS state, i.task_id, i.task_url, i.task_attempts AS attempts, i.task_tried AS tried,
               i.task_commented AS commented, l.message, l.log_key
          FROM tenant.escalation_issue AS i
          JOIN LATERAL (
               SELECT message, log_key
                 FROM tenant.escalation_log
                WHERE issue = i.id
                ORDER BY id DESC
                LIMIT 1
               ) AS l ON true
         WHERE i.id = :issue
           AND i.task_state IN ('wanted', 'made')
        """,
        _kept,
        issue=issue,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What came of looking after a task."""

    state: TaskState
    task_id: str | None
    task_url: str | None
    note: str
    attempts: int
    commented: datetime | None


async def release(tx: Tx, issue: int, change: Change, now: datetime) -> None:
    """Writes the change and lets the task go."""
    await tx.execute(
        """
        UPDATE tenant.escalation_issue
           SET task_state = :state, task_id = :task_id, task_url = :task_url, task_note = :note,
               task_attempts = :attempts, task_commented = :commented, task_lease = NULL, modified = :now
         WHERE id = :issue
        """,
        issue=issue,
        state=change.state,
        task_id=change.task_id,
        task_url=change.task_url,
        note=change.note,
        attempts=change.attempts,
        commented=change.commented,
        now=now,
    )
