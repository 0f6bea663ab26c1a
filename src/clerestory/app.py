"""The composition root: the only module that names every part."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from clerestory.kernel.clock import Clock, utc_now
from clerestory.platform.database import Database, Listener
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.database.migration import Owner
from clerestory.platform.http import Family
from clerestory.platform.http.admit import Door
from clerestory.platform.http.dispatch import Dispatcher
from clerestory.platform.http.shell import Shell
from clerestory.platform.jobs import Background, queue
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Parts
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import Gate, Vault
from clerestory.platform.tokens.jwt import Signer
from clerestory.settings.installation import Settings

FAMILIES: Sequence[Family] = ()

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
async def running(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Application]:
    """Everything built once and running; on the way out requests' tails are drained and connections closed."""
    database = await Database.open(settings.database)
    try:
        parts = equipped(settings, clock, database)
        async with parts.find(Background).running():
            yield Application(dispatcher(parts, clock), parts)
    finally:
        await database.close()


async def prepare(database: Database, owners: Sequence[Owner], progress: Callable[[str], None] = print) -> None:
    """The database as this version needs it: migrations of every owner, and the queue's own tables."""
    await Migrator(database, owners, progress).migrate()
    await queue.install(database)


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
    for family in FAMILIES:
        family.equip(parts)
    return parts


def dispatcher(parts: Parts, clock: Clock) -> Dispatcher:
    """All surfaces behind one door."""
    door = Door(parts.find(Gate), clock, parts)
    shells = [Shell(surface, door) for family in FAMILIES for surface in family.surfaces]
    return Dispatcher(shells, lambda _: shells[0], parts.find(Metrics), {})


class Served:
    """The application as a server runs it: it starts with the lifespan and ends with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._application: Application | None = None

    async def __call__(self, asgi: AsgiScope, receive: Receive, send: Send) -> None:
        if asgi["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._application is not None:
            await self._application.asgi(asgi, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._application = await self._stack.enter_async_context(running(self._settings))
        # Start-up objects live as long as the process: the collector need not look at them again (decision 0012).
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stack.aclose()
        await send({"type": "lifespan.shutdown.complete"})
