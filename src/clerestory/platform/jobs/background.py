"""Work that one process does beside its requests: loops that run as long as it does, and tails of requests.

Every such task has this owner; none is started anywhere else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

Loop = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


class Background:
    """Owns the process's loops and tails. Loops are named before the start, tails are spawned while it runs."""

    def __init__(self, *, drain: timedelta = timedelta(seconds=20)) -> None:
        self._loops: list[tuple[Loop, Callable[[], None] | None]] = []
        self._tails: set[asyncio.Task[None]] = set()
        self._running: list[asyncio.Task[None]] = []
        self._partings: list[Callable[[], None]] = []
        self._drain = drain

    def own(self, loop: Loop, close: Callable[[], None] | None = None) -> None:
        """A loop to run. With `close` it is asked to finish at the end; without, it is cancelled."""
        self._loops.append((loop, close))

    def on_leave(self, parting: Callable[[], None]) -> None:
        """Is called when the process takes no more requests, and waits for those under way: streams are to end."""
        self._partings.append(parting)

    def leave(self) -> None:
        """No more requests are taken. May be said again."""
        for parting in self._partings:
            parting()

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """The tail of a request: finished before the process ends, or cancelled when that takes too long."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tails.add(task)
        task.add_done_callback(self._tails.discard)

    def hurry(self) -> None:
        """The end waits for nobody any more: tails and loops are cancelled."""
        self._drain = timedelta(0)
        for task in (*self._tails, *self._running):
            task.cancel()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything runs inside this block; on its way out tails are drained and loops end."""
        async with asyncio.TaskGroup() as group:
            tasks = [(group.create_task(_loop(loop)), close) for loop, close in self._loops]
            self._running = [task for task, _ in tasks]
            try:
                yield
            finally:
                await self._drained()
                for task, close in tasks:
                    if close is None:
                        task.cancel()
                    else:
                        close()

    async def _drained(self) -> None:
        if not self._tails:
            return
        _, late = await asyncio.wait(self._tails, timeout=self._drain.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _guarded(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception:
            # Nobody waits for a tail, so its fault must not end the process; a sweep finishes what it left.
            log.exception("background.failed")


async def _loop(loop: Loop) -> None:
    await loop()
