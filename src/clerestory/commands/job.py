"""`clerestory job …`: background jobs that were given up, listed, run again or thrown away."""

from collections.abc import Mapping
from dataclasses import asdict

from clerestory.commands.failure import Failed
from clerestory.commands.ground import prepared
from clerestory.commands.telling import as_json, say, table
from clerestory.commands.tenant import with_parts
from clerestory.platform.database import Database
from clerestory.platform.jobs import queue
from clerestory.platform.tenancy import Parts


def list_failed(options: Mapping[str, object]) -> None:
    """The last hundred, and what each died of."""
    with prepared(options) as ground:
        jobs = with_parts(ground, lambda parts: queue.failed(parts.find(Database).direct()))
    if ground.installation.values["json"]:
        as_json([asdict(job) for job in jobs])
        return
    rows = [[job.id, job.task, job.tenant, job.runs, f"{job.failed:%Y-%m-%d %H:%M}", job.error] for job in jobs]
    table(["id", "task", "tenant", "runs", "failed", "error"], rows)


def rerun(job: int, options: Mapping[str, object]) -> None:
    """Queues a job once more, with all its attempts."""

    async def requeue(parts: Parts) -> None:
        database = parts.find(Database)
        if job not in [one.id for one in await queue.failed(database.direct(), limit=100_000)]:
            raise _unknown(job)
        async with database.begin() as tx:
            await queue.rerun(tx, job)

    with prepared(options) as ground:
        with_parts(ground, requeue)
    say(f"Job {job} is queued again.")


def discard(job: int, options: Mapping[str, object]) -> None:
    """Throws a job away."""

    async def forget(parts: Parts) -> None:
        async with parts.find(Database).begin() as tx:
            if not await queue.discard(tx, job):
                raise _unknown(job)

    with prepared(options) as ground:
        with_parts(ground, forget)
    say(f"Job {job} is thrown away.")


def _unknown(job: int) -> Failed:
    return Failed(f"No job number {job} was given up: `clerestory job list` shows all.")
