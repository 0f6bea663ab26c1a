"""A cheap HTTP client for machines without `wrk`: one fixed request over kept connections, in a process of its own."""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import uvloop


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent, over how many connections, for how long."""

    port: int
    request: bytes
    connections: int
    seconds: float


class _Connection(asyncio.Protocol):
    def __init__(self, call: Call, end: float, latencies: list[float], done: "asyncio.Future[None]") -> None:
        self.call, self.end, self.latencies, self.done = call, end, latencies, done
        self.buffer = b""
        self.begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.begun = time.perf_counter()
        if self.begun >= self.end:
            self.transport.close()
            return
        self.transport.write(self.call.request)

    def data_received(self, received: bytes) -> None:
        self.buffer += received
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 201"):
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
    for _ in range(call.connections):
        connection = _Connection(call, end, latencies, loop.create_future())
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
