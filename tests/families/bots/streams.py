"""Streams of the application as a browser reads them. ASGI by hand, for httpx waits until an answer is whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from clerestory.app import Application
from tests.standins.server import eventually


class Stream:
    """One stream: its status, and the events that came so far."""

    def __init__(self, application: Application, path: str, headers: dict[str, str]) -> None:
        self.status = 0
        self.text = ""
        self._gone = asyncio.Event()
        self._asked = False
        route, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": route, "raw_path": route.encode(), "query_string": query.encode(),
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("clerestory.test", 80),
            "headers": [(b"host", b"clerestory.test"), *((k.lower().encode(), v.encode()) for k, v in headers.items())],
        }  # fmt: skip
        self.task = asyncio.ensure_future(application.asgi(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()

    def leave(self) -> None:
        self._gone.set()

    async def until(self, words: str) -> None:
        for _ in eventually():
            await asyncio.sleep(0.01)
            if words in self.text:
                return


def begun(application: Application, path: str, http: httpx.AsyncClient, **headers: str) -> Stream:
    """A stream that is open, with the cookies of this browser."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in http.cookies.jar)
    return Stream(application, path, {"Cookie": cookies, **headers})


@asynccontextmanager
async def opened(application: Application, path: str, http: httpx.AsyncClient, **headers: str) -> AsyncIterator[Stream]:
    """A stream that is open inside the block, and has ended after it."""
    stream = begun(application, path, http, **headers)
    try:
        yield stream
    finally:
        stream.leave()
        await asyncio.wait_for(stream.task, 5)
