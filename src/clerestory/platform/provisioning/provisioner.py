"""From a registration to a READY tenant: by a spare, or by building its schema. All of it happens, or nothing.

Any process may finish what another began; whoever holds the tenant's row is at it.
"""

import asyncio

import structlog

from clerestory.kernel import ids
from clerestory.kernel.errors import Absent, Problem
from clerestory.platform.database import Database, Schema, Tx, notify, schema_name
from clerestory.platform.provisioning import spare_store, store
from clerestory.platform.provisioning.build import Builder
from clerestory.platform.provisioning.settings import ProvisioningSettings
from clerestory.platform.provisioning.store import Founder
from clerestory.platform.tenancy import State, TenantId
from clerestory.platform.tenancy.registry import TOPIC

PROVISION = "tenancy.provision"
"""The task that finishes what a registration could not."""

SPARE_TAKEN = "spare"
"""The topic by which processes hear that the pool of spares has shrunk."""

log = structlog.get_logger(__name__)


class Provisioner:
    """Gives tenants their schemas. Builds at most `settings.at_once` at a time in this process."""

    def __init__(self, database: Database, builder: Builder, settings: ProvisioningSettings) -> None:
        self._database = database
        self._builder = builder
        self._settings = settings
        self._turns = asyncio.Semaphore(settings.at_once)

    async def claim(self, tx: Tx, tenant: TenantId, schema: Schema, founder: Founder) -> bool:
        """Makes a spare the tenant's schema, in the caller's transaction; whether there was one. Then it is READY."""
        if not await spare_store.public_is_at(tx, self._builder.fingerprint):
            return False
        spare = await spare_store.take_spare(tx, self._builder.fingerprint)
        if spare is None:
            return False
        try:
            async with tx.savepoint():
                await tx.script(f'ALTER SCHEMA "{schema_name(spare.schema)}" RENAME TO "{schema_name(schema)}"')
                if not await store.seat_founder(tx.of(schema), spare.person, founder):
                    raise Absent("The spare has no first person.")
        except Problem as problem:
            # Somebody has tampered with it: it is off the list now, and what is left of it will be swept away.
            log.warning("spare.unusable", schema=spare.schema, error=type(problem).__name__)
            return False
        await self._ready(tx, tenant, schema)
        await notify(tx, SPARE_TAKEN, spare.schema)
        return True

    async def provision_now(self, tenant: TenantId) -> State | None:
        """Tries to make the tenant READY while a request waits; the state it is in then. A job does the rest."""
        try:
            async with asyncio.timeout(self._settings.patience.total_seconds()):
                await self.provision(tenant)
        except (Problem, TimeoutError) as error:
            log.warning("provision.postponed", tenant=tenant, error=type(error).__name__)
        return await store.state_of(self._database.direct(), tenant)

    async def provision(self, tenant: TenantId) -> None:
        """Makes the tenant READY if it is not, and nobody else is at it. Safe to repeat.

        Raises what went wrong, to be tried again later; after the last attempt the tenant is FAILED instead, with a
        reference that finds the log line.
        """
        async with self._turns:
            attempt = await store.count_attempt(self._database.direct(), tenant)
            if attempt is None:
                return
            try:
                await self._claim_or_build(tenant)
            except Problem as problem:
                if attempt < self._settings.attempts:
                    log.warning("provision.delayed", tenant=tenant, attempt=attempt, error=type(problem).__name__)
                    await self._give_back(tenant, None)
                    raise
                reference = ids.new_reference()
                log.exception("provision.failed", tenant=tenant, attempt=attempt, reference=reference)
                await self._give_back(tenant, reference)

    async def _claim_or_build(self, tenant: TenantId) -> None:
        async with self._database.begin() as tx:
            unfinished = await store.lock_unfinished(tx, tenant)
            if unfinished is None or await self.claim(tx, tenant, unfinished.schema, unfinished.founder):
                return
        # A copy is of one moment, so all that it reads must be seen as of the transaction's beginning.
        async with self._database.begin(isolation="repeatable_read") as tx:
            unfinished = await store.lock_unfinished(tx, tenant)
            if unfinished is None:
                return
            await self._builder.require_current(tx)
            await self._builder.build(tx, unfinished.schema, unfinished.founder)
            await self._ready(tx, tenant, unfinished.schema)

    async def _ready(self, tx: Tx, tenant: TenantId, schema: Schema) -> None:
        await self._builder.record(tx, schema)
        await store.finish_registration(tx, tenant)
        await notify(tx, TOPIC, str(tenant))

    async def _give_back(self, tenant: TenantId, failure: str | None) -> None:
        async with self._database.begin() as tx:
            await store.give_back(tx, tenant, failure)
            await notify(tx, TOPIC, str(tenant))
