"""How statements run: in a transaction (Tx) or one by one (Direct), with named arguments and typed rows.

A Tx is opened by a verb through its scope and ends with its block; there is no commit to call.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias, TypeVar

import asyncpg

from clerestory.platform.database.faults import DRIVER_ERRORS, translated
from clerestory.platform.database.sql import Schema, compiled, script

T = TypeVar("T")

# A pooled connection answers to the same methods as one of its own. Quoted, for generic they are to the stubs alone.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Lease = AbstractAsyncContextManager[Any]


class Runner:
    """Runs statements against one schema. `sql` may say `tenant.` and `:name`; arguments come by name."""

    __slots__ = ("_lease", "schema")

    def __init__(self, schema: Schema, lease: Callable[[], Lease]) -> None:
        self.schema = schema
        self._lease = lease

    async def rows(self, sql: str, into: Callable[..., T], /, **args: object) -> list[T]:
        """All rows, each built by `into` from its columns by name."""
        records = await self._fetch("fetch", sql, args)
        if records and getattr(into, "__match_args__", None) == tuple(records[0].keys()):
            # By position where the columns are the fields in their order: 2.0 us a row instead of 4.9.
            return [into(*record) for record in records]
        return [into(**record) for record in records]

    async def row(self, sql: str, into: Callable[..., T], /, **args: object) -> T | None:
        """The first row, or None when there is none."""
        record = await self._fetch("fetchrow", sql, args)
        return None if record is None else into(**record)

    async def value(self, sql: str, /, **args: object) -> Any:
        """The first column of the first row, or None when there is no row."""
        return await self._fetch("fetchval", sql, args)

    async def values(self, sql: str, /, **args: object) -> list[Any]:
        """The first column of every row."""
        return [record[0] for record in await self._fetch("fetch", sql, args)]

    async def execute(self, sql: str, /, **args: object) -> int:
        """Runs a statement; how many rows it touched."""
        status: str = await self._fetch("execute", sql, args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def _fetch(self, method: str, sql: str, args: dict[str, object]) -> Any:
        statement = compiled(sql, self.schema)
        values = [args[name] for name in statement.names]
        if len(values) != len(args):
            raise TypeError(f"unknown arguments: {sorted(set(args) - set(statement.names))}")
        try:
            async with self._lease() as connection:
                return await getattr(connection, method)(statement.text, *values)
        except DRIVER_ERRORS as error:
            raise translated(error) from error


class Direct(Runner):
    """Each statement on its own, committed at once; for single reads, which then cost one round trip."""

    __slots__ = ()


class Tx(Runner):
    """One open transaction. Handed to stores; ended by whoever opened it."""

    __slots__ = ("connection",)

    def __init__(self, schema: Schema, connection: Connection) -> None:
        super().__init__(schema, self._held)
        self.connection = connection

    def of(self, schema: Schema) -> "Tx":
        """The same transaction, speaking to another schema."""
        return Tx(schema, self.connection)

    async def script(self, sql: str) -> None:
        """Several statements without parameters, in one round trip: migrations and provisioning."""
        try:
            await self.connection.execute(script(sql, self.schema))
        except DRIVER_ERRORS as error:
            raise translated(error) from error

    async def stream(self, sql: str, into: Callable[..., T], /, **args: object) -> AsyncIterator[T]:
        """All rows, fetched in portions, for lists that must not stand in memory."""
        statement = compiled(sql, self.schema)
        values = [args[name] for name in statement.names]
        try:
            async for record in self.connection.cursor(statement.text, *values, prefetch=500):
                yield into(**record)
        except DRIVER_ERRORS as error:
            raise translated(error) from error

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail alone: on an error only its own statements are undone."""
        try:
            async with self.connection.transaction():
                yield
        except DRIVER_ERRORS as error:
            raise translated(error) from error

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[Connection]:
        yield self.connection
