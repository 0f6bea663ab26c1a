"""Files in a bucket of S3, or of what speaks as it does. A file longer than a part goes up part by part."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from clerestory.platform.storage.backend import NoSuchFile, OutOfReach, Stored
from clerestory.platform.storage.settings import StorageSettings

if TYPE_CHECKING:
    from obstore.store import ObjectStore, S3Config

# S3 takes no smaller part but the last, and at most 10,000: a file has up to 50 GB. Two are under way at a time.
_PART_BYTES = 5 * 1024 * 1024
_PARTS_AT_ONCE = 2
_PIECE_BYTES = 256 * 1024


def s3(settings: StorageSettings) -> "Bucket":
    """The bucket that is set."""
    parts = urlsplit(settings.storage_url)
    # Not everything that speaks as S3 does deletes many at once.
    config: S3Config = {"disable_bulk_delete": True, "region": settings.storage_region or "us-east-1"}
    if settings.storage_endpoint is not None:
        config["endpoint"] = settings.storage_endpoint
    if settings.storage_access_key is not None and settings.storage_secret_key is not None:
        config["access_key_id"] = settings.storage_access_key
        config["secret_access_key"] = settings.storage_secret_key
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={
            "connect_timeout": timedelta(seconds=5),
            # A whole answer must come within it: a large file over a slow line.
            "timeout": timedelta(minutes=10),
            "allow_http": (settings.storage_endpoint or "").startswith("http://"),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )
    return Bucket(store, settings.storage_url)


class Bucket:
    """A backend on one store of obstore's."""

    def __init__(self, store: "ObjectStore", place: str) -> None:
        self._store = store
        self._place = place

    @property
    def place(self) -> str:
        """The bucket's address."""
        return self._place

    async def put(self, path: str, chunks: AsyncIterator[bytes]) -> None:
        """Stores what comes; nothing is to be seen of it until it is whole."""
        begun = bytearray()
        async for chunk in chunks:
            begun += chunk
            if len(begun) > _PART_BYTES:
                break
        else:
            # In one request instead of three, and nothing to be given up if it fails.
            with _told(absent=OutOfReach):
                await obstore.put_async(self._store, path, bytes(begun), use_multipart=False)
            return
        whole = _after(bytes(begun), chunks)
        with _told(absent=OutOfReach):
            await obstore.put_async(
                self._store, path, whole, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE, use_multipart=True
            )

    async def read(self, path: str, start: int, stop: int | None) -> AsyncGenerator[bytes, None]:
        """The bytes in pieces."""
        with _told():
            if stop is not None:
                found = await obstore.get_async(self._store, path, options={"range": (start, stop)})
            elif start:
                found = await obstore.get_async(self._store, path, options={"range": {"offset": start}})
            else:
                # An empty file has no part that could be asked for.
                found = await obstore.get_async(self._store, path)
            stream = found.stream(min_chunk_size=_PIECE_BYTES)
        while True:
            with _told():
                piece = await anext(stream, None)
            if piece is None:
                return
            yield bytes(piece)

    async def size(self, path: str) -> int:
        """How many bytes."""
        with _told():
            return (await obstore.head_async(self._store, path))["size"]

    async def delete(self, path: str) -> None:
        """Removes the file."""
        with contextlib.suppress(NoSuchFile), _told():
            await obstore.delete_async(self._store, path)

    async def names(self, folder: str) -> AsyncIterator[Stored]:
        """What lies in the folder."""
        stream = obstore.list(self._store, prefix=folder, chunk_size=1000)
        while True:
            with _told():
                page = await anext(stream, None)
            if page is None:
                return
            for found in page:
                yield Stored(found["path"].rpartition("/")[2], found["last_modified"])

    async def clear(self, folder: str) -> None:
        """Removes everything in the folder."""
        stream = obstore.list(self._store, prefix=folder, chunk_size=1000)
        while True:
            with _told():
                page = await anext(stream, None)
            if page is None:
                return
            for found in page:
                await self.delete(found["path"])


async def _after(begun: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begun
    async for chunk in chunks:
        yield chunk


@contextlib.contextmanager
def _told(absent: type[Exception] = NoSuchFile) -> Iterator[None]:
    """The library's errors, said as the interface has them. A bucket that is not there is no file that is missing."""
    try:
        yield
    except FileNotFoundError as error:
        raise absent(str(error).splitlines()[0]) from error
    except BaseError as error:
        raise OutOfReach(str(error).splitlines()[0]) from error
