"""The pool, and the only doors to it: `begin` for a transaction, `direct` for single statements.

Statements name their schema (decision 0008): the search_path of a pooled connection leads to no table, and stays so.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import asyncpg

from clerestory.platform.database.faults import DRIVER_ERRORS, translated
from clerestory.platform.database.lease import Lease, Shares
from clerestory.platform.database.run import Connection, Direct, Tx
from clerestory.platform.database.sql import PUBLIC, Schema

_CLOSING = timedelta(seconds=5)

Isolation = Literal["read_committed", "repeatable_read", "serializable"]


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where PostgreSQL is and how much of it one process may use."""

    url: str = field(repr=False)
    pool_min: int = 2
    pool_max: int = 16
    statement_cache: int = 1000
    connect_timeout: timedelta = timedelta(seconds=10)
    statement_timeout: timedelta = timedelta(seconds=55)
    idle_lifetime: timedelta = timedelta(minutes=5)
    # A backend that touched 1,000 tenants x 25 tables holds 635 MB until it closes (decision 0012).
    max_queries: int = 100_000


class Database:
    """One process's pool on one PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, settings: DatabaseSettings) -> None:
        self._pool = pool
        self.settings = settings
        self._shares = Shares(max(1, settings.pool_max * 3 // 4))

    @classmethod
    async def open(cls, settings: DatabaseSettings) -> "Database":
        """A pool with its first connections made. Raises Unavailable when nobody answers."""
        try:
            pool = await asyncpg.create_pool(
                settings.url,
                min_size=settings.pool_min,
                max_size=settings.pool_max,
                timeout=settings.connect_timeout.total_seconds(),
                statement_cache_size=settings.statement_cache,
                max_inactive_connection_lifetime=settings.idle_lifetime.total_seconds(),
                max_queries=settings.max_queries,
                server_settings={
                    "application_name": "clerestory",
                    "timezone": "UTC",
                    # A name without its schema finds no table at all, rather than public's.
                    "search_path": "pg_catalog",
                    "statement_timeout": str(int(settings.statement_timeout.total_seconds() * 1000)),
                },
            )
        except DRIVER_ERRORS as error:
            raise translated(error) from error
        return cls(pool, settings)

    async def close(self) -> None:
        """Ends every connection. Those in use have a moment to be given back."""
        try:
            await asyncio.wait_for(self._pool.close(), _CLOSING.total_seconds())
        except TimeoutError:
            self._pool.terminate()

    async def recycle(self) -> None:
        """Lets every connection be replaced at its next use, which frees what its backend has cached."""
        await self._pool.expire_connections()

    def direct(self, schema: Schema = PUBLIC, *, read_only: bool = False, shared: bool = False) -> Direct:
        """Single statements against one schema, each committed at once; READ ONLY at the price of two round trips.

        `shared`: other tenants wait for them too, so they do not wait for this schema's share of the connections.
        """
        if read_only:
            return Direct(schema, lambda: self._read_only(schema))
        return Direct(schema, lambda: self._lease(schema, shared=shared or schema == PUBLIC))

    def _lease(self, schema: Schema, *, shared: bool) -> Lease:
        """A connection; unless it is for many together, out of the share that this schema has of them."""
        patience = self.settings.connect_timeout.total_seconds()
        return Lease(self._pool, patience, None if shared else self._shares.of(schema))

    @asynccontextmanager
    async def _read_only(self, schema: Schema) -> AsyncIterator[Connection]:
        async with self._lease(schema, shared=False) as connection, connection.transaction(readonly=True):
            yield connection

    @asynccontextmanager
    async def begin(
        self, schema: Schema = PUBLIC, *, read_only: bool = False, isolation: Isolation | None = None
    ) -> AsyncIterator[Tx]:
        """One transaction: committed when the block ends, undone when it raises."""
        try:
            async with (
                self._lease(schema, shared=schema == PUBLIC and not read_only) as connection,
                connection.transaction(isolation=isolation, readonly=read_only),
            ):
                yield Tx(schema, connection)
        except DRIVER_ERRORS as error:
            raise translated(error) from error

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of its own outside the pool, for LISTEN and for the job queue."""
        try:
            connection = await asyncpg.connect(
                self.settings.url,
                timeout=self.settings.connect_timeout.total_seconds(),
                server_settings={"application_name": "clerestory-listen", "timezone": "UTC"},
            )
        except DRIVER_ERRORS as error:
            raise translated(error) from error
        try:
            yield connection
        finally:
            await connection.close(timeout=5)

    @property
    def pool_use(self) -> tuple[int, int]:
        """Connections open now, and how many of them wait for work."""
        return self._pool.get_size(), self._pool.get_idle_size()
