"""A tenant from a spare takes under 20 ms and one without under 150 ms, with 1,000 tenants as with 10; so does a start.

Peer: `CREATE SCHEMA` and the tables' script alone, in one transaction, with no row copied and no key made.
"""

import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog

from clerestory.app import OWNERS, demonstrate, prepare
from clerestory.platform import provisioning
from clerestory.platform.database import Database, DatabaseSettings, Schema
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.identity.passwords import PasswordCost, Passwords
from clerestory.platform.provisioning import Builder, Provisioner, ProvisioningSettings, Registrant, Spares
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens import Vault, VaultSettings

SAMPLES = 20
FEW, MANY = 10, 1000
WITH_SPARE_MS, WITHOUT_MS = 20, 150
REGISTRANT = Registrant("jane.doe@x.org", "seven blue lanterns", "Jane", "Doe")
# What hashing costs is decision 0010's; here it is measured apart.
CHEAP = PasswordCost(passes=1, memory_kib=64)


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds, each the median of its samples, and tenants a second."""

    script: float
    built: float
    renamed: float
    start: float
    built_per_second: float
    renamed_per_second: float


@dataclass(frozen=True, slots=True)
class Bench:
    """One process on its own server."""

    database: Database
    migrator: Migrator
    builder: Builder
    parts: Parts

    async def register(self) -> None:
        made = await provisioning.register(self.parts, REGISTRANT)
        if made.state != "READY":
            raise RuntimeError(f"a tenant is {made.state}")

    async def fill(self, spares: int) -> None:
        await Spares(self.database, self.builder, ProvisioningSettings(spares=spares)).keep()

    async def script_alone(self, number: int) -> None:
        schema = Schema(f"peer_{number}")
        async with self.database.begin(schema) as tx:
            await tx.script(f"CREATE SCHEMA {schema}")
            await tx.script(self.migrator.script)

    async def drop_peers(self) -> None:
        for number in range(SAMPLES + 1):
            async with self.database.begin() as tx:
                await tx.script(f"DROP SCHEMA peer_{number} CASCADE")

    async def figures(self) -> Figures:
        peers = iter(range(SAMPLES + 1))
        script = await median(lambda: self.script_alone(next(peers)))
        await self.drop_peers()
        built = await median(self.register)
        built_rate = await rate(self.register, at_once=2)
        await self.fill(SAMPLES + 1)
        renamed = await median(self.register)
        await self.fill(SAMPLES)
        renamed_rate = await rate(self.register, at_once=8)
        start = await median(lambda: prepare(self.database, OWNERS, lambda _: None))
        return Figures(script, built, renamed, start, built_rate, renamed_rate)

    async def grow(self, tenants: int) -> None:
        present: int = await self.database.direct().value("SELECT count(*) FROM platform.tenant")
        await rate(self.register, at_once=2, times=max(0, tenants - present))
        await self.database.recycle()


async def median(work: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds of one call, after one that does not count."""
    await work()
    taken = []
    for _ in range(SAMPLES):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


async def rate(work: Callable[[], Awaitable[None]], *, at_once: int, times: int = SAMPLES) -> float:
    """Calls a second, so many at once."""
    turns = asyncio.Semaphore(at_once)

    async def one() -> None:
        async with turns:
            await work()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(times)))
    return times / (time.perf_counter() - begun)


async def measured(url: str) -> None:
    async with AsyncExitStack() as stack:
        database = await Database.open(DatabaseSettings(url))
        stack.push_async_callback(database.close)
        await prepare(database, OWNERS, lambda _: None)
        await demonstrate(database)
        migrator = Migrator(database, OWNERS)
        builder = Builder(migrator)
        provisioner = Provisioner(database, builder, ProvisioningSettings())
        vault = Vault(VaultSettings("a secret of the bench, long enough to be taken"))
        bench = Bench(database, migrator, builder, Parts(database, provisioner, vault, Passwords(CHEAP)))
        await bench.grow(FEW)
        few = await bench.figures()
        begun = time.perf_counter()
        await bench.grow(MANY)
        print(f"grown to {MANY:,} tenants in {time.perf_counter() - begun:.0f} s")
        many = await bench.figures()
        passwords = Passwords()
        hashing = await median(lambda: _hash(passwords))
        tables = len(
            await database.direct().values("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public'")
        )
    report(few, many, hashing, tables)


async def _hash(passwords: Passwords) -> None:
    await passwords.hash(REGISTRANT.password)


def report(few: Figures, many: Figures, hashing: float, tables: int) -> None:
    print(f"{tables} tables a tenant, demonstration data copied; milliseconds, medians of {SAMPLES}")
    print(f"{'':44}{FEW:>9,}{MANY:>9,}{'ratio':>9}")
    rows = (
        ("peer: schema and script alone", few.script, many.script),
        ("a tenant without a spare", few.built, many.built),
        ("a tenant from a spare", few.renamed, many.renamed),
        ("a start with nothing to migrate", few.start, many.start),
        ("tenants a second, built, 2 at once", few.built_per_second, many.built_per_second),
        ("tenants a second, from spares, 8 at once", few.renamed_per_second, many.renamed_per_second),
    )
    for name, before, after in rows:
        print(f"{name:44}{before:9.1f}{after:9.1f}{after / before:9.2f}")
    print(f"{'the hash of the password, beside':44}{hashing:9.1f}")
    for name, limits in (
        ("without a spare, of the peer", (few.built / few.script, many.built / many.script)),
        ("from a spare, of the peer", (few.renamed / few.script, many.renamed / many.script)),
        (f"without a spare, of {WITHOUT_MS} ms", (few.built / WITHOUT_MS, many.built / WITHOUT_MS)),
        (f"from a spare, of {WITH_SPARE_MS} ms", (few.renamed / WITH_SPARE_MS, many.renamed / WITH_SPARE_MS)),
    ):
        print(f"{name:44}{limits[0]:9.2f}{limits[1]:9.2f}")
    print(f"a start at {MANY:,} takes {many.start - few.start:.1f} ms more than one at {FEW}, of 1,000 ms")


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Embedded(EmbeddedSettings(data_dir=Path(folder) / "data", shared_buffers_mb=512)) as url:
            asyncio.run(measured(url))


if __name__ == "__main__":
    main()
