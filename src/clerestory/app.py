"""The composition root: the only module that names every part."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from clerestory.families import workspace
from clerestory.kernel.clock import Clock, utc_now
from clerestory.platform.database import Database, Listener
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.database.migration import Owner
from clerestory.platform.http import Family
from clerestory.platform.http.admit import Door
from clerestory.platform.http.dispatch import Dispatcher
from clerestory.platform.http.shell import Shell
from clerestory.platform.identity import demonstration
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.jobs import Background, queue
from clerestory.platform.observe import Metrics
from clerestory.platform.provisioning import Builder, Provisioner, ProvisioningSettings, Spares, watch_public
from clerestory.platform.tenancy import Parts
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import Gate, Vault
from clerestory.platform.tokens.attempts import Attempts
from clerestory.platform.tokens.jwt import Signer
from clerestory.settings.installation import Settings

_OTHERS: Sequence[Family] = ()
FAMILIES: Sequence[Family] = (*_OTHERS, workspace.family(_OTHERS))

OWNERS: Sequence[Owner] = (
    Owner.of("tenancy", "clerestory.platform.tenancy", control="migrations/control"),
    Owner.of("tokens", "clerestory.platform.tokens", control="migrations/control"),
    Owner.of("jobs", "clerestory.platform.jobs", control="migrations/control"),
    Owner.of("identity", "clerestory.platform.identity", tenant="migrations/tenant"),
    Owner.of("delivery", "clerestory.platform.delivery", tenant="migrations/tenant"),
    *(family.owner for family in FAMILIES),
)


@dataclass(frozen=True, slots=True)
class Application:
    """A process that is up: its ASGI face and its parts."""

    asgi: ASGIApp
    parts: Parts


@asynccontextmanager
async def at_hand(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Parts]:
    """The parts of a process that works at nothing by itself: for commands."""
    database = await Database.open(settings.database)
    try:
        yield equipped(settings, clock, database)
    finally:
        await database.close()


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Application]:
    """Everything built once and running; on the way out requests' tails are drained and connections closed."""
    async with at_hand(settings, clock=clock) as parts, parts.find(Background).running():
        yield Application(dispatcher(parts, clock), parts)


async def prepare(database: Database, owners: Sequence[Owner], progress: Callable[[str], None] = print) -> None:
    """The database as this version needs it: migrations of every owner, and the queue's own tables."""
    await Migrator(database, owners, progress).migrate()
    await queue.install(database)
    await watch_public(database)


async def demonstrate(database: Database, *, once: bool = False) -> None:
    """Loads what is missing of the demonstration data into public; with `once`, only if that was never done."""
    async with database.begin() as tx:
        first = await tx.execute("UPDATE platform.template SET demonstrated = now() WHERE demonstrated IS NULL")
        if once and not first:
            return
        await demonstration.demonstrate(tx)
        for family in FAMILIES:
            if family.demo is not None:
                await family.demo(tx)


def equipped(settings: Settings, clock: Clock, database: Database) -> Parts:
    """The process's long-lived objects, the platform's and then each family's."""
    listener = Listener(database)
    vault = Vault(settings.vault)
    signer = Signer(vault)
    registry = Registry(database, listener)
    gate = Gate(settings.gate, clock, registry, signer).heed(listener)
    background = Background()
    background.own(listener.run)
    migrator = Migrator(database, OWNERS)
    parts = Parts(database, listener, vault, signer, registry, gate, background, migrator, Metrics())
    parts.add(Passwords())
    parts.add(Attempts(database))
    builder, making = Builder(migrator), ProvisioningSettings(spares=settings.spares)
    parts.add(Provisioner(database, builder, making))
    parts.add(spares := Spares(database, builder, making).heed(listener))
    background.own(spares.run)
    for family in FAMILIES:
        family.equip(parts)
    return parts


def dispatcher(parts: Parts, clock: Clock) -> Dispatcher:
    """All surfaces behind one door."""
    door = Door(parts.find(Gate), clock, parts)
    shells = [Shell(surface, door) for family in FAMILIES for surface in family.surfaces]
    return Dispatcher(shells, lambda _: shells[0], parts.find(Metrics), {})


def frozen() -> None:
    """Start-up objects live as long as the process: the collector need not look at them again (decision 0012)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
