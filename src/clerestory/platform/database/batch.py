"""Batches that make themselves: what arrives while one batch is under way forms the next.

There is no timer: with one caller a batch is one item at once, with a thousand it is as large as the
last commit took. Tenants take turns, so one that floods waits in its own queue and not in front of others.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from clerestory.kernel.errors import Unavailable
from clerestory.platform.database.sql import Schema

Item = TypeVar("Item")
Result = TypeVar("Result")

Flush = Callable[[Sequence[tuple[Schema, Item]]], Awaitable[Sequence[Result | BaseException]]]


def _unobserved(_size: int) -> None:
    """Until somebody watches the sizes of the batches."""


class Overloaded(Unavailable):
    """The queue of this tenant is full; nothing of this request was stored."""

    default = "Too much is waiting to be stored. Try again shortly."


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Item, Result]):
    """One item and who waits for its result."""

    item: Item
    future: "asyncio.Future[Result]"


class Batcher(Generic[Item, Result]):
    """Collects items of many callers and hands them to `flush`, one batch at a time.

    `flush` answers one result or exception for each item, in order. Each tenant has at most `max_waiting`
    items in the queue; a batch has at most `max_batch`.
    """

    def __init__(self, flush: Flush[Item, Result], *, max_batch: int = 500, max_waiting: int = 5000) -> None:
        self._flush = flush
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._queues: dict[Schema, deque[Waiting[Item, Result]]] = {}
        self._wake = asyncio.Event()
        self._closing = False
        self.sizes: Callable[[int], None] = _unobserved

    async def submit(self, schema: Schema, item: Item) -> Result:
        """The result for this item, after its batch was committed. Raises Overloaded when the queue is full."""
        queue = self._queues.setdefault(schema, deque())
        if self._closing or len(queue) >= self._max_waiting:
            raise Overloaded
        waiting: Waiting[Item, Result] = Waiting(item, asyncio.get_running_loop().create_future())
        queue.append(waiting)
        self._wake.set()
        return await waiting.future

    async def run(self) -> None:
        """Works until `close`; then finishes what waits. Owned by the application's task group."""
        while True:
            await self._wake.wait()
            while batch := self._next_batch():
                await self._settle(batch)
            if self._closing:
                return
            self._wake.clear()

    def close(self) -> None:
        """Takes nothing more; `run` ends when the queues are empty."""
        self._closing = True
        self._wake.set()

    def _next_batch(self) -> list[tuple[Schema, Waiting[Item, Result]]]:
        share = max(1, self._max_batch // max(1, len(self._queues)))
        batch: list[tuple[Schema, Waiting[Item, Result]]] = []
        # Sorted, so that two processes lock rows of the same tenants in the same order.
        for schema in sorted(self._queues):
            queue = self._queues[schema]
            taken = 0
            while queue and taken < share:
                waiting = queue.popleft()
                if not waiting.future.done():
                    batch.append((schema, waiting))
                    taken += 1
            if not queue:
                del self._queues[schema]
        return batch

    async def _settle(self, batch: list[tuple[Schema, Waiting[Item, Result]]]) -> None:
        self.sizes(len(batch))
        try:
            results: Sequence[Result | BaseException] = await self._flush(
                [(schema, waiting.item) for schema, waiting in batch]
            )
        except BaseException as error:
            self._fail(batch, error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, waiting), result in zip(batch, results, strict=True):
            if waiting.future.done():
                continue
            if isinstance(result, BaseException):
                waiting.future.set_exception(result)
            else:
                waiting.future.set_result(result)

    def _fail(self, batch: list[tuple[Schema, Waiting[Item, Result]]], error: BaseException) -> None:
        for _, waiting in batch:
            if not waiting.future.done():
                waiting.future.set_exception(error if isinstance(error, Exception) else Overloaded())
