"""The queue itself: pgqueuer's tables in the schema `jobs`, and the statements on them that are not the worker's.

Each job carries its tenant in its headers, where an index finds it: by it tenants take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, cast

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings

from clerestory.platform.database import Database, Runner, Tx
from clerestory.platform.database.run import Connection

SETTINGS = DBSettings(db_schema="jobs")
ENVIRONMENT = qb.QueryBuilderEnvironment(SETTINGS)
BUILDER = qb.QueryQueueBuilder(SETTINGS)
SCHEDULES = qb.QuerySchedulerBuilder(SETTINGS)

KEPT = timedelta(days=14)
"""How long the record of a finished job is kept. Jobs that failed for good stay until somebody decides."""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up, and what its last run died of."""

    id: int
    task: str
    tenant: int
    runs: int
    failed: datetime
    error: str


def queries(connection: Connection) -> Queries:
    """The library's statements, on one connection, for our schema."""
    return Queries(AsyncpgDriver(cast(Any, connection)), qbe=ENVIRONMENT, qbq=BUILDER, qbs=SCHEDULES)


async def install(database: Database) -> None:
    """Makes the queue's tables, or brings them to the library's version. Callers take turns.

    The library's own upgrade locks its tables even when it finds nothing to do, so the schema's comment says what it
    was brought to, and a start with nothing to do asks that alone.
    """
    made_by = f"pgqueuer {version('pgqueuer')}, index 1"
    noted = "SELECT obj_description(to_regnamespace('jobs')::oid, 'pg_namespace')"
    if await database.direct().value(noted) == made_by:
        return
    async with database.connection() as connection:
        queue = queries(connection)
        if await queue.schema_is_installed():
            await queue.upgrade()
        else:
            await queue.install()
    async with database.begin() as tx:
        await tx.execute(
            """
            CREATE INDEX IF NOT EXISTS pgqueuer_tenant
                ON jobs.pgqueuer ((headers ->> 'tenant'), priority DESC, id)
             WHERE status = 'queued'
            """
        )
        await tx.script(f"COMMENT ON SCHEMA jobs IS '{made_by}'")


async def enqueue(tx: Tx, task: str, payload: bytes, tenant: int, after: timedelta) -> None:
    """Puts a job in the queue inside the caller's transaction."""
    headers = {"tenant": str(tenant)}
    await queries(tx.connection).enqueue(task, payload, execute_after=after or None, headers=headers)


async def enqueue_all(tx: Tx, task: str, payloads: Sequence[bytes], tenant: int) -> None:
    """Puts a job for each payload in the queue inside the caller's transaction, by one statement."""
    count = len(payloads)
    headers: list[dict[str, str] | None] = [{"tenant": str(tenant)}] * count
    await queries(tx.connection).enqueue(
        [task] * count, list(payloads), [0] * count, [None] * count, [None] * count, headers
    )


async def depths(tx: Runner) -> dict[str, int]:
    """How many jobs stand in each state, {state: count}; a state without any is absent."""

    def entry(status: str, count: int) -> tuple[str, int]:
        return status, count

    counted = await tx.rows(
        """
        SELECT status::text AS status, count(*) AS count
          FROM jobs.pgqueuer
         GROUP BY status
         ORDER BY status
        """,
        entry,
    )
    return dict(counted)


async def failed(tx: Runner, limit: int = 100) -> list[FailedJob]:
    """The jobs that were given up, the latest first."""
    return await tx.rows(
        """
        SELECT job.id, job.entrypoint AS task, (job.headers ->> 'tenant')::bigint AS tenant,
               job.attempts + 1 AS runs, job.updated AS failed,
               COALESCE(record.error, '') AS error
          FROM jobs.pgqueuer AS job
          LEFT JOIN LATERAL (
               SELECT concat(log.traceback ->> 'exception_type', ': ', log.traceback ->> 'exception_message') AS error
                 FROM jobs.pgqueuer_log AS log
                WHERE log.job_id = job.id AND log.status = 'failed'
                ORDER BY log.id DESC
                LIMIT 1
               ) AS record ON true
         WHERE job.status = 'failed'
         ORDER BY job.updated DESC, job.id DESC
         LIMIT :limit
        """,
        FailedJob,
        limit=limit,
    )


async def rerun(tx: Tx, job: int) -> None:
    """Queues a given-up job once more, with all its attempts; nothing happens when there is none of this id."""
    await queries(tx.connection).requeue_jobs([cast(Any, job)])


async def discard(tx: Tx, job: int) -> int:
    """Deletes a job that was given up; how many there were of this id."""
    return await tx.execute("DELETE FROM jobs.pgqueuer WHERE id = :job AND status = 'failed'", job=job)


async def tidy(tx: Tx, before: datetime) -> int:
    """Deletes the records of jobs that ended before this moment; how many."""
    await tx.execute("DELETE FROM jobs.pgqueuer_statistics WHERE created < :before", before=before)
    return await tx.execute("DELETE FROM jobs.pgqueuer_log WHERE aggregated AND created < :before", before=before)
