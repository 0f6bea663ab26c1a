"""One file read: what is known of it, its bytes, or a thumbnail. Whoever sees its owner may."""

from collections.abc import AsyncGenerator

from starlette.responses import Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.files import store
from clerestory.families.ideas.files.attach import shelf_of
from clerestory.families.ideas.files.images import NoPicture, Studio
from clerestory.families.ideas.files.model import MIB, PICTURES, Filed, edge_of
from clerestory.families.ideas.files.wire import FileAnswer, to_attachment
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.platform.http import downloads
from clerestory.platform.http.downloads import Download

NO_THUMBNAIL = "This file has no thumbnail"
# More than any rule takes: a guard for a place that was changed by hand.
_MOST_BYTES = 16 * MIB


async def read(asked: Asked) -> FileAnswer | Response:
    """The file of the path, as `format` and `thumb_size` ask. Raises NotFound, Invalid."""
    filed = await store.one_file(asked.scope.direct(), asked.viewer, asked.uuid)
    if filed is None:
        raise NotFound
    if (asked.parameters.text("format") or "").strip().lower() != "binary":
        return FileAnswer(to_attachment(filed.file, filed.grouping, asked.url("/api3/file")))
    edge = edge_of(asked.parameters.text("thumb_size"))
    return await (_whole(asked, filed) if edge is None else _small(asked, filed, edge))


async def _whole(asked: Asked, filed: Filed) -> Response:
    shelf, file = shelf_of(asked), filed.file
    download = Download(file.name, file.media_type, filed.size_bytes, guid(file.uuid), shown=file.extension in PICTURES)
    return await downloads.answer(
        download, asked.headers, lambda start, stop: shelf.read(filed.stored, start, stop), head=asked.head
    )


async def _small(asked: Asked, filed: Filed, edge: int) -> Response:
    """Made at each request that does not know it yet: a thumbnail that was kept would be one more thing to remove."""
    file = filed.file
    tag = f"{guid(file.uuid)}-{edge}"
    if downloads.knows(asked.headers, tag):
        # It need not be made to be known.
        return await downloads.answer(Download(file.name, file.media_type, 0, tag), asked.headers, _nothing)
    if file.extension not in PICTURES or filed.size_bytes > _MOST_BYTES:
        raise Invalid(Fault("thumb_size", Kind.INVALID, NO_THUMBNAIL))
    content = b"".join([piece async for piece in shelf_of(asked).read(filed.stored)])
    try:
        picture = await asked.scope.part(Studio).small(content, edge)
    except NoPicture:
        raise Invalid(Fault("thumb_size", Kind.INVALID, NO_THUMBNAIL)) from None

    async def part(start: int, stop: int) -> AsyncGenerator[bytes, None]:
        yield picture.content[start:stop]

    name = f"{file.name.rpartition('.')[0]}.{picture.extension}"
    download = Download(name, picture.media_type, len(picture.content), tag, shown=True)
    return await downloads.answer(download, asked.headers, part, head=asked.head)


async def _nothing(_start: int, _stop: int) -> AsyncGenerator[bytes, None]:
    yield b""
