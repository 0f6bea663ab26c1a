"""Requests taken in by this process: uvicorn in a thread of its own, so that the main thread can see to the rest."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import uvicorn
import uvloop

from clerestory.app import Application, frozen, running
from clerestory.commands.heads import Impatient
from clerestory.platform.jobs import Background
from clerestory.platform.observe.logs import LogSettings
from clerestory.settings.installation import ServerSettings, Settings


@dataclass(frozen=True, slots=True)
class Work:
    """All that a process needs to take its share of the requests. It can be sent to another process as JSON."""

    settings: Settings
    server: ServerSettings
    log: LogSettings
    # False: only the process's health is told, to whoever runs it.
    takes_requests: bool = True


class Serving:
    """One process's share. `changed` is called from the thread when it has become ready and when it has ended."""

    def __init__(self, work: Work, taken: socket.socket | None, changed: Callable[[], None]) -> None:
        self._work = work
        self._socket = taken
        self._changed = changed
        self._thread = ThreadPoolExecutor(1, "requests")
        self._loop = uvloop.new_event_loop()
        self._server: _Server | None = None
        self._background: Background | None = None
        self._asked = 0
        self._end: Future[None] = Future()
        self.ready = False
        self.descriptors: list[int] = []

    def start(self) -> None:
        """Begins; returns at once."""
        self._end = self._thread.submit(self._run)
        self._end.add_done_callback(lambda _: self._changed())

    def tend(self) -> bool:
        """Whether it goes on. Raises what it ended with, if that was an error."""
        if self._end.done():
            self._end.result()
        return not self._end.done()

    def end(self, asked: int) -> None:
        """Asked once: requests under way are finished. Asked again: no more waiting."""
        self._asked = asked
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._heed)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with running(self._work.settings, takes_requests=self._work.takes_requests) as application:
            self._background = application.parts.find(Background)
            self._server = _Server(self._config(application), self._became_ready)
            self._heed()
            frozen()
            await self._server.serve(sockets=[self._socket] if self._socket else [])

    def _heed(self) -> None:
        if self._server is None or self._background is None or not self._asked:
            return
        self._server.should_exit = True
        self._background.leave()
        if self._asked > 1:
            self._server.force_exit = True
            self._background.hurry()

    def _became_ready(self) -> None:
        self.ready = True
        self._changed()

    def _config(self, application: Application) -> uvicorn.Config:
        server = self._work.server
        return uvicorn.Config(
            application.asgi,
            http=Impatient,
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(server.trusted_proxies),
            forwarded_allow_ips=list(server.trusted_proxies),
            timeout_graceful_shutdown=round(server.drain.total_seconds()),
            timeout_keep_alive=75,
            # Uvicorn counts the one that asks: it refuses at its number, not above it.
            limit_concurrency=server.connections + 1,
        )


class _Server(uvicorn.Server):
    """Uvicorn's server, which tells when it takes connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
