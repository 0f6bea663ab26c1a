"""Migrations: what runs, what does not run twice, and what is refused."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest

from clerestory.platform.database import Database, DatabaseSettings, Schema
from clerestory.platform.database.migrate import MigrationError, Migrator
from clerestory.platform.database.migration import Migration, Owner
from tests.fixtures.database import create_database, drop_database, of

FIRST = Owner(
    "notes",
    control=(Migration("notes", 1, "list", "CREATE TABLE platform.note (id bigint)"),),
    tenant=(Migration("notes", 1, "first", "CREATE TABLE tenant.note (id bigint)"),),
)
SECOND = Owner(
    "notes",
    control=FIRST.control,
    tenant=(*FIRST.tenant, Migration("notes", 2, "title", "ALTER TABLE tenant.note ADD title text")),
)


@pytest.fixture
async def empty(server_url: str) -> AsyncIterator[Database]:
    """A database with nothing in it."""
    name = f"empty_{secrets.token_hex(4)}"
    await create_database(server_url, name)
    database = await Database.open(DatabaseSettings(of(server_url, name)))
    yield database
    await database.close()
    await drop_database(server_url, name)


async def _columns(database: Database, schema: str) -> list[str]:
    sql = """
        SELECT column_name::text
          FROM information_schema.columns
         WHERE table_schema = :schema AND table_name = 'note'
         ORDER BY ordinal_position
        """
    return await database.direct().values(sql, schema=schema)


async def _new_schema(migrator: Migrator, name: str) -> None:
    async with migrator.database.begin(Schema(name)) as tx:
        await tx.script(f"CREATE SCHEMA {name}")
        await tx.script(migrator.script)
        await migrator.record(tx, Schema(name))


async def test_a_plan_says_what_runs_and_runs_nothing(empty: Database) -> None:
    plan = await Migrator(empty, [FIRST]).plan()
    assert (list(plan.control), [(schema, list(steps)) for schema, steps in plan.schemas]) == (
        list(FIRST.control),
        [("public", list(FIRST.tenant))],
    )
    assert await empty.direct().value("SELECT to_regnamespace('platform') IS NULL")


async def test_a_second_run_has_nothing_to_do(empty: Database) -> None:
    assert not (await Migrator(empty, [FIRST]).migrate()).empty
    assert (await Migrator(empty, [FIRST]).migrate()).empty
    assert await _columns(empty, "public") == ["id"]


async def test_every_schema_gets_what_it_lacks(empty: Database) -> None:
    await Migrator(empty, [FIRST]).migrate()
    for name in ("acme", "beta", "gamma"):
        await _new_schema(Migrator(empty, [FIRST]), name)
    plan = await Migrator(empty, [SECOND]).migrate()
    assert [schema for schema, _ in plan.schemas] == ["public", "acme", "beta", "gamma"]
    for name in ("public", "acme", "beta", "gamma"):
        assert await _columns(empty, name) == ["id", "title"]


async def test_two_that_start_at_once_migrate_once(empty: Database) -> None:
    first, second = await asyncio.gather(Migrator(empty, [SECOND]).migrate(), Migrator(empty, [SECOND]).migrate())
    assert sorted([first.empty, second.empty]) == [False, True]


async def test_a_failed_schema_is_named_the_others_are_done_and_the_next_run_goes_on(empty: Database) -> None:
    await Migrator(empty, [FIRST]).migrate()
    for name in ("acme", "beta"):
        await _new_schema(Migrator(empty, [FIRST]), name)
    await empty.direct().execute("ALTER TABLE acme.note ADD title integer")
    with pytest.raises(MigrationError, match=r"1 of 3 schemas could not be migrated.*acme"):
        await Migrator(empty, [SECOND]).migrate()
    assert await _columns(empty, "beta") == ["id", "title"]
    await empty.direct().execute("ALTER TABLE acme.note DROP title")
    plan = await Migrator(empty, [SECOND]).migrate()
    assert [schema for schema, _ in plan.schemas] == ["acme"]


async def test_a_database_of_a_newer_version_is_refused(empty: Database) -> None:
    await Migrator(empty, [SECOND]).migrate()
    with pytest.raises(MigrationError, match="newer version"):
        await Migrator(empty, [FIRST]).migrate()


async def test_a_step_that_was_changed_after_it_ran_is_refused(empty: Database) -> None:
    await Migrator(empty, [FIRST]).migrate()
    changed = Owner("notes", control=(Migration("notes", 1, "list", "CREATE TABLE platform.other (id bigint)"),))
    with pytest.raises(MigrationError, match="changed after it ran"):
        await Migrator(empty, [changed]).plan()
