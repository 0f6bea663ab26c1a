"""The pool of spares: kept full, never stale, never given twice, whoever else is at work."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from clerestory.app import OWNERS, prepare, running
from clerestory.platform import provisioning
from clerestory.platform.database import PUBLIC, Database, DatabaseSettings, Schema
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.database.migration import Migration, Owner
from clerestory.platform.provisioning import (
    Builder,
    Provisioner,
    ProvisioningSettings,
    Registered,
    Registrant,
    Spares,
)
from clerestory.platform.tenancy import Parts, State
from tests.fixtures.application import settings_for

WANTED = 2
SCHEMAS = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname ~ '^(spare|gone)_' ORDER BY nspname"
NEXT = Owner("planted", tenant=(Migration("planted", 1, "tables", "CREATE TABLE tenant.planted (id bigint);"),))


def registrant(number: int = 0) -> Registrant:
    return Registrant(f"person{number}@x.org", "seven blue lanterns")


async def listed(database: Database) -> list[str]:
    return await database.direct().values("SELECT schema FROM platform.spare ORDER BY schema")


async def groups_of(database: Database, schema: Schema) -> list[str]:
    return await database.direct(schema).values("SELECT name FROM tenant.person_group ORDER BY name")


async def add_group(database: Database, name: str) -> None:
    """A change of public."""
    async with database.begin(PUBLIC) as tx:
        await tx.execute("INSERT INTO tenant.person_group (name) VALUES (:name)", name=name)


async def test_what_is_missing_is_built_and_no_more(parts: Parts) -> None:
    database, spares = parts.find(Database), parts.find(Spares)
    assert await spares.keep() == WANTED
    assert await listed(database) == await database.direct().values(SCHEMAS)
    assert await spares.keep() == 0
    await provisioning.register(parts, registrant())
    assert await spares.keep() == 1
    assert len(await listed(database)) == WANTED


async def test_two_who_look_after_the_pool_do_not_build_twice(parts: Parts) -> None:
    spares = parts.find(Spares)
    assert sum(await asyncio.gather(spares.keep(), spares.keep(), spares.keep())) == WANTED


async def test_fifty_at_once_get_fifty_schemas_of_which_two_were_spares(parts: Parts) -> None:
    database = parts.find(Database)
    await parts.find(Spares).keep()
    made: list[Registered] = await asyncio.gather(
        *(provisioning.register(parts, registrant(number % 7)) for number in range(50))
    )
    for late in (one for one in made if one.state is not State.READY):
        await parts.find(Provisioner).provision(late.tenant)
    states = await database.direct().values("SELECT state FROM platform.tenant")
    assert Counter(states) == {"READY": 50}
    assert len({one.schema for one in made}) == len({one.api_key for one in made}) == 50
    assert await listed(database) == await database.direct().values(SCHEMAS) == []
    for one in made:
        person = "SELECT string_agg(email, ', ') FROM tenant.person"
        assert await database.direct(one.schema).value(person) == one.client.rpartition("_")[0] + "@x.org"


async def test_after_a_change_of_public_no_spare_from_before_is_given(parts: Parts) -> None:
    database, spares = parts.find(Database), parts.find(Spares)
    await spares.keep()
    before = await listed(database)
    await add_group(database, "new")
    built = await provisioning.register(parts, registrant())
    assert (built.state, await groups_of(database, built.schema)) == (State.READY, ["new"])
    assert await listed(database) == before
    assert await spares.keep() == WANTED
    assert not set(before) & set(await database.direct().values(SCHEMAS))
    renamed = await provisioning.register(parts, registrant())
    assert await groups_of(database, renamed.schema) == ["new"]


async def test_a_change_of_public_that_is_under_way_comes_after_the_claim(parts: Parts) -> None:
    database = parts.find(Database)
    await parts.find(Spares).keep()
    async with database.begin(PUBLIC) as tx:
        await tx.execute("INSERT INTO tenant.person_group (name) VALUES ('not yet')")
        early = await provisioning.register(parts, registrant())
    late = await provisioning.register(parts, registrant())
    assert await groups_of(database, early.schema) == []
    assert await groups_of(database, late.schema) == ["not yet"]


@pytest.mark.parametrize("tampering", ['DELETE FROM "{}".person', 'DROP SCHEMA "{}" CASCADE'])
async def test_a_spare_that_somebody_tampered_with_is_passed_over(parts: Parts, tampering: str) -> None:
    database, spares = parts.find(Database), parts.find(Spares)
    await spares.keep()
    async with database.begin() as tx:
        for schema in await listed(database):
            await tx.script(f'DELETE FROM "{schema}".person')
    made = [await provisioning.register(parts, registrant()) for _ in range(WANTED)]
    assert [one.state for one in made] == [State.READY] * WANTED
    assert await listed(database) == []
    for one in made:
        assert await database.direct(one.schema).value("SELECT count(*) FROM tenant.person") == 1


async def test_what_a_process_left_behind_is_swept_and_what_looks_alike_is_not(parts: Parts) -> None:
    database = parts.find(Database)
    made = await provisioning.register(parts, Registrant("spare@x.org", "seven blue lanterns"))
    async with database.begin() as tx:
        await tx.script(
            """
            CREATE SCHEMA spare_0123456789abcdef;
            CREATE TABLE spare_0123456789abcdef.half (id bigint);
            CREATE SCHEMA gone_0123456789abcdef;
            CREATE SCHEMA gone_fishing;
            """
        )
    await parts.find(Spares).keep()
    kept = await database.direct().values(SCHEMAS)
    assert sorted(kept) == sorted([made.schema, "gone_fishing", *await listed(database)])


async def test_a_process_of_another_version_neither_builds_nor_takes_nor_drops(parts: Parts) -> None:
    database = parts.find(Database)
    await parts.find(Spares).keep()
    before = await listed(database)
    builder, settings = Builder(Migrator(database, (*OWNERS, NEXT))), ProvisioningSettings()
    assert await Spares(database, builder, settings).keep() == 0
    provisioner = Provisioner(database, builder, settings)
    made = await provisioning.register(Parts(database, provisioner, *others(parts)), registrant())
    assert made.state is State.PENDING
    assert await listed(database) == before
    await prepare(database, (*OWNERS, NEXT))
    await provisioner.provision(made.tenant)
    assert await database.direct(made.schema).value("SELECT count(*) FROM tenant.planted") == 0
    assert await Spares(database, builder, settings).keep() == WANTED
    assert not set(before) & set(await listed(database))


def others(parts: Parts) -> list[object]:
    """What registration needs besides the database and the provisioner."""
    from clerestory.platform.identity.passwords import Passwords
    from clerestory.platform.tokens import Vault

    return [parts.find(Passwords), parts.find(Vault)]


async def test_a_tenant_made_while_public_is_migrated_is_migrated_too(parts: Parts) -> None:
    database = parts.find(Database)
    await parts.find(Spares).keep()
    made: list[Registered] = []
    async with asyncio.TaskGroup() as group:
        migration = group.create_task(prepare(database, (*OWNERS, NEXT)))
        while not migration.done():
            made.append(await provisioning.register(parts, registrant()))
    direct = database.direct()
    assert await direct.value("SELECT count(DISTINCT fingerprint) FROM platform.schema_version") == 1
    for one in made:
        ready = one.state is State.READY
        there = await direct.value("SELECT to_regclass(:table) IS NOT NULL", table=f"{one.schema}.planted")
        assert there is ready


async def test_a_serving_process_fills_the_pool_by_itself(database_url: str) -> None:
    async with running(replace(settings_for(database_url), spares=WANTED)) as application, asyncio.timeout(60):
        database = application.parts.find(Database)
        while len(first := await listed(database)) < WANTED:
            await asyncio.sleep(0.02)
        await provisioning.register(application.parts, registrant())
        while len(again := await listed(database)) < WANTED:
            await asyncio.sleep(0.02)
        assert len(set(first) & set(again)) == 1


async def test_another_process_hears_that_a_spare_was_taken(database_url: str) -> None:
    settings = replace(settings_for(database_url), spares=WANTED)
    async with running(settings) as application, asyncio.timeout(60):
        database = application.parts.find(Database)
        while len(first := await listed(database)) < WANTED:
            await asyncio.sleep(0.02)
        elsewhere = await Database.open(DatabaseSettings(database_url))
        try:
            provisioner = Provisioner(elsewhere, Builder(Migrator(elsewhere, OWNERS)), ProvisioningSettings())
            parts = Parts(elsewhere, provisioner, *others(application.parts))
            assert (await provisioning.register(parts, registrant())).state is State.READY
        finally:
            await elsewhere.close()
        while len(again := await listed(database)) < WANTED:
            await asyncio.sleep(0.02)
        assert len(set(first) & set(again)) == 1
