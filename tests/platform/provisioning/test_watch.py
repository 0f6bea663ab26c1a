"""Every change of public is noticed, whoever makes it; reading is none."""

import asyncpg
import pytest

from clerestory.platform.database import Database
from clerestory.platform.provisioning import watch_public

STAMP = "SELECT stamp FROM platform.template"


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO public.person_group (name) VALUES ('new')",
        "UPDATE public.person_group SET description = 'changed'",
        "DELETE FROM public.person_group",
        "TRUNCATE public.person_group CASCADE",
    ],
)
async def test_a_change_bumps_the_stamp_even_by_a_strangers_hand(
    database: Database, database_url: str, change: str
) -> None:
    before = await database.direct().value(STAMP)
    connection = await asyncpg.connect(database_url)
    await connection.execute(change)
    await connection.close()
    assert await database.direct().value(STAMP) > before


async def test_reading_and_a_change_that_is_undone_do_not(database: Database, database_url: str) -> None:
    before = await database.direct().value(STAMP)
    connection = await asyncpg.connect(database_url)
    await connection.fetch("SELECT id FROM public.person_group")
    await connection.execute("BEGIN; DELETE FROM public.person_group; ROLLBACK")
    await connection.close()
    assert await database.direct().value(STAMP) == before


async def test_every_table_is_watched_and_a_new_one_from_the_next_time_on(database: Database) -> None:
    assert await watch_public(database) == 0
    async with database.begin() as tx:
        await tx.execute("CREATE TABLE tenant.late (id bigint)")
        await tx.execute("INSERT INTO tenant.late VALUES (1)")
    before = await database.direct().value(STAMP)
    assert await watch_public(database) == 1
    watched = await database.direct().value(STAMP)
    assert watched > before
    async with database.begin() as tx:
        await tx.execute("INSERT INTO tenant.late VALUES (2)")
    assert await database.direct().value(STAMP) > watched
    assert await watch_public(database) == 0


async def test_tenants_are_not_watched(database: Database) -> None:
    async with database.begin() as tx:
        await tx.script("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.late (id bigint)")
    assert await watch_public(database) == 0
