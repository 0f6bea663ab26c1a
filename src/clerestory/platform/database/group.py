"""Group commit and coalesced reads: many requests share one statement and one commit (decision 0006).

A row that is refused is tried again alone, so that it fails for its own caller only.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import groupby
from typing import Generic, TypeVar

from clerestory.kernel.errors import Problem, ReadOnly, Unavailable
from clerestory.platform.database.batch import Batcher
from clerestory.platform.database.connect import Database
from clerestory.platform.database.run import Direct, Tx
from clerestory.platform.database.sql import PUBLIC, Schema

Item = TypeVar("Item")
Result = TypeVar("Result")
Key = TypeVar("Key", bound=Hashable)

Write = Callable[[Tx, Sequence[Item]], Awaitable[Sequence[Result]]]
Read = Callable[[Direct, Sequence[Key]], Awaitable[Mapping[Key, Result]]]


class GroupCommit(Batcher[Item, Result]):
    """Writes items in shared transactions: `write` gets one tenant's items and answers a result for each."""

    def __init__(
        self, database: Database, write: Write[Item, Result], *, max_batch: int = 500, max_waiting: int = 5000
    ) -> None:
        super().__init__(self._commit, max_batch=max_batch, max_waiting=max_waiting)
        self._database = database
        self._write = write

    async def submit(self, schema: Schema, item: Item) -> Result:
        """As of every Batcher; raises ReadOnly for public, whose callers share their transaction with tenants."""
        if schema == PUBLIC:
            raise ReadOnly
        return await super().submit(schema, item)

    async def _commit(self, batch: Sequence[tuple[Schema, Item]]) -> Sequence[Result | BaseException]:
        try:
            return await self._together(batch)
        except Unavailable:
            raise
        except Problem as problem:
            if len(batch) == 1:
                return [problem]
        results: list[Result | BaseException] = []
        for schema, items in _by_schema(batch):
            results.extend(await self._tenant_alone(schema, items))
        return results

    async def _together(self, batch: Sequence[tuple[Schema, Item]]) -> list[Result | BaseException]:
        results: list[Result | BaseException] = []
        async with self._database.begin() as tx:
            for schema, items in _by_schema(batch):
                results.extend(await self._write(tx.of(schema), items))
        return results

    async def _tenant_alone(self, schema: Schema, items: Sequence[Item]) -> list[Result | BaseException]:
        try:
            return await self._together([(schema, item) for item in items])
        except Problem as problem:
            if len(items) == 1:
                return [problem]
        results: list[Result | BaseException] = []
        for item in items:
            results.extend(await self._tenant_alone(schema, [item]))
        return results


class GroupRead(Batcher[Key, Result | None], Generic[Key, Result]):
    """Reads by key with one statement for all who ask at once. `read` answers what it found, by key."""

    def __init__(self, database: Database, read: Read[Key, Result], *, max_batch: int = 500) -> None:
        super().__init__(self._fetch, max_batch=max_batch)
        self._database = database
        self._read = read

    async def _fetch(self, batch: Sequence[tuple[Schema, Key]]) -> Sequence[Result | BaseException | None]:
        found: list[Result | BaseException | None] = []
        for schema, keys in _by_schema(batch):
            by_key = await self._read(self._database.direct(schema), list(dict.fromkeys(keys)))
            found.extend(by_key.get(key) for key in keys)
        return found


def _by_schema(batch: Sequence[tuple[Schema, Item]]) -> list[tuple[Schema, list[Item]]]:
    # The batch comes sorted by schema, so neighbours belong together.
    return [(schema, [item for _, item in run]) for schema, run in groupby(batch, key=lambda entry: entry[0])]
