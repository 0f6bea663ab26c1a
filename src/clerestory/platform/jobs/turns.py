"""How a worker picks its next jobs: tenants take turns, and none may fill the worker.

The library picks the oldest first, so one tenant's ten thousand jobs would stand in front of everybody else's. Its
tables stay as they are; only its statement for picking, and the one for putting back, are ours.
"""

from dataclasses import dataclass
from datetime import timedelta

from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain import errors, models
from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId
from pgqueuer.ports.driver import Driver
from pgqueuer.ports.repository import EntrypointExecutionParameter

from clerestory.platform.jobs import queue

_PICK = """
-- One row a tenant with something queued: a jump along the index for each, whatever the length of its queue.
WITH RECURSIVE waiting (tenant) AS (
    (SELECT job.headers ->> 'tenant'
       FROM jobs.pgqueuer AS job
      WHERE job.status = 'queued'
      ORDER BY job.headers ->> 'tenant'
      LIMIT 1)
    UNION ALL
    SELECT (SELECT job.headers ->> 'tenant'
              FROM jobs.pgqueuer AS job
             WHERE job.status = 'queued'
               AND job.headers ->> 'tenant' > waiting.tenant
             ORDER BY job.headers ->> 'tenant'
             LIMIT 1)
      FROM waiting
     WHERE waiting.tenant IS NOT NULL
), mine AS (
    SELECT job.headers ->> 'tenant' AS tenant, count(*) AS running
      FROM jobs.pgqueuer AS job
     WHERE job.queue_manager_id = $3
     GROUP BY job.headers ->> 'tenant'
), room AS (
    SELECT GREATEST(LEAST($1::bigint, $5::bigint - COALESCE(sum(mine.running), 0)), 0)::bigint AS places
      FROM mine
), turns AS (
    SELECT own.id, own.turn
      FROM waiting
      LEFT JOIN mine ON mine.tenant = waiting.tenant
     CROSS JOIN LATERAL (
           SELECT next.id, COALESCE(mine.running, 0) + row_number() OVER () AS turn
             FROM (SELECT job.id
                     FROM jobs.pgqueuer AS job
                    WHERE job.headers ->> 'tenant' = waiting.tenant
                      AND job.status = 'queued'
                      AND job.execute_after <= now()
                      AND job.entrypoint = ANY($2::text[])
                    ORDER BY job.priority DESC, job.id
                    LIMIT GREATEST(LEAST($1::bigint, $6::bigint - COALESCE(mine.running, 0)), 0)
                  ) AS next
           ) AS own
), fresh AS (
    SELECT job.id
      FROM turns
      JOIN jobs.pgqueuer AS job ON job.id = turns.id
     WHERE job.status = 'queued'
     ORDER BY turns.turn, job.id
     LIMIT (SELECT places FROM room)
       FOR UPDATE OF job SKIP LOCKED
), stale AS (
    -- Their worker has not been heard of: it was killed, or cut off.
    SELECT job.id
      FROM jobs.pgqueuer AS job
     WHERE job.status = 'picked'
       AND job.entrypoint = ANY($2::text[])
       AND job.heartbeat < now() - $4::interval
     ORDER BY job.id
     LIMIT (SELECT places FROM room)
       FOR UPDATE SKIP LOCKED
), chosen AS (
    SELECT either.id
      FROM (SELECT id, 0 AS rank FROM stale UNION ALL SELECT id, 1 AS rank FROM fresh) AS either
     ORDER BY either.rank
     LIMIT (SELECT places FROM room)
), picked AS (
    UPDATE jobs.pgqueuer AS job
       SET status = 'picked', updated = now(), heartbeat = now(), queue_manager_id = $3
     WHERE job.id IN (SELECT id FROM chosen)
 RETURNING job.id, job.priority, job.created, job.updated, job.heartbeat, job.execute_after, job.status,
           job.entrypoint, job.payload, job.attempts, job.queue_manager_id, job.slot, job.headers
), logged AS (
    INSERT INTO jobs.pgqueuer_log (job_id, status, entrypoint, priority)
    SELECT id, status, entrypoint, priority
      FROM picked
)
SELECT id, priority, created, updated, heartbeat, execute_after, status,
       entrypoint, payload, attempts, queue_manager_id, slot, headers
  FROM picked
 ORDER BY id
"""

# Only its own worker puts a job back: after a long silence another one may be running it.
_PUT_BACK = """
WITH back AS (
    UPDATE jobs.pgqueuer
       SET status = 'queued', execute_after = now() + $2::interval, attempts = attempts + $3::integer,
           updated = now(), queue_manager_id = NULL
     WHERE id = $1::bigint AND queue_manager_id = $5
 RETURNING id, entrypoint, priority
)
INSERT INTO jobs.pgqueuer_log (job_id, status, entrypoint, priority, traceback)
SELECT id, 'queued', entrypoint, priority, $4::jsonb
  FROM back
"""


class PutBack(errors.RetryRequested):
    """The job goes back as if it had not been tried: the worker stops, or the tenant is not ready."""


@dataclass(frozen=True, slots=True)
class Places:
    """How many jobs one worker runs at once, how many of them for one tenant, and how many it picks at a time.

    Results are written when `batch` of them have gathered, or after 0.1 s. So a tenant's share has to be larger, or it
    alone would wait for that: 60 jobs a second instead of 2,400.
    """

    all: int = 24
    tenant: int = 8
    batch: int = 4


class Turns(Queries):
    """The library's statements, with fair ones for picking and putting back."""

    def __init__(self, driver: Driver, places: Places) -> None:
        super().__init__(driver, qbe=queue.ENVIRONMENT, qbq=queue.BUILDER, qbs=queue.SCHEDULES)
        self._places = places

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[QueueEntrypoint, EntrypointExecutionParameter],
        queue_manager_id: QueueManagerId,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[models.Job]:
        """The next jobs of this worker: those of dead workers, then of each waiting tenant in turn."""
        names = list(entrypoints)
        limit = global_concurrency_limit or self._places.all
        rows = await self.driver.fetch(
            _PICK, batch_size, names, queue_manager_id, heartbeat_timeout, limit, self._places.tenant
        )
        return [models.Job.model_validate(row) for row in rows]

    async def retry_job(
        self, job: models.Job, delay: timedelta, traceback_record: models.TracebackRecord | None
    ) -> None:
        """Queues the job again after `delay`; it counts as an attempt unless it was put back."""
        uncounted = traceback_record is not None and traceback_record.exception_type == PutBack.__name__
        record = None if traceback_record is None else traceback_record.model_dump_json()
        await self.driver.execute(_PUT_BACK, job.id, delay, 0 if uncounted else 1, record, job.queue_manager_id)
