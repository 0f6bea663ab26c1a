"""The composition root: the only module that names every part."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp
from starlette.types import Scope as AsgiScope

from clerestory import site
from clerestory.families import bots, escalation, ideas, workspace
from clerestory.kernel.clock import Clock, utc_now
from clerestory.kernel.links import PublicUrl
from clerestory.platform import provisioning
from clerestory.platform.database import Database, Listener
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.database.migration import Owner
from clerestory.platform.delivery import equipment as delivery_equipment
from clerestory.platform.delivery import routing as delivery_routing
from clerestory.platform.delivery import tasks as delivery_tasks
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.http import Family, Surface, callbacks, operations
from clerestory.platform.http.admit import Door
from clerestory.platform.http.dispatch import Dispatcher
from clerestory.platform.http.shell import Shell
from clerestory.platform.identity import demonstration
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.jobs import Background, Cron, Task, queue
from clerestory.platform.jobs import upkeep as jobs_upkeep
from clerestory.platform.jobs.schedules import Schedules
from clerestory.platform.jobs.worker import Worker
from clerestory.platform.limits import Limits
from clerestory.platform.observe import Metrics
from clerestory.platform.observe.upkeep import upkeep
from clerestory.platform.provisioning import (
    Admission,
    Builder,
    Provisioner,
    ProvisioningSettings,
    Spares,
    watch_public,
)
from clerestory.platform.storage import Files
from clerestory.platform.tenancy import Parts
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import Gate, Vault
from clerestory.platform.tokens.attempts import Attempts
from clerestory.platform.tokens.jwt import Signer
from clerestory.platform.web import Intents, Pages, Visitors
from clerestory.platform.web.static import Static
from clerestory.settings.installation import Settings

_OTHERS: Sequence[Family] = (escalation.FAMILY, ideas.FAMILY, bots.FAMILY)
FAMILIES: Sequence[Family] = (*_OTHERS, workspace.family(_OTHERS, delivery_routing.CATALOGUE))

OWNERS: Sequence[Owner] = (
    Owner.of("tenancy", "clerestory.platform.tenancy", control="migrations/control"),
    Owner.of("tokens", "clerestory.platform.tokens", control="migrations/control"),
    Owner.of("limits", "clerestory.platform.limits", control="migrations/control"),
    Owner.of("jobs", "clerestory.platform.jobs", control="migrations/control"),
    Owner.of("identity", "clerestory.platform.identity", tenant="migrations/tenant"),
    Owner.of("delivery", "clerestory.platform.delivery", control="migrations/control", tenant="migrations/tenant"),
    *(family.owner for family in FAMILIES),
)

TASKS: Sequence[Task] = (
    *jobs_upkeep.TASKS,
    *delivery_tasks.TASKS,
    *provisioning.TASKS,
    *(task for family in FAMILIES for task in family.tasks),
)
CRON: Sequence[Cron] = (
    *jobs_upkeep.CRON,
    *delivery_tasks.CRON,
    *(entry for family in FAMILIES for entry in family.cron),
)

_PREPARING = 0x0C1E_2E58


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
        parts = equipped(settings, clock, database)
        try:
            yield parts
        finally:
            await parts.find(Transports).close()
    finally:
        await database.close()


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock = utc_now, takes_requests: bool = True
) -> AsyncIterator[Application]:
    """Everything built once and running; on the way out requests' tails are drained and connections closed."""
    async with at_hand(settings, clock=clock) as parts, parts.find(Background).running():
        yield Application(dispatcher(parts, clock, takes_requests=takes_requests), parts)


async def prepare(database: Database, owners: Sequence[Owner], progress: Callable[[str], None] = print) -> None:
    """The database as this version needs it: migrations of every owner, and the queue's own tables.

    Servers that start together take turns: of two that make the same schema, one would fail.
    """
    async with database.begin() as turn:
        await turn.execute("SET LOCAL statement_timeout = 0")
        await turn.value("SELECT pg_advisory_xact_lock(:lock)", lock=_PREPARING)
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
    parts.add(Files.of(settings.storage))
    parts.add(limits := Limits(database))
    parts.add(Attempts(limits))
    builder = Builder(migrator, [family.founded for family in FAMILIES if family.founded is not None])
    making = ProvisioningSettings(spares=settings.spares)
    parts.add(Provisioner(database, builder, making))
    parts.add(Admission(parts, open_to_all=settings.site.registration, per_hour=settings.registrations_per_hour))
    parts.add(spares := Spares(database, builder, making).heed(listener))
    background.own(spares.run)
    parts.add(settings.operations)
    parts.add(operations.Readiness(database, migrator))
    background.own(lambda: upkeep(database, parts.find(Metrics)))
    parts.add(PublicUrl(settings.public_url))
    parts.add(Pages(Visitors(database, registry, vault, clock), public_url=settings.public_url))
    parts.add(Intents())
    site.equip(parts, settings.site, _documented())
    delivery_equipment.equip(parts, settings.delivery, settings.public_url, clock)
    parts.add(settings.escalation)
    parts.add(settings.bots)
    for family in FAMILIES:
        family.equip(parts)
    if settings.jobs:
        _employ(parts, clock)
    return parts


def _employ(parts: Parts, clock: Clock) -> None:
    """Background jobs in this process: those of the platform and of every family."""
    background = parts.find(Background)
    worker = Worker(parts, clock, TASKS)
    background.own(worker.run, worker.close)
    background.own(Schedules(parts.find(Database), clock, CRON).run)


def dispatcher(parts: Parts, clock: Clock, *, takes_requests: bool = True) -> Dispatcher:
    """All surfaces behind one door; a process that only works at jobs has its operations' surface alone."""
    door = Door(parts.find(Gate), clock, parts)
    operating = Shell(operations.SURFACE, door)
    if not takes_requests:
        return Dispatcher([operating], lambda _: operating, parts.find(Metrics), {})
    pages = Shell(site.SURFACE, door)
    families = [Shell(surface, door) for family in FAMILIES for surface in family.surfaces]
    shells = [operating, Shell(callbacks.SURFACE, door), pages, Shell(site.TENANT_SURFACE, door), *families]
    # Escalation lives at the root, so a program that asks for what is nowhere hears it in escalation's words.
    root = families[0]
    return Dispatcher(
        shells,
        lambda asgi: pages if _is_browser(asgi) else root,
        parts.find(Metrics),
        {"/static/": Static()},
        secure=parts.find(PublicUrl).secure,
    )


def _is_browser(asgi: AsgiScope) -> bool:
    return "text/html" in Headers(scope=asgi).get("accept", "")


def _documented() -> Sequence[Surface]:
    return [surface for family in FAMILIES for surface in family.surfaces if surface.documented]


def frozen() -> None:
    """Start-up objects live as long as the process: the collector need not look at them again (decision 0012)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
