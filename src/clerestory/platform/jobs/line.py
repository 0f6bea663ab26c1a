"""The worker's own connection to the queue: it outlives restarts of the database.

It is no pooled one, so that a heartbeat never waits behind the statements of the jobs themselves.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import structlog
from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import Driver, NotifyCallback

from clerestory.kernel.errors import Problem, Timeout, Unavailable
from clerestory.platform.database import Database
from clerestory.platform.database.faults import DRIVER_ERRORS, translated

_PAUSE = timedelta(seconds=1)
_LIMIT = timedelta(seconds=20)

log = structlog.get_logger(__name__)


class Line(Driver):
    """Statements and notices for the queue's library; while the database is away, callers wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None
        self._stack = AsyncExitStack()
        self._turn = asyncio.Lock()
        self._heard: list[tuple[str, NotifyCallback]] = []
        self._hurried = asyncio.Event()
        self._shutdown = asyncio.Event()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """The rows of a statement with `$n` positions."""
        return [dict(row) for row in await self._ask("fetch", query, args)]

    async def execute(self, query: str, *args: object) -> str:
        """The status word of a statement."""
        return str(await self._ask("execute", query, args))

    async def notify(self, channel: str, payload: str) -> None:
        """Sends a notice."""
        await self._ask("execute", "SELECT pg_notify($1, $2)", (channel, payload))

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Hears a channel, on this connection and on those that follow it."""
        self._heard.append((channel, callback))
        async with self._turn:
            if self._connection is not None and not self._connection.is_closed():
                await self._listen(channel, callback)

    @property
    def shutdown(self) -> asyncio.Event:
        """Part of the library's idea of a driver; the worker decides when to stop."""
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        """No background tasks are needed here."""
        return TaskManager()

    async def __aenter__(self) -> "Line":
        return self

    async def __aexit__(self, *_: object) -> None:
        """The library leaves the driver before it has written its last results, so `close` does the closing."""

    def hurry(self) -> None:
        """From now on nobody waits for a database that is away: the process is about to end."""
        self._hurried.set()

    async def close(self) -> None:
        """Ends the connection."""
        async with self._turn:
            await self._drop()

    async def _ask(self, method: str, query: str, args: tuple[object, ...]) -> Any:
        while True:
            try:
                return await self._once(method, query, args)
            except (Unavailable, Timeout) as problem:
                if self._hurried.is_set():
                    raise
                log.warning("jobs.database_away", text=problem.text)
            try:
                await asyncio.wait_for(self._hurried.wait(), _PAUSE.total_seconds())
            except TimeoutError:
                continue

    async def _once(self, method: str, query: str, args: tuple[object, ...]) -> Any:
        async with self._turn:
            try:
                async with asyncio.timeout(_LIMIT.total_seconds()):
                    connection = await self._opened()
                    return await getattr(connection, method)(query, *args)
            except DRIVER_ERRORS as error:
                problem = translated(error)
                if isinstance(problem, Unavailable | Timeout):
                    await self._drop()
                raise problem from error

    async def _opened(self) -> Any:
        if self._connection is None or self._connection.is_closed():
            await self._drop()
            self._connection = await self._stack.enter_async_context(self._database.connection())
            for channel, callback in self._heard:
                await self._listen(channel, callback)
        return self._connection

    async def _listen(self, channel: str, callback: NotifyCallback) -> None:
        await self._connection.add_listener(channel, lambda *call: callback(str(call[-1])))

    async def _drop(self) -> None:
        self._connection = None
        try:
            await self._stack.aclose()
        except (*DRIVER_ERRORS, Problem) as error:
            # It was broken already; what matters is that it is gone.
            log.debug("jobs.connection_dropped", error=type(error).__name__)
        self._stack = AsyncExitStack()
