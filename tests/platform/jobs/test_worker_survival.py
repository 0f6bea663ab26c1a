"""A worker that is killed is replaced; a database that restarts is waited for; a flood leaves room for others."""

import asyncio
import signal
import sys
from datetime import timedelta

import asyncpg
import pytest

from clerestory.kernel.errors import Unavailable
from clerestory.platform.database import Database
from clerestory.platform.jobs import Arguments, Task, queue
from clerestory.platform.jobs.worker import WorkerSettings
from clerestory.platform.tenancy import Scope
from tests.platform.jobs.crew import (
    NARROW,
    make_tenant,
    make_trace,
    queue_up,
    traces,
    until,
    working,
    write_trace,
)


@pytest.fixture
async def traced(database: Database) -> Database:
    await make_trace(database)
    return database


async def test_the_job_of_a_killed_worker_is_run_by_another(traced: Database, database_url: str) -> None:
    victim = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.platform.jobs.crew", database_url)
    try:
        await queue_up(traced, "hang", "x")
        await until(lambda: _written(traced, ["begun"]))
    finally:
        victim.send_signal(signal.SIGKILL)
        await victim.wait()
    async with working(traced, [Task("hang", write_trace)]):
        await until(lambda: _written(traced, ["begun", "x"]))
    assert await queue.depths(traced.direct()) == {}


async def test_a_long_job_of_a_living_worker_is_not_taken_over(traced: Database) -> None:
    impatient = WorkerSettings(look_every=timedelta(milliseconds=100), presumed_dead=timedelta(seconds=1))
    go = asyncio.Event()

    async def long(scope: Scope, arguments: Arguments) -> None:
        await write_trace(scope, arguments)
        await go.wait()

    async with working(traced, [Task("long", long)], impatient), working(traced, [Task("long", long)], impatient):
        await queue_up(traced, "long", "x")
        beats = "SELECT count(*) FROM jobs.pgqueuer WHERE heartbeat > created + interval '2 seconds'"
        await until(lambda: _true(traced, beats))
        go.set()
        await until(lambda: _empty(traced))
    assert await traces(traced) == ["x"]


async def test_a_worker_survives_the_end_of_every_connection(traced: Database, database_url: str) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, arguments: Arguments) -> None:
        begun.set()
        await go.wait()
        await write_trace(scope, arguments)

    async with working(traced, [Task("slow", slow)]):
        await queue_up(traced, "slow", "before")
        await begun.wait()
        await _end_every_connection(database_url)
        go.set()
        # The pool notices its dead connections one use at a time, so the first try may fail: it is repeated.
        await until(lambda: _written(traced, ["before"]))
        await queue_up(traced, "slow", "after")
        await until(lambda: _written(traced, ["before", "after"]))


async def test_a_flood_of_one_tenant_leaves_room_for_the_others(traced: Database) -> None:
    loud, quiet = await make_tenant(traced, "loud_000001"), await make_tenant(traced, "quiet_000001")
    hold = asyncio.Event()
    at_once: list[int] = [0, 0]

    async def work(scope: Scope, arguments: Arguments) -> None:
        await write_trace(scope, arguments)
        if scope.tenant.id == loud:
            at_once[0] += 1
            at_once[1] = max(at_once)
            await hold.wait()
            at_once[0] -= 1

    await queue_up(traced, "work", *["loud"] * 300, tenant=loud)
    async with working(traced, [Task("work", work)], NARROW):
        await until(lambda: _written(traced, ["loud", "loud"]))
        # All places that the loud tenant may have are taken and none of its jobs ends.
        await queue_up(traced, "work", "quiet", "quiet", tenant=quiet)
        await until(lambda: _written(traced, ["loud", "loud", "quiet", "quiet"]))
        assert at_once == [2, 2]
        hold.set()
        await until(lambda: _empty(traced))
    assert (await traces(traced)).count("loud") == 300


async def test_waiting_tenants_take_turns(traced: Database) -> None:
    tenants = [await make_tenant(traced, f"turn_00000{number}") for number in range(3)]
    for tenant, length in zip(tenants, (30, 3, 3), strict=True):
        await queue_up(traced, "write", *[str(tenant)] * length, tenant=tenant)
    async with working(traced, [Task("write", write_trace)], NARROW):
        await until(lambda: _empty(traced))
    written = await traces(traced)
    # Six jobs of the two short queues and as many of the long one, give or take the jobs of one round.
    assert {str(tenants[1]), str(tenants[2])}.isdisjoint(written[14:])


async def _written(database: Database, words: list[str]) -> bool:
    try:
        return sorted(await traces(database)) == sorted(words)
    except Unavailable:
        return False


async def _true(database: Database, question: str) -> bool:
    return bool(await database.direct().value(question))


async def _empty(database: Database) -> bool:
    return await queue.depths(database.direct()) == {}


async def _end_every_connection(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )
    finally:
        await connection.close()
