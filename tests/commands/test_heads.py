"""Connections are bounded, and whoever does not finish saying what it wants is hung up on."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from clerestory.commands.heads import Impatient
from tests.fixtures.program import PATIENCE, started

WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Hasty(Impatient):
    patience = timedelta(milliseconds=50)


@pytest.mark.parametrize("said", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_an_unfinished_head_is_not_waited_for(said: bytes) -> None:
    async with served() as port:
        assert await all_that_comes(port, said) == b""


async def test_nor_is_that_of_a_later_request() -> None:
    async with served() as port:
        answer = await all_that_comes(port, WHOLE + b"GET / HT")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nslow")


async def test_a_slow_answer_is_not_hung_up_on() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(WHOLE)
        async with asyncio.timeout(PATIENCE):
            await reader.readuntil(b"slow")
        writer.close()


def test_a_connection_too_many_is_told_and_when_one_has_gone_the_next_is_served(tmp_path: Path) -> None:
    with started(tmp_path / "log", "serve", "--data-dir", tmp_path / "data", connections="2") as server:
        server.ready()  # and this connection is kept
        with idle(server.port), httpx.Client(base_url=server.http.base_url) as another:
            server.until(lambda: another.get("/healthz").status_code == 503)
            refused = another.get("/healthz")
            assert (refused.text, refused.headers["connection"]) == ("Service Unavailable", "close")
        server.until(lambda: server.answers(200, "/healthz"))


def idle(port: int) -> socket.socket:
    """A connection over which nothing is said."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


async def all_that_comes(port: int, said: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    async with asyncio.timeout(PATIENCE):
        received = await reader.read()
    writer.close()
    return received


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The port of a server that takes longer for an answer than it waits for headers."""
    config = uvicorn.Config(
        answer_slowly, http=Hasty, ws="none", lifespan="off", log_config=None, timeout_keep_alive=75
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        serving = asyncio.create_task(server.serve([taken]))
        yield taken.getsockname()[1]
        server.should_exit = True
        await serving


async def answer_slowly(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(3 * Hasty.patience.total_seconds())
    await PlainTextResponse("slow")(scope, receive, send)
