"""The files of all tenants, and of one tenant and family. The only ways to a file: no name leads anywhere else."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog

from clerestory.kernel.errors import Absent, Fault, Kind, TooLarge, Unavailable
from clerestory.platform.storage.backend import Backend, NoSuchFile, OutOfReach, Stored
from clerestory.platform.storage.bucket import s3
from clerestory.platform.storage.folder import Folder
from clerestory.platform.storage.settings import StorageSettings

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}(\.[a-z0-9]{1,10})?")
# What a folder calls a file that is still arriving.
_LISTED = re.compile(rf"{_NAME.pattern}(~[0-9a-f]+)?")
_FAMILY = re.compile(r"[a-z]{1,32}")
_PROBE = "probe"

log = structlog.get_logger(__name__)


class Files:
    """The one part of a process that reaches files."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @classmethod
    def of(cls, settings: StorageSettings) -> "Files":
        """Where the settings say."""
        if settings.scheme == "s3":
            return cls(s3(settings))
        return cls(Folder(Path(unquote(urlsplit(settings.storage_url).path))))

    @property
    def place(self) -> str:
        """What a person calls the place."""
        return self._backend.place

    def shelf(self, tenant: int, family: str) -> "Shelf":
        """The files of one family in one tenant, by the tenant's number, which is never given twice."""
        if not _FAMILY.fullmatch(family):
            raise ValueError(f"{family!r} names no family")
        return Shelf(self._backend, f"{int(tenant)}/{family}")

    async def clear(self, tenant: int) -> None:
        """Removes every file of the tenant; may be called again. Raises Unavailable."""
        with _told("clear", str(int(tenant))):
            await self._backend.clear(str(int(tenant)))

    async def probe(self) -> None:
        """Writes a small file, looks at it and removes it. Raises Unavailable."""
        shelf = Shelf(self._backend, _PROBE)
        await shelf.put("file", _once(b"Clerestory looks whether it can write here.\n"), most=100)
        try:
            await shelf.size("file")
        finally:
            with _told("clear", _PROBE):
                await self._backend.clear(_PROBE)


class Shelf:
    """The files of one family in one tenant, by name. Every failure of the place is an Unavailable."""

    def __init__(self, backend: Backend, folder: str) -> None:
        self._backend = backend
        self._folder = folder

    async def put(self, name: str, chunks: AsyncIterator[bytes], *, most: int) -> int:
        """Stores what comes, whole or not at all, and tells its bytes. Raises TooLarge for more than `most`."""
        path, counter = self._path(name), _Counter(chunks, most)
        with _told("put", path):
            await self._backend.put(path, counter.counted())
        return counter.bytes

    async def read(self, name: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to and without `stop`, in pieces. Raises Absent before the first."""
        path = self._path(name)
        # A reader that goes away in the middle closes the file too.
        async with aclosing(self._backend.read(path, start, stop)) as pieces:
            while True:
                with _told("read", path):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                yield piece

    async def size(self, name: str) -> int:
        """How many bytes. Raises Absent."""
        path = self._path(name)
        with _told("size", path):
            return await self._backend.size(path)

    async def delete(self, name: str) -> None:
        """Removes the file; nothing happens where there is none."""
        path = self._path(name)
        with _told("delete", path):
            await self._backend.delete(path)

    async def names(self) -> AsyncIterator[Stored]:
        """What lies here."""
        found = self._backend.names(self._folder)
        while True:
            with _told("names", self._folder):
                one = await anext(found, None)
            if one is None:
                return
            yield one

    def _path(self, name: str) -> str:
        if not _LISTED.fullmatch(name):
            raise ValueError(f"{name!r} names no file")
        return f"{self._folder}/{name}"


class _Counter:
    """Counts what passes, up to a limit."""

    def __init__(self, chunks: AsyncIterator[bytes], most: int) -> None:
        self._chunks = chunks
        self._most = most
        self.bytes = 0

    async def counted(self) -> AsyncIterator[bytes]:
        """The chunks. Raises TooLarge."""
        async for chunk in self._chunks:
            self.bytes += len(chunk)
            if self.bytes > self._most:
                raise TooLarge(Fault(None, Kind.INVALID, f"A file may have at most {self._most} bytes."))
            yield chunk


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


@contextmanager
def _told(deed: str, path: str) -> Iterator[None]:
    try:
        yield
    except NoSuchFile as error:
        log.warning("file.absent", deed=deed, path=path)
        raise Absent("The file is not where it was stored.") from error
    except OutOfReach as error:
        log.warning("storage.unreachable", deed=deed, path=path, why=str(error))
        raise Unavailable("Files cannot be reached now.") from error
