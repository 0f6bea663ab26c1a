"""Connections lent out, and no more than a share of them to one schema at once, so that its neighbours are served.

Who wants more waits in turn for its own, as long as for a free connection at all, and then is told to come back.
"""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from weakref import WeakValueDictionary

import asyncpg

from clerestory.kernel.errors import Unavailable
from clerestory.platform.database.sql import Schema


class Crowded(Unavailable):
    """All the connections that this schema may hold are at work, or all there are; nothing was done."""

    default = "Too much is being asked at once. Try again shortly."


class Shares:
    """How many connections each schema may still have. Those that hold none take no room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free: WeakValueDictionary[Schema, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, schema: Schema) -> asyncio.Semaphore:
        """This schema's share; it lasts as long as somebody has a hold of it."""
        free = self._free.get(schema)
        if free is None:
            free = self._free[schema] = asyncio.Semaphore(self._most)
        return free


@dataclass(slots=True)
class Lease:
    """One connection for a block, taken out of a share if one is given. Raises Crowded after `patience` seconds."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    patience: float
    share: asyncio.Semaphore | None
    connection: Any = None

    async def __aenter__(self) -> Any:
        share, left = self.share, self.patience
        if share is not None:
            if share.locked():
                left = await self._turn(share)
            else:
                await share.acquire()
        try:
            self.connection = await self.pool.acquire(timeout=left)
        except BaseException as error:
            if share is not None:
                share.release()
            if isinstance(error, TimeoutError):
                raise Crowded from None
            raise
        return self.connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            await self.pool.release(self.connection)
        finally:
            if self.share is not None:
                self.share.release()

    async def _turn(self, share: asyncio.Semaphore) -> float:
        """Waits for a part of the share; the seconds that are left for the connection."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.patience
        try:
            async with asyncio.timeout_at(end):
                await share.acquire()
        except TimeoutError:
            raise Crowded from None
        return max(0.001, end - loop.time())
