"""Group commit: one commit for many, a refused row alone, tenants in turn."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from clerestory.kernel.errors import Unavailable
from clerestory.platform.database import (
    Batcher,
    Contended,
    Database,
    Duplicate,
    GroupCommit,
    GroupRead,
    Overloaded,
    Schema,
    Tx,
)
from clerestory.platform.database.run import Direct

ACME, BETA = Schema("acme"), Schema("beta")


@asynccontextmanager
async def _running(batcher: Batcher[int, int] | GroupRead[int, int]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(batcher.run())
        yield
        batcher.close()


async def _insert(tx: Tx, numbers: Sequence[int]) -> list[int]:
    return await tx.values(
        "INSERT INTO tenant.number SELECT unnest(:numbers::bigint[]) RETURNING n", numbers=list(numbers)
    )


async def _schemas(database: Database) -> None:
    for schema in (ACME, BETA):
        async with database.begin(schema) as tx:
            await tx.script(f"CREATE SCHEMA {schema}")
            await tx.script("CREATE TABLE tenant.number (n bigint UNIQUE CHECK (n < 1000))")


async def test_each_caller_gets_its_own_answer_and_every_row_is_there(database: Database) -> None:
    await _schemas(database)
    commits: GroupCommit[int, int] = GroupCommit(database, _insert)
    async with _running(commits):
        answers = await asyncio.gather(*(commits.submit((ACME, BETA)[n % 2], n) for n in range(300)))
    assert answers == list(range(300))
    assert await database.direct(ACME).value("SELECT count(n) FROM tenant.number") == 150
    assert await database.direct(BETA).value("SELECT count(n) FROM tenant.number") == 150


async def test_a_refused_row_fails_for_its_own_caller_only(database: Database) -> None:
    await _schemas(database)
    commits: GroupCommit[int, int] = GroupCommit(database, _insert)
    async with _running(commits):
        answers = await asyncio.gather(
            *(commits.submit(ACME, n) for n in (1, 2, 2, 3, 5000)), commits.submit(BETA, 7), return_exceptions=True
        )
    assert [answer if isinstance(answer, int) else type(answer).__name__ for answer in answers] == [
        1, 2, "Duplicate", 3, "DatabaseFault", 7,
    ]  # fmt: skip
    assert isinstance(answers[2], Duplicate)
    assert await database.direct(ACME).values("SELECT n FROM tenant.number ORDER BY n") == [1, 2, 3]


async def test_a_tenant_whose_records_are_held_fails_alone_and_is_left_out_for_a_while(database: Database) -> None:
    await _schemas(database)
    commits: GroupCommit[int, int] = GroupCommit(database, _insert)
    async with database.begin(ACME) as holder, _running(commits):
        await holder.execute("LOCK TABLE tenant.number")
        first = await asyncio.gather(
            commits.submit(ACME, 1), commits.submit(ACME, 2), commits.submit(BETA, 3), return_exceptions=True
        )
        with pytest.raises(Contended):
            await commits.submit(ACME, 4)
        assert await commits.submit(BETA, 5) == 5
    assert [answer if isinstance(answer, int) else type(answer).__name__ for answer in first] == [
        "Contended", "Contended", 3,
    ]  # fmt: skip
    assert await database.direct(ACME).value("SELECT count(n) FROM tenant.number") == 0


async def test_a_bug_that_one_row_brings_to_light_is_that_row_s_alone(database: Database) -> None:
    await _schemas(database)
    attempts = 0

    async def write(tx: Tx, numbers: Sequence[int]) -> list[int]:
        nonlocal attempts
        attempts += 1
        if 13 in numbers:
            raise KeyError("thirteen")
        return await _insert(tx, numbers)

    commits: GroupCommit[int, int] = GroupCommit(database, write)
    async with _running(commits):
        answers = await asyncio.gather(
            *(commits.submit(ACME, n) for n in range(64)), commits.submit(BETA, 99), return_exceptions=True
        )
    assert isinstance(answers.pop(13), KeyError)
    assert answers == [*range(13), *range(14, 64), 99]
    assert attempts < 20


async def test_a_flood_of_one_tenant_leaves_others_their_turn() -> None:
    order: list[Schema] = []

    async def flush(batch: Sequence[tuple[Schema, int]]) -> Sequence[int]:
        await asyncio.sleep(0)
        order.extend(schema for schema, _ in batch)
        return [item for _, item in batch]

    batcher: Batcher[int, int] = Batcher(flush, max_batch=10)
    flood = [asyncio.ensure_future(batcher.submit(ACME, n)) for n in range(500)]
    await asyncio.sleep(0)
    other = asyncio.ensure_future(batcher.submit(BETA, 1))
    await asyncio.sleep(0)
    async with _running(batcher):
        await asyncio.gather(other, *flood)
    assert order.index(BETA) < 10


async def test_a_full_queue_refuses_its_own_tenant_alone() -> None:
    async def flush(batch: Sequence[tuple[Schema, int]]) -> Sequence[int]:
        await asyncio.sleep(0)
        return [item for _, item in batch]

    batcher: Batcher[int, int] = Batcher(flush, max_waiting=2)
    first = [asyncio.ensure_future(batcher.submit(ACME, n)) for n in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await batcher.submit(ACME, 3)
    other = asyncio.ensure_future(batcher.submit(BETA, 4))
    async with _running(batcher):
        assert await asyncio.gather(*first, other) == [0, 1, 4]


async def test_what_waits_at_the_end_is_finished_and_what_comes_later_is_refused(database: Database) -> None:
    await _schemas(database)
    commits: GroupCommit[int, int] = GroupCommit(database, _insert)
    waiting = [asyncio.ensure_future(commits.submit(ACME, n)) for n in range(20)]
    await asyncio.sleep(0)
    async with _running(commits):
        pass
    assert await asyncio.gather(*waiting) == list(range(20))
    with pytest.raises(Unavailable):
        await commits.submit(ACME, 21)


async def test_reads_by_key_share_a_statement_and_unknown_keys_answer_none(database: Database) -> None:
    await _schemas(database)
    async with database.begin(ACME) as tx:
        await _insert(tx, [1, 2, 3])
    asked: list[int] = []

    async def read(direct: Direct, keys: Sequence[int]) -> dict[int, int]:
        asked.extend(keys)
        found = await direct.values("SELECT n FROM tenant.number WHERE n = any(:keys)", keys=list(keys))
        return {n: n * 10 for n in found}

    reads: GroupRead[int, int] = GroupRead(database, read)
    pending = [asyncio.ensure_future(reads.submit(ACME, n)) for n in (1, 3, 9, 1)]
    await asyncio.sleep(0)
    async with _running(reads):
        assert await asyncio.gather(*pending) == [10, 30, None, 10]
    assert asked == [1, 3, 9]
