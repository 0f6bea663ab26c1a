"""Tells pages in browsers that their chat has something new, whichever process wrote it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from clerestory.platform.database import Listener, Runner, notify

_TOPIC = "bots.chat"


async def tell(tx: Runner, tenant: int, chat: int) -> None:
    """Says, when the transaction commits, that the chat has something new."""
    await notify(tx, _TOPIC, f"{tenant}.{chat}")


class Live:
    """The pages that are open in this process. A part of it."""

    def __init__(self, listener: Listener) -> None:
        self._open: dict[str, set[asyncio.Event]] = {}
        self.closing = asyncio.Event()
        listener.on(_TOPIC, self._heard)

    @asynccontextmanager
    async def watching(self, tenant: int, chat: int) -> AsyncIterator[asyncio.Event]:  # async: a block of async code
        """An event that is set whenever the chat has something new, and when the process ends."""
        subject, news = f"{tenant}.{chat}", asyncio.Event()
        watchers = self._open.setdefault(subject, set())
        watchers.add(news)
        try:
            yield news
        finally:
            watchers.discard(news)
            if not watchers:
                self._open.pop(subject, None)

    def count(self) -> int:
        """How many pages are open."""
        return sum(map(len, self._open.values()))

    async def run(self) -> None:
        """Waits for the end of the process, and lets every page go then."""
        await self.closing.wait()

    def close(self) -> None:
        """The process ends: streams end too, or it would wait for them."""
        self.closing.set()
        for watchers in self._open.values():
            for news in watchers:
                news.set()

    def _heard(self, subject: str) -> None:
        """Wakes who watches the chat; with no subject, everybody, for something may have been missed."""
        watched = self._open.values() if not subject else [self._open.get(subject, set())]
        for watchers in watched:
            for news in watchers:
                news.set()
