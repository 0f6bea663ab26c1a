"""Statements on a real database."""

from dataclasses import dataclass

import pytest

from clerestory.kernel.errors import DatabaseFault, Invalid, Linked, ReadOnly, Timeout
from clerestory.platform.database import Database, Duplicate


@dataclass(frozen=True, slots=True)
class Pair:
    a: int
    b: str


async def _with_table(database: Database) -> None:
    async with database.begin() as tx:
        await tx.script(
            """
            CREATE TABLE tenant.pair (a bigint CONSTRAINT pair_a UNIQUE, b text);
            CREATE TABLE tenant.child (pair bigint REFERENCES tenant.pair (a));
            """
        )


@pytest.mark.parametrize("columns", ["'x' AS b, g AS a", "g AS a, 'x' AS b"])
async def test_rows_are_built_by_the_names_of_their_columns(database: Database, columns: str) -> None:
    found = await database.direct().rows(f"SELECT {columns} FROM generate_series(1, :n) AS g ORDER BY g", Pair, n=2)
    assert found == [Pair(1, "x"), Pair(2, "x")]


async def test_an_argument_that_the_statement_does_not_name_is_a_mistake(database: Database) -> None:
    with pytest.raises(TypeError, match="unknown arguments"):
        await database.direct().value("SELECT 1", limit=1)


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    await _with_table(database)

    async def insert_and_fail() -> None:
        async with database.begin() as tx:
            await tx.execute("INSERT INTO tenant.pair VALUES (1, 'x')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await insert_and_fail()
    assert await database.direct().value("SELECT count(a) FROM tenant.pair") == 0


async def test_a_savepoint_undoes_only_its_own_part(database: Database) -> None:
    await _with_table(database)
    async with database.begin() as tx:
        await tx.execute("INSERT INTO tenant.pair VALUES (1, 'x')")
        with pytest.raises(Duplicate):
            async with tx.savepoint():
                await tx.execute("INSERT INTO tenant.pair VALUES (1, 'y')")
        await tx.execute("INSERT INTO tenant.pair VALUES (2, 'z')")
    assert await database.direct().values("SELECT b FROM tenant.pair ORDER BY a") == ["x", "z"]


async def test_faults_are_told_by_meaning(database: Database) -> None:
    await _with_table(database)
    direct = database.direct()
    await direct.execute("INSERT INTO tenant.pair VALUES (1, 'x')")
    await direct.execute("INSERT INTO tenant.child VALUES (1)")
    with pytest.raises(Duplicate) as caught:
        await direct.execute("INSERT INTO tenant.pair VALUES (1, 'y')")
    assert caught.value.constraint == "pair_a"
    with pytest.raises(Linked):
        await direct.execute("DELETE FROM tenant.pair")
    with pytest.raises(Invalid):
        await direct.execute("INSERT INTO tenant.pair VALUES (2, :b)", b="\x00")
    with pytest.raises(Invalid):
        await direct.execute("INSERT INTO tenant.pair VALUES (:a, '')", a=2**63)
    with pytest.raises(DatabaseFault):
        await direct.value("SELECT nothing FROM tenant.pair")


async def test_a_fault_is_logged_without_the_row_that_it_was_about(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database.begin() as tx:
        await tx.script("CREATE TABLE tenant.checked (a text CONSTRAINT small CHECK (a < 'b'), hash text)")
    with pytest.raises(DatabaseFault):
        await database.direct().execute("INSERT INTO tenant.checked VALUES ('c', '$argon2id$hidden')")
    written = capsys.readouterr()
    assert 'violates check constraint "small"' in written.out + written.err
    assert "$argon2id$hidden" not in written.out + written.err


async def test_a_statement_past_its_time_is_a_timeout(database: Database) -> None:
    async with database.begin() as tx:
        await tx.execute("SET LOCAL statement_timeout = 20")
        with pytest.raises(Timeout):
            await tx.value("SELECT pg_sleep(5)")


async def test_a_read_only_transaction_cannot_write(database: Database) -> None:
    await _with_table(database)
    with pytest.raises(ReadOnly):
        async with database.begin(read_only=True) as tx:
            await tx.execute("INSERT INTO tenant.pair VALUES (1, 'x')")


async def test_a_read_only_statement_reads_and_cannot_write(database: Database) -> None:
    await _with_table(database)
    direct = database.direct(read_only=True)
    assert await direct.value("SELECT count(*) FROM tenant.pair") == 0
    with pytest.raises(ReadOnly):
        await direct.execute("INSERT INTO tenant.pair VALUES (1, 'x')")


async def test_a_stream_hands_out_every_row(database: Database) -> None:
    async with database.begin() as tx:
        sql = "SELECT g AS a, '' AS b FROM generate_series(1, :n) AS g"
        assert [pair.a async for pair in tx.stream(sql, Pair, n=1200)] == list(range(1, 1201))


async def test_a_name_without_its_schema_finds_no_table_though_public_has_it(database: Database) -> None:
    await _with_table(database)
    assert await database.direct().value("SHOW search_path") == "pg_catalog"
    with pytest.raises(DatabaseFault):
        await database.direct().value("SELECT count(*) FROM pair")
