"""What the tests of jobs share: a table where tasks leave a trace, and workers on a database.

As a program it is a worker that can be killed: `python -m tests.platform.jobs.crew URL`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from clerestory.kernel.clock import utc_now
from clerestory.platform.database import Database, DatabaseSettings, Listener
from clerestory.platform.jobs import Arguments, Task, defer
from clerestory.platform.jobs.turns import Places
from clerestory.platform.jobs.worker import Worker, WorkerSettings
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts, Scope
from clerestory.platform.tenancy.registry import Registry

QUICK = WorkerSettings(
    look_every=timedelta(milliseconds=200), presumed_dead=timedelta(seconds=2), drain=timedelta(seconds=2)
)
NARROW = WorkerSettings(Places(all=4, tenant=2, batch=2), look_every=timedelta(milliseconds=200))


def parts_for(database: Database) -> Parts:
    """What a worker needs of a process."""
    return Parts(database, Registry(database, Listener(database)), Metrics())


@asynccontextmanager
async def working(database: Database, tasks: Sequence[Task], settings: WorkerSettings = QUICK) -> AsyncIterator[Worker]:
    """A worker while the block runs."""
    worker = Worker(parts_for(database), utc_now, tasks, settings)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.close()


async def make_trace(database: Database) -> None:
    """The table where tasks write that they ran."""
    async with database.begin() as tx:
        await tx.script("CREATE TABLE public.trace (id bigint GENERATED ALWAYS AS IDENTITY, word text, tenant text)")


async def write_trace(scope: Scope, arguments: Arguments) -> None:
    """A task that leaves a trace."""
    async with scope.database.begin() as tx:
        await tx.execute(
            "INSERT INTO public.trace (word, tenant) VALUES (:word, :tenant)",
            word=str(arguments["word"]),
            tenant=scope.tenant.schema,
        )


async def traces(database: Database) -> list[str]:
    """The words that were written, in order."""
    return await database.direct().values("SELECT word FROM public.trace ORDER BY id")


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 40) -> None:
    """Returns when it holds; fails when it does not come to hold."""
    async with asyncio.timeout(seconds):
        while not await true():
            await asyncio.sleep(0.02)


async def queue_up(database: Database, task: str, *words: str, tenant: int = 0) -> None:
    """One job a word, in one transaction."""
    async with database.begin() as tx:
        for word in words:
            await defer(tx, task, {"word": word}, tenant=tenant)


async def make_tenant(database: Database, name: str, state: str = "READY") -> int:
    """A tenant's row alone; its id."""
    async with database.begin() as tx:
        made = await tx.value(
            """
            INSERT INTO platform.tenant (client, schema, state, email)
            VALUES (:name, :name, :state, 'owner@example.org')
            RETURNING id
            """,
            name=name,
            state=state,
        )
    return int(made)


async def _hang(scope: Scope, arguments: Arguments) -> None:
    await write_trace(scope, {"word": "begun"})
    await asyncio.Event().wait()


async def _main(url: str) -> None:
    database = await Database.open(DatabaseSettings(url, pool_min=1, pool_max=4))
    async with working(database, [Task("hang", _hang)]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
