"""Tenants that stop: suspended, or gone for good. A tenant that is gone is unreachable at once; its rows follow."""

import secrets
from datetime import timedelta

import structlog

from clerestory.kernel.errors import Conflict, NotFound, Problem
from clerestory.platform import jobs
from clerestory.platform.database import Database, Schema, Tx, notify, schema_name
from clerestory.platform.provisioning import spare_store, store
from clerestory.platform.storage import Files
from clerestory.platform.tenancy import Parts, State, TenantId
from clerestory.platform.tenancy.registry import TOPIC
from clerestory.platform.tokens.gate import KEY_TOPIC

CLEAR_FILES = "tenancy.clear_files"
_LAST_REQUESTS_OVER = timedelta(hours=1)

log = structlog.get_logger(__name__)


async def remove(parts: Parts, tenant: TenantId) -> None:
    """Deletes the tenant: keys and sessions end when this commits, on every process. Raises NotFound.

    The schema is first set aside under another name, which is instant, and then dropped; what cannot be dropped now,
    because somebody still reads it or this process ends, is dropped by the upkeep of the spares. Its files are cleared
    by a job, and an hour later once more: a request that was under way may still have stored one.
    """
    database = parts.find(Database)
    aside = Schema(f"gone_{secrets.token_hex(8)}")
    async with database.begin() as tx:
        schema = await store.lock_tenant(tx, tenant)
        if schema is None:
            raise NotFound
        exists = await store.schema_exists(tx, schema)
        if exists:
            await tx.script(f'ALTER SCHEMA "{schema_name(schema)}" RENAME TO "{aside}"')
        await store.delete_version(tx, schema)
        await store.delete_tenant(tx, tenant)
        for wait in (timedelta(0), _LAST_REQUESTS_OVER):
            await jobs.defer(tx, CLEAR_FILES, {"tenant": tenant}, after=wait)
        await _tell(tx, tenant)
    if exists:
        await _try_to_drop(database, aside)


async def clear_files(parts: Parts, tenant: TenantId) -> None:
    """Removes every file of a tenant that is gone; of one that is there, none."""
    if await store.tenant_is_gone(parts.find(Database).direct(), tenant):
        await parts.find(Files).clear(tenant)


async def suspend(parts: Parts, tenant: TenantId) -> None:
    """From now on nobody is served in this tenant; nothing is lost. Raises Conflict when it is not READY."""
    await _change(parts, tenant, State.READY, State.SUSPENDED)


async def resume(parts: Parts, tenant: TenantId) -> None:
    """Serves a suspended tenant again. Raises Conflict when it is not suspended."""
    await _change(parts, tenant, State.SUSPENDED, State.READY)


async def sweep(database: Database) -> None:
    """Drops schemas that are nobody's any more, each in a transaction of its own: a drop locks every table in it."""
    for schema in await spare_store.unclaimed_schemas(database.direct()):
        await _try_to_drop(database, schema)


async def _try_to_drop(database: Database, schema: Schema) -> None:
    try:
        async with database.begin() as tx:
            if await spare_store.try_upkeep_lock(tx):
                await tx.script("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5min'")
                await tx.script(f'DROP SCHEMA IF EXISTS "{schema_name(schema)}" CASCADE')
    except Problem as problem:
        log.warning("schema.not_dropped", schema=schema, error=type(problem).__name__)


async def _change(parts: Parts, tenant: TenantId, before: State, after: State) -> None:
    async with parts.find(Database).begin() as tx:
        if not await store.change_state(tx, tenant, before, after):
            raise Conflict(f"The tenant is not {before.value}.")
        await _tell(tx, tenant)


async def _tell(tx: Tx, tenant: TenantId) -> None:
    await notify(tx, TOPIC, str(tenant))
    await notify(tx, KEY_TOPIC, str(tenant))
