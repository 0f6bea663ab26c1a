"""Claim: with tenants taking turns, a job behind another tenant's flood starts at least 20 times sooner than when the
oldest goes first, and all jobs together take at most 1.5 times as long. Both on one PostgreSQL, alternating rounds."""

import asyncio
import logging
import statistics
import tempfile
import time
from pathlib import Path

import structlog
from pgqueuer.adapters.persistence.queries import Queries

from clerestory.app import OWNERS, prepare
from clerestory.kernel.clock import utc_now
from clerestory.platform.database import Database, DatabaseSettings, Listener
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.jobs import Arguments, Task, defer, queue
from clerestory.platform.jobs.turns import Turns
from clerestory.platform.jobs.worker import Worker
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts, Scope
from clerestory.platform.tenancy.registry import Registry

ROUNDS = 5
FLOOD = 2000


class OldestFirst(Turns):
    """The library's own way to pick."""

    dequeue = Queries.dequeue


class PlainWorker(Worker):
    turns = OldestFirst


async def flood(database: Database, kind: type[Worker], tenants: list[int]) -> tuple[float, float]:
    """Seconds until the quiet tenant's job has run, and until all have."""
    async with database.begin() as tx:
        for _ in range(FLOOD):
            await defer(tx, "work", {}, tenant=tenants[0])
        await defer(tx, "work", {}, tenant=tenants[1])
    quiet: list[float] = []

    async def work(scope: Scope, _arguments: Arguments) -> None:
        await asyncio.sleep(0)
        if scope.tenant.id == tenants[1]:
            quiet.append(time.perf_counter())

    parts = Parts(database, Registry(database, Listener(database)), Metrics())
    one = kind(parts, utc_now, [Task("work", work)])
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(one.run())
        while await queue.depths(database.direct()):
            await asyncio.sleep(0.01)
        end = time.perf_counter()
        one.close()
    return quiet[0] - begin, end - begin


async def measure(url: str) -> None:
    database = await Database.open(DatabaseSettings(url))
    try:
        await prepare(database, OWNERS, lambda _: None)
        tenants = [
            int(
                await database.direct().value(
                    """
                    INSERT INTO platform.tenant (client, schema, state, email)
                    VALUES (:name, :name, 'READY', 'owner@example.org')
                    RETURNING id
                    """,
                    name=name,
                )
            )
            for name in ("loud_000001", "quiet_000001")
        ]
        rounds = [[await flood(database, kind, tenants) for kind in (Worker, PlainWorker)] for _ in range(ROUNDS)]
    finally:
        await database.close()
    sooner = statistics.median(oldest[0] / ours[0] for ours, oldest in rounds)
    longer = statistics.median(ours[1] / oldest[1] for ours, oldest in rounds)
    print(f"a job behind a flood of {FLOOD}: {sooner:.1f} times sooner (claim: 20)")
    print(f"all jobs together: {longer:.2f} times as long (limit: 1.5)")


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder, Embedded(EmbeddedSettings(Path(folder) / "data")) as url:
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()
