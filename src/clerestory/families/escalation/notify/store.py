"""Jobs of logs, and who was told by them: one function, one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from clerestory.families.escalation.notify.model import Job, Told
from clerestory.kernel.channels import Channel, Code
from clerestory.platform.database import Runner, Tx


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job whose message stands already. `chain` is the place of its first attempt among the log's jobs.

    `settled`: nothing is to be done for it, because its message was kept in the inbox at once.
    """

    log: int
    message: int
    chain: int
    job: Job
    settled: bool


async def insert_jobs(tx: Tx, jobs: Sequence[NewJob], now: datetime) -> None:
    """Writes the jobs and their recipients. Raises Duplicate when one of them was told of its log so before."""
    rows = [
        {
            "log": new.log,
            "message": new.message,
            "chain": new.chain,
            "channel": new.job.channel.value,
            "people": new.job.people,
            "settled": new.settled,
        }
        for new in jobs
    ]
    await tx.execute(
        """
        WITH given AS MATERIALIZED (
            SELECT log, message, chain, channel, people, settled
              FROM jsonb_to_recordset(:rows::jsonb)
                AS g (log bigint, message bigint, chain integer, channel text, people bigint[], settled boolean)
        ), job AS (
            INSERT INTO tenant.escalation_job (log, message, chain, settled, created, modified)
            SELECT log, message, chain, settled, :now::timestamptz, :now::timestamptz
              FROM given
             ORDER BY log, chain, message
            RETURNING id, message
        )
        INSERT INTO tenant.escalation_recipient (log, person, channel, job, created, modified)
        SELECT g.log, p.person, g.channel, j.id, :now::timestamptz, :now::timestamptz
          FROM given AS g
          JOIN job AS j ON j.message = g.message
         CROSS JOIN LATERAL unnest(g.people) AS p (person)
        """,
        rows=msgspec.json.encode(rows).decode(),
        now=now,
    )


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job whose outcome was not acted upon yet."""

    id: int
    log: int
    chain: int


async def lock_open_job(tx: Tx, message: int) -> OpenJob | None:
    """The job of a message, locked; None when its outcome was acted upon already."""
    return await tx.row(
        """
        SELECT id, log, chain
          FROM tenant.escalation_job
         WHERE message = :message
           AND NOT settled
           FOR UPDATE
        """,
        OpenJob,
        message=message,
    )


async def settle(tx: Tx, job: int, following: Channel | None, now: datetime) -> None:
    """Notes that a job's outcome was acted upon, and the channel that it fell back to."""
    await tx.execute(
        """
        UPDATE tenant.escalation_job
           SET settled = true, next = :following, modified = :now
         WHERE id = :job
        """,
        job=job,
        following=following,
        now=now,
    )


async def settle_taken(tx: Runner, message: int, now: datetime) -> str | None:
    """Notes that somebody took the message; the log's severity, or None when that was acted upon before."""
    severity: str | None = await tx.value(
        """
        UPDATE tenant.escalation_job AS j
           SET settled = true, modified = :now
          FROM tenant.escalation_log AS l
         WHERE j.message = :message
           AND NOT j.settled
           AND l.id = j.log
        RETURNING l.severity
        """,
        message=message,
        now=now,
    )
    return severity


async def reopen(tx: Tx, message: int, now: datetime) -> int:
    """A message that had been taken has failed after all, so its job is to be acted upon again; how many were."""
    return await tx.execute(
        """
        UPDATE tenant.escalation_job
           SET settled = false, modified = :now
         WHERE message = :message AND settled AND next IS NULL
        """,
        message=message,
        now=now,
    )


def _told(person: int, channel: str, addresses: list[str]) -> list[Told]:
    return [Told(person, Channel(channel), address) for address in addresses]


async def told_of(tx: Runner, log: int) -> list[Told]:
    """Who was told of the log on which channel; each person stands beside every address of a shared message."""
    rows = await tx.rows(
        """
        SELECT r.person, r.channel, m.recipients AS addresses
          FROM tenant.escalation_recipient AS r
          JOIN tenant.escalation_job AS j ON j.id = r.job
          JOIN tenant.delivery_message AS m ON m.id = j.message
         WHERE r.log = :log
         ORDER BY r.id
        """,
        _told,
        log=log,
    )
    return [told for row in rows for told in row]


async def people_of(tx: Runner, job: int) -> list[int]:
    """Whom a job was for."""
    return await tx.values(
        """
        SELECT person
          FROM tenant.escalation_recipient
         WHERE job = :job
         ORDER BY person
        """,
        job=job,
    )


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What a message tells of a log."""

    environment: str
    application: str
    code: str
    severity: str
    message: str
    user_ref: str | None
    created: datetime
    count: int
    first_seen: datetime
    log_key: str


async def log_facts(tx: Runner, log: int) -> LogFacts | None:
    """The facts of a log."""
    return await tx.row(
        """
        SELECT i.environment, i.application, i.code, l.severity, l.message, l.user_ref, l.created, i.count,
               i.first_seen, l.log_key
          FROM tenant.escalation_log AS l
          JOIN tenant.escalation_issue AS i ON i.id = l.issue
         WHERE l.id = :log
        """,
        LogFacts,
        log=log,
    )


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as the log's page shows it. `again` are the refused addresses of a mail that get it later."""

    channel: Channel
    recipients: tuple[str, ...]
    state: str
    code: Code | None
    note: str
    next: Channel | None
    refused: tuple[str, ...]
    again: tuple[str, ...]
    arrival: str | None
    finished: datetime | None


def _shown(**row: Any) -> ShownJob:
    named = dict(row)
    named["channel"] = Channel(row["channel"])
    named["recipients"] = tuple(row["recipients"])
    named["again"] = tuple(row["again"])
    named["refused"] = tuple(address for address in row["refused"] if address not in named["again"])
    named["code"] = Code(row["code"]) if row["code"] else None
    named["next"] = Channel(row["next"]) if row["next"] else None
    return ShownJob(**named)


async def jobs_of(tx: Runner, log: int) -> list[ShownJob]:
    """The log's jobs in the order of the answer, the late ones too."""
    return await tx.rows(
        """
        SELECT m.channel, m.recipients, m.state, m.code, COALESCE(m.note, '') AS note, j.next, m.arrival, m.finished,
               ARRAY(SELECT one ->> 'address' FROM jsonb_array_elements(m.refused) AS one) AS refused,
               ARRAY(SELECT one ->> 'address'
                       FROM jsonb_array_elements(m.refused) AS one
                      WHERE (one ->> 'again')::boolean) AS again
          FROM tenant.escalation_job AS j
          JOIN tenant.delivery_message AS m ON m.id = j.message
         WHERE j.log = :log
         ORDER BY j.chain, j.id
        """,
        _shown,
        log=log,
    )


async def open_failures(tx: Runner, before: datetime, limit: int) -> list[int]:
    """Messages of jobs from before this moment that came to an end which nobody acted upon: a crash came between."""
    return await tx.values(
        """
        SELECT j.message
          FROM tenant.escalation_job AS j
          JOIN tenant.delivery_message AS m ON m.id = j.message
         WHERE NOT j.settled
           AND j.created < :before
           AND m.state IN ('failed', 'sent', 'kept')
         ORDER BY j.id
         LIMIT :limit
        """,
        before=before,
        limit=limit,
    )
