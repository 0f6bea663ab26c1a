"""Issues and their logs for pages: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clerestory.families.escalation.issues.model import Wanted
from clerestory.families.escalation.members.model import Severity
from clerestory.families.escalation.tasks.model import TaskState
from clerestory.kernel.channels import Channel, Code
from clerestory.kernel.paging import Window
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Listed:
    """An issue in a list. `message` is its latest log's; `total` counts the whole list."""

    id: int
    environment: str
    application: str
    code: str
    highest: Severity
    count: int
    users: int
    first_seen: datetime
    last_seen: datetime
    task_state: TaskState
    task_url: str | None
    message: str
    total: int


def _listed(highest: str, task_state: str, **rest: Any) -> Listed:
    return Listed(highest=Severity(highest), task_state=TaskState(task_state), **rest)


async def listed(runner: Runner, wanted: Wanted, window: Window) -> list[Listed]:
    """A part of the list, the latest seen first."""
    return await runner.rows(
        """
        WITH found AS MATERIALIZED (
            SELECT i.id, count(*) OVER () AS total
              FROM tenant.escalation_issue AS i
             WHERE (:application::text IS NULL OR i.application = :application)
               AND (:severity::text IS NULL OR i.highest = :severity)
               AND (:environment::text IS NULL OR i.environment = :environment)
               AND (:seen_since::timestamptz IS NULL OR i.last_seen >= :seen_since)
               AND (:pattern::text IS NULL
                    OR i.code ILIKE :pattern
                    OR i.application ILIKE :pattern
                    OR (SELECT l.message
                          FROM tenant.escalation_log AS l
                         WHERE l.issue = i.id
                         ORDER BY l.id DESC
                         LIMIT 1) ILIKE :pattern)
             ORDER BY i.last_seen DESC, i.id DESC
             LIMIT :limit OFFSET :offset
        )
        SELECT i.id, i.environment, i.application, i.code, i.highest, i.count,
               (SELECT count(*) FROM tenant.escalation_issue_user AS u WHERE u.issue = i.id) AS users,
               i.first_seen, i.last_seen, i.task_state, i.task_url, COALESCE(l.message, '') AS message, f.total
          FROM found AS f
          JOIN tenant.escalation_issue AS i ON i.id = f.id
          LEFT JOIN LATERAL (
               SELECT message
                 FROM tenant.escalation_log
                WHERE issue = i.id
                ORDER BY id DESC
                LIMIT 1
               ) AS l ON true
         ORDER BY i.last_seen DESC, i.id DESC
        """,
        _listed,
        application=wanted.application,
        severity=wanted.severity,
        environment=wanted.environment,
        seen_since=wanted.seen_since,
        pattern=None if wanted.text is None else _containing(wanted.text),
        limit=window.limit,
        offset=window.offset,
    )


def _containing(text: str) -> str:
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


async def applications(runner: Runner) -> list[str]:
    """The applications that have issues, by name, as many as a list of choices may hold."""
    return await runner.values(
        """
        SELECT DISTINCT application
          FROM tenant.escalation_issue
         ORDER BY application
         LIMIT 200
        """
    )


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many logs an issue had on one day, in UTC."""

    issue: int
    day: date
    count: int


async def day_counts(runner: Runner, issues: Sequence[int], since: date) -> list[DayCount]:
    """The days of these issues from `since` on that had logs."""
    return await runner.rows(
        """
        SELECT issue, day, count
          FROM tenant.escalation_issue_day
         WHERE issue = ANY(:issues)
           AND day >= :since
         ORDER BY issue, day
        """,
        DayCount,
        issues=issues,
        since=since,
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue with all that is known of it."""

    id: int
    environment: str
    application: str
    code: str
    highest: Severity
    count: int
    low: int
    minor: int
    major: int
    critical: int
    users: int
    first_seen: datetime
    last_seen: datetime
    task_state: TaskState
    task_url: str | None
    task_note: str
    digest_due: datetime | None

    def by_severity(self) -> dict[Severity, int]:
        """How many logs of each severity, the most severe first."""
        return {
            Severity.CRITICAL: self.critical,
            Severity.MAJOR: self.major,
            Severity.MINOR: self.minor,
            Severity.LOW: self.low,
        }


def _issue(highest: str, task_state: str, **rest: Any) -> Issue:
    return Issue(highest=Severity(highest), task_state=TaskState(task_state), **rest)


async def one(runner: Runner, issue: int) -> Issue | None:
    """One issue by its id."""
    return await runner.row(
        """
        SELECT i.id, i.environment, i.application, i.code, i.highest, i.count, i.low, i.minor, i.major, i.critical,
               (SELECT count(*) FROM tenant.escalation_issue_user AS u WHERE u.issue = i.id) AS users,
               i.first_seen, i.last_seen, i.task_state, i.task_url, i.task_note, i.digest_due
          FROM tenant.escalation_issue AS i
         WHERE i.id = :issue
        """,
        _issue,
        issue=issue,
    )


async def users(runner: Runner, issue: int, limit: int) -> list[str]:
    """The users whom the issue touched, the latest first."""
    return await runner.values(
        """
        SELECT user_ref
          FROM tenant.escalation_issue_user
         WHERE issue = :issue
         ORDER BY id DESC
         LIMIT :limit
        """,
        issue=issue,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class Log:
    """A log of an issue. `held` says what was held back of it."""

    id: int
    log_key: str
    severity: Severity
    message: str
    user_ref: str | None
    held: str
    created: datetime


def _log(severity: str, **rest: Any) -> Log:
    return Log(severity=Severity(severity), **rest)


async def logs(runner: Runner, issue: int, before: int | None, limit: int) -> list[Log]:
    """The issue's logs, the latest first, from before the log of this id on."""
    return await runner.rows(
        """
        SELECT id, log_key, severity, message, user_ref, held, created
          FROM tenant.escalation_log
         WHERE issue = :issue
           AND (:before::bigint IS NULL OR id < :before)
         ORDER BY id DESC
         LIMIT :limit
        """,
        _log,
        issue=issue,
        before=before,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class LogJob:
    """A job of a log: how many addresses, where it stands, what came of it, and what it fell back to."""

    log: int
    channel: Channel
    recipients: int
    state: str
    code: Code | None
    note: str
    next: Channel | None


def _job(channel: str, code: str | None, next: str | None, **rest: Any) -> LogJob:
    following = Channel(next) if next else None
    return LogJob(channel=Channel(channel), code=Code(code) if code else None, next=following, **rest)


async def jobs(runner: Runner, logs: Sequence[int]) -> list[LogJob]:
    """The jobs of these logs, each log's in the order of its answer."""
    return await runner.rows(
        """
        SELECT j.log, m.channel, cardinality(m.recipients) AS recipients, m.state, m.code,
               COALESCE(m.note, '') AS note, j.next
          FROM tenant.escalation_job AS j
          JOIN tenant.delivery_message AS m ON m.id = j.message
         WHERE j.log = ANY(:logs)
         ORDER BY j.log, j.chain, j.id
        """,
        _job,
        logs=logs,
    )
