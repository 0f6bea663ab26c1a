"""A stored file as a response: streamed, whole or in part, not sent again if it is known, harmless in a browser."""

import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

# Nothing that a file brings along runs: no script, no form, no plugin, not even when it is opened by itself.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

Read = Callable[[int, int], AsyncGenerator[bytes, None]]


@dataclass(frozen=True, slots=True)
class Download:
    """What is known of a file before it is read. `tag` names its content: another content has another tag.

    `shown`: a browser may show it in its place; anything else it saves.
    """

    name: str
    media_type: str
    size_bytes: int
    tag: str
    shown: bool = False


async def answer(download: Download, asked: Mapping[str, str], read: Read, *, head: bool = False) -> Response:
    """The response to a request with these headers. `read` gives the bytes from the first up to and without the last.

    Who may read was decided before, and is asked again each time: a browser keeps the file, and must ask for it.
    """
    etag = f'"{download.tag}"'
    headers = {
        **_SAFE,
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(download.name, shown=download.shown),
    }
    if knows(asked, download.tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    status, start, stop = _part(download, asked, etag)
    if status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        headers["Content-Range"] = f"bytes */{download.size_bytes}"
        return Response(status_code=status, headers=headers)
    if status is HTTPStatus.PARTIAL_CONTENT:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{download.size_bytes}"
    headers["Content-Length"] = str(stop - start)
    if head or start == stop:
        return Response(status_code=status, headers=headers, media_type=download.media_type)
    pieces = read(start, stop)
    # What is not there, or cannot be reached, is said before a status has gone out.
    first = await anext(pieces)
    return StreamingResponse(_all(first, pieces), status, headers, download.media_type)


def knows(asked: Mapping[str, str], tag: str) -> bool:
    """Whether who asks has this content already."""
    tags = [one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")]
    return f'"{tag}"' in tags or tags == ["*"]


def disposition(name: str, *, shown: bool) -> str:
    """`Content-Disposition` for a file of this name, which may hold any character."""
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", name)
    kind = "inline" if shown else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _all(first: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(pieces):
        yield first
        async for piece in pieces:
            yield piece


def _part(download: Download, asked: Mapping[str, str], etag: str) -> tuple[HTTPStatus, int, int]:
    """(status, first, one past the last). Several ranges at once, and what is none, mean the whole."""
    size = download.size_bytes
    found = _RANGE.fullmatch(asked.get("range", "").strip())
    condition = asked.get("if-range")
    if found is None or not (found[1] or found[2]) or (condition is not None and condition != etag):
        return HTTPStatus.OK, 0, size
    if found[1]:
        start, stop = int(found[1]), min(int(found[2] or size) + 1, size)
    else:
        start, stop = max(0, size - int(found[2])), size
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return HTTPStatus.OK, 0, size
    if start >= stop:
        return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, 0
    return HTTPStatus.PARTIAL_CONTENT, start, stop
