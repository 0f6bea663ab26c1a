"""One tenant's slow statements take its share of the connections, and leave its neighbours theirs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from clerestory.platform.database import Database, DatabaseSettings
from clerestory.platform.database.lease import Crowded
from clerestory.platform.database.sql import Schema

T = TypeVar("T")

FLOODS, NEIGHBOUR = Schema("floods_000001"), Schema("neighbour_000002")
SLOW = "SELECT pg_advisory_xact_lock(1)"
PATIENCE = 20.0


@pytest.fixture
async def four(database_url: str) -> AsyncIterator[Database]:
    """A pool of four connections, three of which are the most that one schema may hold."""
    opened = await Database.open(DatabaseSettings(database_url, pool_min=0, pool_max=4))
    yield opened
    await opened.close()


async def test_a_neighbour_is_served_while_slow_statements_hold_a_tenants_share(
    four: Database, database: Database
) -> None:
    async with database.begin() as holder:
        await holder.value(SLOW)
        slow = [asyncio.create_task(four.direct(FLOODS).value(SLOW)) for _ in range(20)]
        await waiting_for_the_lock(database, 3)
        assert await soon(four.direct(NEIGHBOUR).value("SELECT 7")) == 7
        async with asyncio.timeout(PATIENCE), four.begin(NEIGHBOUR) as tx:
            assert await tx.value("SELECT 8") == 8
        assert await soon(four.direct().value("SELECT 9")) == 9
        assert await waiting_for_the_lock(database, 3) == 3
    await soon(asyncio.gather(*slow))


async def test_who_waits_too_long_for_the_share_is_told_to_come_back(four: Database, database: Database) -> None:
    hasty = await Database.open(replace(four.settings, connect_timeout=timedelta(milliseconds=200)))
    async with database.begin() as holder:
        await holder.value(SLOW)
        slow = [asyncio.create_task(hasty.direct(FLOODS).value(SLOW)) for _ in range(3)]
        await waiting_for_the_lock(database, 3)
        with pytest.raises(Crowded):
            await hasty.direct(FLOODS).value("SELECT 1")
        with pytest.raises(Crowded):
            async with hasty.begin(FLOODS):
                pass
    await soon(asyncio.gather(*slow))
    assert await hasty.direct(FLOODS).value("SELECT 1") == 1
    await hasty.close()


async def test_a_statement_of_ones_own_inside_a_transaction_gives_up_in_the_end(database_url: str) -> None:
    settings = DatabaseSettings(database_url, pool_min=0, pool_max=1, connect_timeout=timedelta(milliseconds=200))
    one = await Database.open(settings)
    async with one.begin(FLOODS) as tx:
        with pytest.raises(Crowded):
            await one.direct(FLOODS).value("SELECT 1")
        assert await tx.value("SELECT 2") == 2
    assert await one.direct(FLOODS).value("SELECT 3") == 3
    await one.close()


async def test_what_is_for_many_together_may_have_every_connection(four: Database) -> None:
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE):
        for _ in range(4):
            await stack.enter_async_context(four.begin())
        assert four.pool_use == (4, 0)
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(four.begin(FLOODS))
        assert await soon(four.direct(FLOODS, shared=True).value("SELECT 1")) == 1


async def test_readers_of_public_share_as_a_tenant_does(four: Database) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(four.begin(read_only=True))
        reading = asyncio.create_task(four.direct(read_only=True).value("SELECT 1"))
        assert await soon(four.direct().value("SELECT 2")) == 2
        assert not reading.done()
    assert await soon(reading) == 1


async def test_who_stops_waiting_leaves_the_share_whole(four: Database) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(four.begin(FLOODS))
        waiting = [asyncio.create_task(four.direct(FLOODS).value("SELECT 1")) for _ in range(5)]
        await soon(four.direct(NEIGHBOUR).value("SELECT 1"))
        for one in waiting[:4]:
            one.cancel()
    assert await soon(waiting[4]) == 1
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE):
        for _ in range(3):
            await stack.enter_async_context(four.begin(FLOODS))


async def soon(waited: Awaitable[T]) -> T:
    async with asyncio.timeout(PATIENCE):
        return await waited


async def waiting_for_the_lock(database: Database, count: int) -> int:
    """How many wait for it, once they are that many."""
    async with asyncio.timeout(PATIENCE):
        while (
            found := await database.direct().value(
                """
                SELECT count(*)
                  FROM pg_catalog.pg_locks
                  JOIN pg_catalog.pg_database ON pg_database.oid = pg_locks.database
                 WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
                """
            )
        ) < count:
            await asyncio.sleep(0.01)
    waiting: int = found
    return waiting
