"""Provisioning that is cut off: by a lost connection, a killed process, impatience, a public that cannot be copied."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from clerestory.app import OWNERS
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import Conflict, DatabaseFault, NotFound, Unavailable
from clerestory.platform import provisioning
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.provisioning import (
    TASKS,
    Builder,
    Provisioner,
    ProvisioningSettings,
    Registered,
    Registrant,
    Spares,
)
from clerestory.platform.tenancy import PUBLIC_TENANT, SYSTEM, Parts, Scope, State
from clerestory.platform.tokens import Gate, Shown

JANE = Registrant("jane@x.org", "seven blue lanterns", "Jane", "Doe")
STATE = "SELECT state FROM platform.tenant"
SCHEMAS = "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname LIKE 'jane%'"
QUEUED = "SELECT convert_from(payload, 'utf-8') FROM jobs.pgqueuer WHERE entrypoint = 'tenancy.provision'"


@asynccontextmanager
async def public_held(database: Database) -> AsyncIterator[None]:
    """Whoever copies public must wait in here."""
    async with database.begin() as tx:
        await tx.execute("LOCK TABLE public.membership IN ACCESS EXCLUSIVE MODE")
        yield


async def who_waits(database: Database) -> int:
    """The process id of the backend that waits for a table."""
    waits = """
        SELECT pid
          FROM pg_catalog.pg_locks
         WHERE NOT granted AND relation IN ('public.membership'::regclass, 'platform.schema_version'::regclass)
    """
    async with asyncio.timeout(30):
        while (pid := await database.direct().value(waits)) is None:
            await asyncio.sleep(0.01)
    return int(pid)


@asynccontextmanager
async def versions_held(database: Database) -> AsyncIterator[None]:
    """Whoever has renamed a spare must wait in here before it can say so."""
    async with database.begin() as tx:
        await tx.execute("LOCK TABLE platform.schema_version IN SHARE ROW EXCLUSIVE MODE")
        yield


async def run_job(parts: Parts, made: Registered) -> None:
    """The task, as the worker would run it."""
    await TASKS[0].run(Scope(PUBLIC_TENANT, SYSTEM, utc_now, parts), {"tenant": made.tenant})


async def postponed(parts: Parts) -> Registered:
    """A tenant that was registered while public could not be copied."""
    database = parts.find(Database)
    async with public_held(database), asyncio.TaskGroup() as group:
        registering = group.create_task(provisioning.register(parts, JANE))
        await database.direct().value("SELECT pg_terminate_backend(:pid)", pid=await who_waits(database))
        return await registering


async def test_a_lost_connection_leaves_the_key_a_job_and_no_schema(parts: Parts) -> None:
    database, gate = parts.find(Database), parts.find(Gate)
    made = await postponed(parts)
    assert made.state is State.PENDING
    assert await database.direct().value(SCHEMAS) == 0
    assert await database.direct().values(QUEUED) == [f'{{"tenant":0,"arguments":{{"tenant":{made.tenant}}}}}']
    with pytest.raises(Unavailable, match=r"The tenant is being set up \(PENDING\)"):
        await gate.verify(Shown(key=made.api_key), "clerestory.test")


async def test_a_connection_lost_in_the_midst_of_a_claim_leaves_the_spare_to_the_next(parts: Parts) -> None:
    database = parts.find(Database)
    await parts.find(Spares).keep()
    spares = "SELECT schema FROM platform.spare JOIN pg_catalog.pg_namespace ON nspname = schema ORDER BY schema"
    before = await database.direct().values(spares)
    async with versions_held(database):
        registering = asyncio.ensure_future(provisioning.register(parts, JANE))
        await database.direct().value("SELECT pg_terminate_backend(:pid)", pid=await who_waits(database))
        with pytest.raises(Unavailable):
            await registering
    assert await database.direct().values(spares) == before
    assert await database.direct().values(STATE) == []
    assert (await provisioning.register(parts, JANE)).state is State.READY
    assert len(await database.direct().values(spares)) == len(before) - 1


async def test_the_job_finishes_it_and_may_run_again(parts: Parts) -> None:
    database = parts.find(Database)
    made = await postponed(parts)
    await run_job(parts, made)
    await run_job(parts, made)
    assert await database.direct().values(STATE) == ["READY"]
    assert await database.direct(made.schema).values("SELECT email FROM tenant.person") == ["jane@x.org"]
    assert (await parts.find(Gate).verify(Shown(key=made.api_key), "clerestory.test")).tenant.schema == made.schema


async def test_two_who_finish_it_at_once_make_one_schema(parts: Parts) -> None:
    made = await postponed(parts)
    await asyncio.gather(*(run_job(parts, made) for _ in range(4)))
    assert await parts.find(Database).direct().values(STATE) == ["READY"]
    assert await parts.find(Database).direct().value(SCHEMAS) == 1


async def test_a_request_does_not_wait_longer_than_its_patience(parts: Parts) -> None:
    database = parts.find(Database)
    made = await postponed(parts)
    builder = Builder(Migrator(database, OWNERS))
    impatient = Provisioner(database, builder, ProvisioningSettings(patience=timedelta(milliseconds=200)))
    async with public_held(database):
        assert await impatient.provision_now(made.tenant) is State.PROVISIONING
        assert await database.direct().value(SCHEMAS) == 0
    patient = Provisioner(database, builder, ProvisioningSettings(patience=timedelta(seconds=60)))
    assert await patient.provision_now(made.tenant) is State.READY


DYING = """
import asyncio, sys
from clerestory.app import at_hand
from clerestory.platform import provisioning
from tests.fixtures.application import settings_for

async def main():
    async with at_hand(settings_for(sys.argv[1])) as parts:
        await provisioning.register(parts, provisioning.Registrant("jane@x.org", "seven blue lanterns"))

asyncio.run(main())
"""


async def test_a_process_killed_in_the_midst_leaves_nothing_that_another_cannot_finish(
    parts: Parts, database_url: str
) -> None:
    database = parts.find(Database)
    async with public_held(database):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", DYING, database_url, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        )
        await who_waits(database)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert await database.direct().values(STATE) == ["PROVISIONING"]
    tenant = await database.direct().value("SELECT id FROM platform.tenant")
    async with asyncio.timeout(30):
        # PostgreSQL may take a moment to notice that nobody is there to answer any more.
        while await database.direct().values(STATE) != ["READY"]:
            await parts.find(Provisioner).provision(tenant)
    assert await database.direct().value(SCHEMAS) == 1


async def test_what_can_never_be_built_is_failed_with_a_reference_and_begins_anew_when_mended(parts: Parts) -> None:
    database = parts.find(Database)
    await change(database, "ALTER TABLE public.membership RENAME TO mislaid")
    made = await provisioning.register(parts, JANE)
    assert made.state is State.PENDING
    for _ in range(3):
        with pytest.raises(DatabaseFault):
            await run_job(parts, made)
    await run_job(parts, made)
    failed = "SELECT state || ' ' || coalesce(failure, '-') FROM platform.tenant"
    state, _, reference = (await database.direct().value(failed)).partition(" ")
    assert (state, len(reference)) == ("FAILED", 12)
    assert await database.direct().value(SCHEMAS) == 0
    await run_job(parts, made)
    assert await database.direct().values(STATE) == ["FAILED"]

    await change(database, "ALTER TABLE public.mislaid RENAME TO membership")
    await provisioning.retry(parts, made.tenant)
    assert len(await database.direct().values(QUEUED)) == 2
    await run_job(parts, made)
    assert await database.direct().value(failed) == "READY -"
    with pytest.raises(Conflict, match="The tenant is not FAILED"):
        await provisioning.retry(parts, made.tenant)


async def change(database: Database, statement: str) -> None:
    async with database.begin() as tx:
        await tx.script(statement)


async def test_a_tenant_that_is_removed_while_it_is_built_is_gone(parts: Parts) -> None:
    database = parts.find(Database)
    made = await postponed(parts)
    async with asyncio.TaskGroup() as group:
        async with public_held(database):
            building = group.create_task(parts.find(Provisioner).provision(made.tenant))
            await who_waits(database)
            removing = group.create_task(provisioning.remove(parts, made.tenant))
        await building
        await removing
    assert await database.direct().values(STATE) == []
    assert await database.direct().value(SCHEMAS) == 0
    with pytest.raises(NotFound):
        await provisioning.remove(parts, made.tenant)


async def test_a_public_without_its_own_version_is_not_copied(parts: Parts, database_url: str) -> None:
    """As after a restore that forgot the control tables' rows: better no tenant than one of no known version."""
    database = parts.find(Database)
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE platform.schema_version SET fingerprint = 'unknown' WHERE schema = 'public'")
    await connection.close()
    made = await provisioning.register(parts, JANE)
    assert made.state is State.PENDING
    assert await database.direct().value(SCHEMAS) == 0
