"""Files in a folder of this machine. A file is there whole or not at all, also after a power cut.

It is written under another name, `name~…`, flushed to the disk and renamed; what is broken off keeps that name.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

from clerestory.platform.storage.backend import NoSuchFile, OutOfReach, Stored

_PIECE_BYTES = 256 * 1024


class Folder:
    """A backend below one folder, which is made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self._root.absolute())

    async def put(self, path: str, chunks: AsyncIterator[bytes]) -> None:
        """Stores what comes, whole or not at all."""
        final = self._root / path
        arriving = final.with_name(f"{final.name}~{secrets.token_hex(4)}")
        with _told():
            descriptor = await asyncio.to_thread(_create, arriving)
        try:
            try:
                async for chunk in chunks:
                    with _told():
                        await asyncio.to_thread(_write, descriptor, chunk)
                with _told():
                    await asyncio.to_thread(os.fsync, descriptor)
            finally:
                os.close(descriptor)
            with _told():
                await asyncio.to_thread(_rename, arriving, final)
        except BaseException:
            # Here and not in a thread: a request that is cancelled waits for nothing any more.
            arriving.unlink(missing_ok=True)
            raise

    async def read(self, path: str, start: int, stop: int | None) -> AsyncGenerator[bytes, None]:
        """The bytes in pieces."""
        with _told():
            descriptor = await asyncio.to_thread(os.open, self._root / path, os.O_RDONLY)
        try:
            while stop is None or start < stop:
                most = _PIECE_BYTES if stop is None else min(_PIECE_BYTES, stop - start)
                with _told():
                    piece = await asyncio.to_thread(os.pread, descriptor, most, start)
                if not piece:
                    return
                start += len(piece)
                yield piece
        finally:
            os.close(descriptor)

    async def size(self, path: str) -> int:
        """How many bytes."""
        with _told():
            return (await asyncio.to_thread((self._root / path).stat)).st_size

    async def delete(self, path: str) -> None:
        """Removes the file."""
        with _told():
            await asyncio.to_thread((self._root / path).unlink, missing_ok=True)

    async def names(self, folder: str) -> AsyncIterator[Stored]:
        """What lies in the folder."""
        with _told():
            found = await asyncio.to_thread(_listed, self._root / folder)
        for one in found:
            yield one

    async def clear(self, folder: str) -> None:
        """Removes the folder with everything in it."""
        with _told():
            await asyncio.to_thread(_removed, self._root / folder)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """The operating system's errors, said as the interface has them."""
    try:
        yield
    except FileNotFoundError as error:
        raise NoSuchFile from error
    except OSError as error:
        raise OutOfReach(f"{error.strerror}: {error.filename}") from error


def _create(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]


def _rename(arriving: Path, final: Path) -> None:
    arriving.replace(final)
    # Only with its folder flushed is a new name safe.
    folder = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _listed(folder: Path) -> list[Stored]:
    found = []
    if folder.is_dir():
        with os.scandir(folder) as entries:
            for entry in entries:
                # It may go while the others are listed.
                with contextlib.suppress(FileNotFoundError):
                    found.append(Stored(entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)))
    return found


def _removed(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
