"""The pool: some finished schemas that wait for their tenants, each a copy of public as it is now.

A registration renames one. What public has moved away from is dropped and made anew.
"""

import asyncio
import secrets

import structlog

from clerestory.kernel.errors import Problem
from clerestory.platform.database import Database, Listener, Schema
from clerestory.platform.provisioning import spare_store
from clerestory.platform.provisioning.build import NOBODY, Builder
from clerestory.platform.provisioning.copying import REGISTRANT
from clerestory.platform.provisioning.provisioner import SPARE_TAKEN
from clerestory.platform.provisioning.removal import sweep
from clerestory.platform.provisioning.settings import ProvisioningSettings
from clerestory.platform.provisioning.watch import watch_public

log = structlog.get_logger(__name__)


class Spares:
    """Keeps the pool full. Every serving process runs one; of them all one builds at a time."""

    def __init__(self, database: Database, builder: Builder, settings: ProvisioningSettings) -> None:
        self._database = database
        self._builder = builder
        self._settings = settings
        self._wanted = asyncio.Event()

    def heed(self, listener: Listener) -> "Spares":
        """Looks after the pool whenever a spare was taken, by whichever process; hands itself back."""
        listener.on(SPARE_TAKEN, lambda _: self._wanted.set())
        return self

    async def run(self) -> None:
        """Looks after the pool for ever: at once, when a spare was taken, and every `settings.period`."""
        while True:
            try:
                await self.keep()
            except Problem as problem:
                log.warning("spares.postponed", error=type(problem).__name__, text=problem.text)
            try:
                async with asyncio.timeout(self._settings.period.total_seconds()):
                    await self._wanted.wait()
            except TimeoutError:
                continue
            self._wanted.clear()

    async def keep(self) -> int:
        """One round: drops what is stale or nobody's, then builds what is missing; how many were built.

        A process of another version than public's leaves the pool to those of that version.
        """
        async with self._database.begin() as tx:
            if not await spare_store.public_is_at(tx, self._builder.fingerprint):
                return 0
            await spare_store.discard_stale_spares(tx, self._builder.fingerprint)
            missing = await spare_store.count_spares(tx, self._builder.fingerprint) < self._settings.spares
        await sweep(self._database)
        if not missing:
            return 0
        await watch_public(self._database)
        built = 0
        while await self._build_one():
            built += 1
        return built

    async def _build_one(self) -> bool:
        """Builds a spare if one is missing and nobody else is building; whether it did."""
        async with self._database.begin(isolation="repeatable_read") as tx:
            mine = await spare_store.try_upkeep_lock(tx)
            if not mine or await spare_store.count_spares(tx, self._builder.fingerprint) >= self._settings.spares:
                return False
            await self._builder.require_current(tx)
            schema = Schema(f"spare_{secrets.token_hex(8)}")
            await tx.script("SET LOCAL statement_timeout = '10min'")
            await self._builder.build(tx, schema, NOBODY)
            stamp = await spare_store.template_stamp(tx)
            await spare_store.insert_spare(tx, schema, stamp, self._builder.fingerprint, REGISTRANT)
        return True
