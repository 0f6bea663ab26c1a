"""Both places for files, and what a test needs to look at them from outside."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.storage import Files

PIECE = b"0123456789abcdef" * 4096  # 64 KiB
PART = 5 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    """One backend under test: `lies` tells every path in it, `modified` when a file came."""

    files: Files
    lies: Callable[[], list[str]]
    modified: Callable[[str], datetime]


async def pieces(count: int, *, failing: BaseException | None = None) -> AsyncIterator[bytes]:
    """So many pieces, and then perhaps a failure."""
    for _ in range(count):
        yield PIECE
    if failing is not None:
        raise failing


async def content(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])
