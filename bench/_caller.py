"""A cheap HTTP client for machines without `wrk`: fixed requests over kept connections, in a process of its own."""

import asyncio
import itertools
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent, over how many connections, for how long.

    With `further` requests, connection n begins with the nth and goes on by as many as there are connections.
    """

    port: int
    request: bytes
    connections: int
    seconds: float
    further: Sequence[bytes] = ()

    def turns(self, connection: int) -> Iterator[bytes]:
        """What this connection sends, one after the other, for ever."""
        requests = (self.request, *self.further)
        for place in itertools.count(connection, self.connections):
            yield requests[place % len(requests)]


class _Connection(asyncio.Protocol):
    def __init__(
        self, turns: Iterator[bytes], end: float, latencies: list[float], done: "asyncio.Future[None]"
    ) -> None:
        self.turns, self.end, self.latencies, self.done = turns, end, latencies, done
        self.buffer = b""
        self.begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own is no asyncio.Transport by class.
        self.transport = cast(asyncio.Transport, transport)
        self.send()

    def send(self) -> None:
        self.begun = time.perf_counter()
        if self.begun >= self.end:
            self.transport.close()
            return
        self.transport.write(next(self.turns))

    def data_received(self, received: bytes) -> None:
        self.buffer += received
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self.done.set_exception(RuntimeError(head.decode()))
            return
        self.latencies.append(time.perf_counter() - self.begun)
        self.buffer = b""
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol of asyncio
        if not self.done.done():
            self.done.set_result(None)


def _same(connection: _Connection) -> _Connection:
    return connection


async def _call(call: Call) -> list[float]:
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    end = time.perf_counter() + call.seconds
    waiting = []
    for number in range(call.connections):
        connection = _Connection(call.turns(number), end, latencies, loop.create_future())
        await loop.create_connection(partial(_same, connection), "127.0.0.1", call.port)
        waiting.append(connection.done)
    await asyncio.gather(*waiting)
    return latencies


def _run(call: Call) -> list[float]:
    return uvloop.run(_call(call))


def in_a_process(call: Call) -> Sequence[float]:
    """The latency of every request in seconds."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (call,))
