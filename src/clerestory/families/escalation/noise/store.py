"""What noise control needs to know, and notes: one function, one statement. Unused while it is off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner, Tx


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
    """A digest that is due: the latest log of its issue, and how many logs it stands for."""

    issue: int
    environment: str
    application: str
    code: str
    first_seen: datetime
    count: int
    log: int
    log_key: str
    severity: str
    message: str
    user_ref: str | None
    created: datetime
    held: int


async def take_digest(tx: Tx, issue: int, since: datetime) -> Digest | None:
    """The digest of an issue, taken: nobody else gets it. None when it was taken already."""
    return await tx.row(
        """
        WITH taken AS (
            UPDATE tenant.escalation_issue
               SET digest_due = NULL
             WHERE id = :issue
               AND digest_due IS NOT NULL
            RETURNING id, environment, application, code, first_seen, count
        )
        SELECT t.id AS issue, t.environment, t.application, t.code, t.first_seen, t.count, l.id AS log, l.log_key,
               l.severity, l.message, l.user_ref, l.created,
               (SELECT count(*)
                  FROM tenant.escalation_log AS h
                 WHERE h.issue = t.id AND h.created > :since AND h.held <> '') AS held
          FROM taken AS t
          JOIN LATERAL (
               SELECT id, log_key, severity, message, user_ref, created
                 FROM tenant.escalation_log
                WHERE issue = t.id
                  AND held <> ''
                ORDER BY id DESC
                LIMIT 1
               ) AS l ON true
        """,
        Digest,
        issue=issue,
        since=since,
    )
