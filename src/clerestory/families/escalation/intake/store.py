"""The statement that stores a batch of logs: issues, users, days, logs and their keys at once.

Issues are taken in the order of their keys, so that two processes with the same ones wait and never deadlock; the rows
of users and days are only touched by who holds their issue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.escalation.intake.model import NewLog
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class StoredLog:
    """A stored log and its issue's number; `issue` points into the batch's issues."""

    id: int
    log_key: str
    issue: int


@dataclass(frozen=True, slots=True)
class TouchedIssue:
    """An issue that the batch touched; its numbers hold the whole batch already."""

    id: int
    uuid: UUID
    first_seen: datetime
    previous_seen: datetime | None
    count: int
    low: int
    minor: int
    major: int
    critical: int
    task_state: str
    task_checked: datetime | None
    digest_due: datetime | None


async def insert_logs(tx: Runner, tenant: int, logs: Sequence[NewLog], now: datetime) -> list[StoredLog]:
    """Stores the logs and counts them in their issues; in any order, found again by their keys."""
    return await tx.rows(
        _INSERT,
        StoredLog,
        tenant=tenant,
        now=now,
        environments=[log.environment for log in logs],
        applications=[log.application for log in logs],
        codes=[log.code for log in logs],
        messages=[log.message for log in logs],
        severities=[log.severity for log in logs],
        user_refs=[log.user_ref for log in logs],
        user_agents=[log.user_agent for log in logs],
        traces=[log.trace for log in logs],
        log_keys=[log.log_key for log in logs],
    )


_INSERT = """
WITH given AS MATERIALIZED (
    SELECT environment, application, code, message, severity, user_ref, user_agent, trace, log_key
      FROM unnest(
               :environments::text[], :applications::text[], :codes::text[], :messages::text[], :severities::text[],
               :user_refs::text[], :user_agents::text[], :traces::text[], :log_keys::text[]
           ) AS g (environment, application, code, message, severity, user_ref, user_agent, trace, log_key)
), issue AS (
    INSERT INTO tenant.escalation_issue AS known (
        environment, application, code, first_seen, last_seen, count, low, minor, major, critical, created, modified
    )
    SELECT environment, application, code, :now, :now, count(*),
           count(*) FILTER (WHERE severity = 'LOW'), count(*) FILTER (WHERE severity = 'MINOR'),
           count(*) FILTER (WHERE severity = 'MAJOR'), count(*) FILTER (WHERE severity = 'CRITICAL'), :now, :now
      FROM given
     GROUP BY environment, application, code
     ORDER BY environment, application, code
        ON CONFLICT (environment, application, code) DO UPDATE
       SET previous_seen = known.last_seen,
           last_seen = greatest(known.last_seen, excluded.last_seen),
           count = known.count + excluded.count,
           low = known.low + excluded.low,
           minor = known.minor + excluded.minor,
           major = known.major + excluded.major,
           critical = known.critical + excluded.critical,
           modified = excluded.modified
    RETURNING id, environment, application, code
), placed AS MATERIALIZED (
    SELECT i.id AS issue, g.message, g.severity, g.user_ref, g.user_agent, g.trace, g.log_key
      FROM given AS g
      JOIN issue AS i ON i.environment = g.environment AND i.application = g.application AND i.code = g.code
), stored AS (
    INSERT INTO tenant.escalation_log (
        issue, log_key, severity, message, user_ref, user_agent, trace, created, modified
    )
    SELECT issue, log_key, severity, message, user_ref, user_agent, trace, :now, :now
      FROM placed
    RETURNING id, log_key, issue
), keyed AS (
    INSERT INTO platform.escalation_log_key (log_key, tenant, log)
    SELECT log_key, :tenant, id
      FROM stored
), referred AS (
    INSERT INTO tenant.escalation_issue_user (issue, user_ref, created, modified)
    SELECT DISTINCT issue, user_ref, :now::timestamptz, :now::timestamptz
      FROM placed
     WHERE user_ref IS NOT NULL
     ORDER BY issue, user_ref
        ON CONFLICT (issue, user_ref) DO NOTHING
), dated AS (
    INSERT INTO tenant.escalation_issue_day AS known (issue, day, count, created, modified)
    SELECT issue, (:now::timestamptz AT TIME ZONE 'UTC')::date, count(*), :now, :now
      FROM placed
     GROUP BY issue
     ORDER BY issue
        ON CONFLICT (issue, day) DO UPDATE
       SET count = known.count + excluded.count, modified = excluded.modified
)
SELECT id, log_key, issue
  FROM stored
"""


async def touched_issues(tx: Runner, issues: Sequence[int]) -> list[TouchedIssue]:
    """These issues as the transaction has left them."""
    return await tx.rows(
        """
        SELECT id, uuid, first_seen, previous_seen, count, low, minor, major, critical,
               task_state, task_checked, digest_due
          FROM tenant.escalation_issue
         WHERE id = ANY(:issues)
         ORDER BY id
        """,
        TouchedIssue,
        issues=issues,
    )
