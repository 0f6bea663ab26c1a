"""What noise control needs to know, and notes: one function, one statement. Unused while it is off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clerestory.families.escalation.members.model import Severity
from clerestory.platform.database import Runner, Tx

# So many logs a digest looks at; one that stands for more says so many.
_MOST_HELD = 100_000


@dataclass(frozen=True, slots=True)
class ToldRow:
    """When a person was last told of an issue."""

    issue: int
    person: int
    last: datetime
    severity: str


@dataclass(frozen=True, slots=True)
class RecentRow:
    """How many logs an issue had lately, counted up to a limit."""

    issue: int
    recent: int


async def told(tx: Runner, issues: Sequence[int]) -> list[ToldRow]:
    """Who was told of these issues, and when."""
    return await tx.rows(
        """
        SELECT issue, person, last, severity
          FROM tenant.escalation_told
         WHERE issue = ANY(:issues)
         ORDER BY issue, person
        """,
        ToldRow,
        issues=issues,
    )


async def recent(tx: Runner, issues: Sequence[int], since: datetime, limit: int) -> list[RecentRow]:
    """How many logs each of these issues had since a moment, at most `limit`."""
    return await tx.rows(
        """
        SELECT i.issue, c.recent
          FROM unnest(:issues::bigint[]) AS i (issue)
         CROSS JOIN LATERAL (
               SELECT count(*) AS recent
                 FROM (SELECT created
                         FROM tenant.escalation_log
                        WHERE issue = i.issue
                        ORDER BY id DESC
                        LIMIT :limit) AS latest
                WHERE latest.created > :since
               ) AS c
         ORDER BY i.issue
        """,
        RecentRow,
        issues=issues,
        since=since,
        limit=limit,
    )


async def note_told(tx: Tx, rows: Sequence[ToldRow]) -> None:
    """Notes who is told now. Each pair of issue and person stands in `rows` once."""
    await tx.execute(
        """
        INSERT INTO tenant.escalation_told (issue, person, last, severity)
        SELECT issue, person, last, severity
          FROM unnest(:issues::bigint[], :people::bigint[], :lasts::timestamptz[], :severities::text[])
            AS g (issue, person, last, severity)
         ORDER BY issue, person
            ON CONFLICT (issue, person) DO UPDATE
           SET last = excluded.last, severity = excluded.severity, modified = excluded.last
        """,
        issues=[row.issue for row in rows],
        people=[row.person for row in rows],
        lasts=[row.last for row in rows],
        severities=[row.severity for row in rows],
    )


async def note_held(tx: Tx, logs: Sequence[int], words: Sequence[str]) -> None:
    """Writes on the logs what was held back of them."""
    await tx.execute(
        """
        UPDATE tenant.escalation_log AS l
           SET held = g.words
          FROM unnest(:logs::bigint[], :words::text[]) AS g (id, words)
         WHERE l.id = g.id
        """,
        logs=logs,
        words=words,
    )


async def await_digest(tx: Tx, issues: Sequence[int], due: datetime) -> list[int]:
    """Sets the digest of these issues, where none is set; which ones it was set for."""
    return await tx.values(
        """
        UPDATE tenant.escalation_issue
           SET digest_due = :due
         WHERE id = ANY(:issues)
           AND digest_due IS NULL
        RETURNING id
        """,
        issues=issues,
        due=due,
    )


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that was taken, with its issue, and when it was due."""

    issue: int
    environment: str
    application: str
    code: str
    first_seen: datetime
    count: int
    due: datetime


async def take_digest(tx: Tx, issue: int) -> Digest | None:
    """The digest of an issue, taken: nobody else gets it. None when it was taken already."""
    return await tx.row(
        """
        WITH waiting AS (
            SELECT id, digest_due
              FROM tenant.escalation_issue
             WHERE id = :issue
               AND digest_due IS NOT NULL
               FOR UPDATE
        )
        UPDATE tenant.escalation_issue AS i
           SET digest_due = NULL
          FROM waiting AS w
         WHERE i.id = w.id
        RETURNING i.id AS issue, i.environment, i.application, i.code, i.first_seen, i.count, w.digest_due AS due
        """,
        Digest,
        issue=issue,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What was held back of one severity: how many logs, and the latest of them."""

    severity: Severity
    held: int
    log: int
    log_key: str
    message: str
    user_ref: str | None
    created: datetime


def _held(severity: str, **rest: Any) -> Held:
    return Held(Severity(severity), **rest)


async def held_since(tx: Runner, issue: int, since: datetime) -> list[Held]:
    """What was held back of an issue from a moment on and told to nobody, a row for each severity."""
    return await tx.rows(
        """
        SELECT DISTINCT ON (l.severity)
               l.severity, count(*) OVER (PARTITION BY l.severity) AS held, l.id AS log, l.log_key, l.message,
               l.user_ref, l.created
          FROM (SELECT id, severity, log_key, message, user_ref, created, held
                  FROM tenant.escalation_log
                 WHERE issue = :issue
                 ORDER BY id DESC
                 LIMIT :limit) AS l
         WHERE l.created >= :since
           AND l.held <> ''
           AND NOT EXISTS (SELECT 1 FROM tenant.escalation_recipient AS r WHERE r.log = l.id)
         ORDER BY l.severity, l.id DESC
        """,
        _held,
        issue=issue,
        since=since,
        limit=_MOST_HELD,
    )
