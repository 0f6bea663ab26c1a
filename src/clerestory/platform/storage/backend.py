"""What a place for files must be able to do. Its callers have checked every part of a path."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class NoSuchFile(Exception):
    """Nothing lies under this path."""


class OutOfReach(Exception):
    """The place does not answer, is full, or refuses."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a listing: its name, and when it came."""

    name: str
    modified: datetime


class Backend(Protocol):
    """A folder or a bucket. Paths are relative, with slashes. Raises OutOfReach, and NoSuchFile where it is told."""

    async def put(self, path: str, chunks: AsyncIterator[bytes]) -> None:
        """Stores what comes, whole or not at all; what lay there before is replaced."""
        ...

    def read(self, path: str, start: int, stop: int | None) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to and without `stop`, in pieces. Raises NoSuchFile before the first."""
        ...

    async def size(self, path: str) -> int:
        """How many bytes. Raises NoSuchFile."""
        ...

    async def delete(self, path: str) -> None:
        """Removes the file; nothing happens where there is none."""
        ...

    def names(self, folder: str) -> AsyncIterator[Stored]:
        """What lies in the folder, what was broken off while it arrived too."""
        ...

    async def clear(self, folder: str) -> None:
        """Removes the folder with everything in it; may be called again."""
        ...

    @property
    def place(self) -> str:
        """What a person calls it; no secret."""
        ...
