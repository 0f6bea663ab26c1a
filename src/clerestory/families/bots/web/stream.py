"""Server-sent events: a chat in an open page, told as it goes on. A connection that ends is taken up by the browser."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from clerestory.families.bots.chats.live import Live
from clerestory.kernel.errors import Problem, RateLimited
from clerestory.kernel.values import MOST
from clerestory.platform.tenancy import Scope

LONGEST = timedelta(minutes=10)
HEARTBEAT = timedelta(seconds=15)
LATELY = timedelta(seconds=10)
"""How long a row may take from its number to its commit: a stream goes back so far, that it misses none."""

# What was told is followed by what comes of it, and not all of that is told.
_SOON = timedelta(seconds=1)
_MOST_OPEN = 20
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",  # nginx would keep events back until it has a bufferful
}


@dataclass(frozen=True, slots=True)
class Portion:
    """What a page shows of a chat now: lines by their numbers, as HTML; how it stands; up to where nothing changes."""

    lines: Mapping[int, str]
    standing: str
    settled: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A chat that a page watches: `read` answers what there is after a number; who watches is one of `subject`.

    `pause`: how long it is read no more when nothing was told of it.
    """

    chat: int
    subject: str
    read: Callable[[int], Awaitable[Portion]]
    pause: timedelta = HEARTBEAT


class Streams:
    """Counts the streams that are open in this process. A part of it."""

    def __init__(self, most: int = _MOST_OPEN) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def require_room(self, subject: str) -> None:
        """Raises RateLimited when the subject has as many open as one may."""
        if self._open[subject] >= self._most:
            raise RateLimited(timedelta(seconds=30), "Too many pages of chats are open. Close some of them.")

    @contextlib.contextmanager
    def counted(self, subject: str) -> Iterator[None]:
        """One more is open inside the block."""
        self._open[subject] += 1
        try:
            yield
        finally:
            self._open[subject] -= 1
            if not self._open[subject]:
                del self._open[subject]


def stream(scope: Scope, request: Request, watched: Watched) -> Response:
    """The answer that goes on. Raises RateLimited."""
    scope.part(Streams).require_room(watched.subject)
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=_HEADERS)
    events = _events(scope, watched, after_of(request))
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


def after_of(request: Request) -> int:
    """The last number that the page has, by the browser's own word when it comes again."""
    for given in (request.headers.get("last-event-id", ""), request.query_params.get("after", "")):
        if given.isascii() and given.isdigit() and len(given) <= 19:
            return min(int(given), MOST)
    return 0


async def _events(scope: Scope, watched: Watched, after: int) -> AsyncIterator[str]:
    live, clock = scope.part(Live), asyncio.get_running_loop().time
    ends, spoke = clock() + LONGEST.total_seconds(), clock()
    page = _Page(after)
    with scope.part(Streams).counted(watched.subject):
        async with live.watching(scope.tenant.id, watched.chat) as news:
            yield "retry: 2000\n\n"
            while not live.closing.is_set() and clock() < ends:
                news.clear()
                try:
                    said = page.changes(await watched.read(page.after))
                except Problem:
                    # The page comes again by itself, and is told then what is wrong.
                    return
                if said or clock() - spoke >= HEARTBEAT.total_seconds():
                    spoke = clock()
                    yield said or ": still here\n\n"
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout((_SOON if said else watched.pause).total_seconds()):
                        await news.wait()


class _Page:
    """What the page at the other end has."""

    def __init__(self, after: int) -> None:
        self.after = after
        self._lines: dict[int, str] = {}
        self._standing: str | None = None

    def changes(self, portion: Portion) -> str:
        """The events that make it what it is to be; nothing when it is that."""
        self.after = max(self.after, portion.settled)
        events = [
            _event("line", html, self.after)
            for number, html in portion.lines.items()
            if self._lines.get(number) != html
        ]
        if portion.standing != self._standing:
            events.append(_event("standing", portion.standing, self.after))
        # What is settled is never read again.
        self._lines = {number: html for number, html in portion.lines.items() if number > self.after}
        self._standing = portion.standing
        return "".join(events)


def _event(name: str, html: str, after: int) -> str:
    # A carriage return would end a line too.
    lines = html.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    data = "".join(f"data: {line}\n" for line in lines)
    return f"id: {after}\nevent: {name}\n{data}\n"
