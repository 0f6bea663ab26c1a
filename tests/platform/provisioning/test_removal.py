"""Tenants that stop: at once, on every process, and nothing of them stays."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from clerestory.app import Application, running
from clerestory.kernel.errors import Conflict, Forbidden, NotFound, Problem, Unauthenticated
from clerestory.platform import provisioning
from clerestory.platform.database import Database
from clerestory.platform.jobs import queue
from clerestory.platform.provisioning import Registered, Registrant, Spares, removal
from clerestory.platform.storage import Files
from clerestory.platform.tenancy import Parts, TenantId
from clerestory.platform.tenancy.name import tenant_name
from clerestory.platform.tokens import Bearer, Gate, Shown
from tests.fixtures.application import settings_for
from tests.platform.storage.places import content

JANE = Registrant("jane@x.org", "seven blue lanterns", "Jane", "Doe")
LEFT = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname ~ '^(gone_|jane)'"


async def shown(parts: Parts, made: Registered) -> Bearer:
    return await parts.find(Gate).verify(Shown(key=made.api_key), "clerestory.test")


async def becomes(refused: type[Problem], ask: Callable[[], Awaitable[object]]) -> None:
    """Waits until asking is refused in this way; what is remembered would last five seconds, a message is faster."""
    async with asyncio.timeout(4):
        while True:
            try:
                await ask()
            except refused:
                return
            await asyncio.sleep(0.01)


async def served_again(parts: Parts, made: Registered) -> Bearer:
    async with asyncio.timeout(4):
        while True:
            try:
                return await shown(parts, made)
            except Forbidden:
                await asyncio.sleep(0.01)


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Application]:
    """Another process, as far as memory goes."""
    async with running(settings_for(database_url)) as application:
        yield application


async def test_a_removed_tenant_is_gone_with_everything(parts: Parts) -> None:
    database = parts.find(Database)
    stays = await provisioning.register(parts, Registrant("stays@x.org", "seven blue lanterns"))
    made = await provisioning.register(parts, JANE)
    await provisioning.remove(parts, made.tenant)
    assert await database.direct().values(LEFT) == []
    assert await database.direct().values("SELECT id FROM platform.tenant") == [stays.tenant]
    assert await database.direct().values("SELECT tenant FROM platform.api_key") == [stays.tenant]
    schemas = "SELECT schema FROM platform.schema_version ORDER BY schema"
    assert await database.direct().values(schemas) == ["public", stays.schema]
    with pytest.raises(NotFound):
        await provisioning.remove(parts, made.tenant)


async def test_its_files_go_and_those_of_others_stay(parts: Parts) -> None:
    made = await provisioning.register(parts, JANE)
    stays = await provisioning.register(parts, Registrant("stays@x.org", "seven blue lanterns"))
    shelves = [parts.find(Files).shelf(one.tenant, "ideas") for one in (made, stays)]
    for shelf in shelves:
        await shelf.put("one", content(b"x"), most=10)
    await removal.clear_files(parts, made.tenant)
    assert [[one.name async for one in shelf.names()] for shelf in shelves] == [["one"], ["one"]]
    before = await queue.depths(parts.find(Database).direct())
    await provisioning.remove(parts, made.tenant)
    # At once, and once more when no request can be under way any more.
    after = await queue.depths(parts.find(Database).direct())
    assert after["queued"] - before["queued"] == 2
    await removal.clear_files(parts, made.tenant)
    assert [[one.name async for one in shelf.names()] for shelf in shelves] == [[], ["one"]]


async def test_its_key_is_worth_nothing_on_every_process_at_once(parts: Parts, elsewhere: Application) -> None:
    made = await provisioning.register(parts, JANE)
    assert (await shown(elsewhere.parts, made)).tenant.schema == made.schema
    await provisioning.remove(parts, made.tenant)
    await becomes(Unauthenticated, lambda: shown(elsewhere.parts, made))


async def test_its_name_is_free_again(parts: Parts) -> None:
    made = await provisioning.register(parts, JANE)
    await provisioning.remove(parts, made.tenant)
    async with parts.find(Database).begin() as tx:
        name = tenant_name("jane@x.org", made.client[-6:])
        assert await provisioning.store.insert_tenant(tx, name, "jane@x.org") is not None


async def test_whoever_still_reads_is_not_cut_off_and_the_rest_is_swept_later(parts: Parts) -> None:
    database = parts.find(Database)
    made = await provisioning.register(parts, JANE)
    async with database.begin(made.schema) as tx:
        read = "SELECT count(*) FROM tenant.person"
        assert await tx.value(read) == 1
        await provisioning.remove(parts, made.tenant)
        (aside,) = await database.direct().values(LEFT)
        assert aside.startswith("gone_")
        assert await database.direct().value("SELECT count(*) FROM platform.tenant") == 0
    await parts.find(Spares).keep()
    assert await database.direct().values(LEFT) == []


async def test_a_suspended_tenant_is_refused_everywhere_and_loses_nothing(parts: Parts, elsewhere: Application) -> None:
    made = await provisioning.register(parts, JANE)
    await shown(elsewhere.parts, made)
    await provisioning.suspend(parts, made.tenant)
    await becomes(Forbidden, lambda: shown(elsewhere.parts, made))
    with pytest.raises(Conflict, match="The tenant is not READY"):
        await provisioning.suspend(parts, made.tenant)
    await provisioning.resume(parts, made.tenant)
    assert (await served_again(elsewhere.parts, made)).tenant.schema == made.schema
    with pytest.raises(Conflict, match="The tenant is not SUSPENDED"):
        await provisioning.resume(parts, made.tenant)


async def test_nobody_can_be_suspended_who_is_not_there(parts: Parts) -> None:
    with pytest.raises(Conflict):
        await provisioning.suspend(parts, TenantId(404))
