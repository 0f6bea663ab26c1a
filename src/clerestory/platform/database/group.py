"""Group commit and coalesced reads: many requests share one statement and one commit (decision 0006).

A row that is refused is tried again with fewer others, so that it fails for its own caller only. A tenant whose records
somebody else holds is left out for a while, so that its neighbours do not wait for it again and again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Generic, TypeVar

from clerestory.kernel.errors import ReadOnly, Timeout, Unavailable
from clerestory.platform.database.batch import Batcher
from clerestory.platform.database.connect import Database
from clerestory.platform.database.faults import Contended
from clerestory.platform.database.run import Direct, Tx
from clerestory.platform.database.sql import PUBLIC, Schema

Item = TypeVar("Item")
Result = TypeVar("Result")
Key = TypeVar("Key", bound=Hashable)

Write = Callable[[Tx, Sequence[Item]], Awaitable[Sequence[Result]]]
Read = Callable[[Direct, Sequence[Key]], Awaitable[Mapping[Key, Result]]]

# Everybody in the batch waits for these, the neighbours too: far less than a request of one tenant may wait.
_PATIENCE = "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '20s'"
_REST = timedelta(seconds=5)


class GroupCommit(Batcher[Item, Result]):
    """Writes items in shared transactions: `write` gets one tenant's items and answers a result for each."""

    def __init__(
        self, database: Database, write: Write[Item, Result], *, max_batch: int = 500, max_waiting: int = 5000
    ) -> None:
        super().__init__(self._commit, max_batch=max_batch, max_waiting=max_waiting)
        self._database = database
        self._write = write
        self._resting: dict[Schema, float] = {}

    async def submit(self, schema: Schema, item: Item) -> Result:
        """As of every Batcher; raises ReadOnly for public, whose callers share their transaction with tenants.

        Raises Contended for a tenant whose records were held by somebody else a moment ago.
        """
        if schema == PUBLIC:
            raise ReadOnly
        if self._rests(schema):
            raise Contended
        return await super().submit(schema, item)

    def _rests(self, schema: Schema) -> bool:
        until = self._resting.get(schema)
        if until is None or until > asyncio.get_running_loop().time():
            return until is not None
        del self._resting[schema]
        return False

    async def _commit(self, batch: Sequence[tuple[Schema, Item]]) -> Sequence[Result | BaseException]:
        done = await self._attempted(batch)
        if not isinstance(done, BaseException):
            return done
        if isinstance(done, Unavailable) and not isinstance(done, Contended):
            raise done
        results: list[Result | BaseException] = []
        for schema, items in _by_schema(batch):
            results.extend(await self._alone(schema, items))
        return results

    async def _alone(self, schema: Schema, items: Sequence[Item]) -> Sequence[Result | BaseException]:
        """One tenant's items; after a refusal in halves, until the refused ones are found."""
        done = await self._attempted([(schema, item) for item in items])
        if not isinstance(done, BaseException):
            return done
        if isinstance(done, Contended | Timeout):
            self._resting[schema] = asyncio.get_running_loop().time() + _REST.total_seconds()
        if len(items) == 1 or isinstance(done, Unavailable | Timeout):
            return [done] * len(items)
        half = len(items) // 2
        return [*await self._alone(schema, items[:half]), *await self._alone(schema, items[half:])]

    async def _attempted(
        self, batch: Sequence[tuple[Schema, Item]]
    ) -> Sequence[Result | BaseException] | BaseException:
        # Gathered for the sake of what is raised: a bug that one tenant's rows bring to light is that tenant's alone.
        (done,) = await asyncio.gather(self._together(batch), return_exceptions=True)
        return done

    async def _together(self, batch: Sequence[tuple[Schema, Item]]) -> list[Result | BaseException]:
        results: list[Result | BaseException] = []
        async with self._database.begin() as tx:
            await tx.execute(_PATIENCE)
            for schema, items in _by_schema(batch):
                results.extend(await self._write(tx.of(schema), items))
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
            by_key = await self._read(self._database.direct(schema, shared=True), list(dict.fromkeys(keys)))
            found.extend(by_key.get(key) for key in keys)
        return found


def _by_schema(batch: Sequence[tuple[Schema, Item]]) -> list[tuple[Schema, list[Item]]]:
    # The batch comes sorted by schema, so neighbours belong together.
    return [(schema, [item for _, item in run]) for schema, run in groupby(batch, key=lambda entry: entry[0])]
