"""Files taken in for an idea or a comment: looked at, stored, and only then named by a row of the caller's transaction.

async with kept(asked, ATTACHMENTS) as files, asked.scope.begin() as tx:
    ...
    await attach(asked, tx, files, idea=number)
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from starlette.datastructures import UploadFile

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import MISSING
from clerestory.families.ideas.files import store
from clerestory.families.ideas.files.model import (
    ATTACHMENTS,
    MEDIA_TYPES,
    OF_COMMENT,
    File,
    Kept,
    Rule,
    extension_of,
    name_of,
)
from clerestory.families.ideas.files.sniff import holds
from clerestory.families.ideas.files.wire import AttachmentBody, to_attachment
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground.model import Plot
from clerestory.families.ideas.problems import WrongType
from clerestory.families.ideas.rights.model import Deed
from clerestory.kernel.errors import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    Kind,
    NotFound,
    Problem,
    TooLarge,
    Unauthenticated,
)
from clerestory.platform.database import Tx
from clerestory.platform.http import Uploads
from clerestory.platform.storage import Files, Shelf

ATTACHED = Uploads(ATTACHMENTS.files, ATTACHMENTS.file_bytes)
"""What a route takes by which files are attached to an idea."""

ATTACHED_TO_COMMENT = Uploads(OF_COMMENT.files, OF_COMMENT.file_bytes)

_PIECE_BYTES = 64 * 1024
# Refusals by words of our own: with one of these nothing was committed. Of any other end that is not known.
_REFUSED = (NotFound, Forbidden, Invalid, Conflict, Unauthenticated)


def shelf_of(asked: Asked) -> Shelf:
    """Where the files of this family lie in the tenant of who asks."""
    return asked.scope.part(Files).shelf(asked.scope.tenant.id, "ideas")


def arrived(asked: Asked, rule: Rule) -> list[UploadFile]:
    """The files that came under the rule's names. An empty field of a form is no file."""
    return [file for name, file in asked.parameters.files if rule.parameter.fullmatch(name.strip()) and file.filename]


@asynccontextmanager
async def kept(asked: Asked, rule: Rule = ATTACHMENTS) -> AsyncIterator[list[Kept]]:
    """The files of the request, stored, for the block in which rows come to name them. Raises Invalid, Unavailable.

    What the block refuses is removed again. What else ends it may have committed: then the sweep decides.
    """
    shelf, stored = shelf_of(asked), list[Kept]()
    names = [(await checked(file, rule), file) for file in arrived(asked, rule)]
    try:
        for name, file in names:
            stored.append(await put(shelf, name, _chunks(file), rule.file_bytes))
    except BaseException:
        await remove(shelf, stored)
        raise
    try:
        yield stored
    except _REFUSED:
        await remove(shelf, stored)
        raise


async def attach(
    asked: Asked, tx: Tx, files: Sequence[Kept], *, idea: int | None = None, comment: int | None = None
) -> list[File]:
    """Names the files by rows of this idea or this comment."""
    if not files:
        return []
    return await store.insert_attachments(tx, (idea, comment), asked.viewer.person, files, asked.scope.now)


async def to_idea(asked: Asked, uuid: UUID) -> list[AttachmentBody]:
    """Attaches what came to an idea. Raises NotFound, Forbidden, Invalid."""
    if not arrived(asked, ATTACHMENTS):
        raise Invalid(Fault("attachment", Kind.MISSING, MISSING))
    async with asked.scope.begin() as tx:
        number = await store.idea_numbered(tx, uuid)
        plot = await _changeable(asked, tx, number)
    async with kept(asked) as files, asked.scope.begin() as tx:
        rows = await attach(asked, tx, files, idea=plot.idea)
    return [to_attachment(file, "IDEA", asked.url("/api3/file")) for file in rows]


async def detach(asked: Asked, uuid: UUID) -> None:
    """Removes an attachment of an idea. Raises NotFound, Forbidden."""
    async with asked.scope.begin() as tx:
        owned = await store.attachment(tx, uuid)
        await _changeable(asked, tx, None if owned is None else owned.idea)
        if owned is None or not await store.delete(tx, owned.id):
            raise NotFound
    await remove(shelf_of(asked), [owned.stored])


async def checked(file: UploadFile, rule: Rule) -> str:
    """The name to keep of a file that the rule takes. Raises WrongType, TooLarge."""
    name = name_of(file.filename or "")
    extension = extension_of(name)
    if extension not in rule.extensions:
        raise WrongType(rule.refusal)
    if (file.size or 0) > rule.file_bytes:
        raise TooLarge(Fault(None, Kind.INVALID, "The file is too large."))
    if not await asyncio.to_thread(holds, file.file, extension):
        raise WrongType(rule.refusal)
    return name


async def put(shelf: Shelf, name: str, chunks: AsyncIterator[bytes], most: int) -> Kept:
    """Stores a file of this name under one that nobody can guess."""
    stored = secrets.token_hex(16)
    size = await shelf.put(stored, chunks, most=most)
    extension = extension_of(name)
    return Kept(stored, name, extension, MEDIA_TYPES[extension], size)


async def remove(shelf: Shelf, stored: Iterable[Kept | str]) -> None:
    """Removes bytes that no row names. What cannot be removed now, the sweep removes."""
    for one in stored:
        try:
            await shelf.delete(one if isinstance(one, str) else one.stored)
        except Problem:
            continue


async def _changeable(asked: Asked, tx: Tx, idea: int | None) -> Plot:
    """The idea whose files who asks may change. Raises NotFound, Forbidden."""
    if idea is None:
        raise NotFound
    plot = await stand.plot_of(asked, tx, idea)
    plot.require(asked.viewer, Deed.CHANGE_ATTACHMENT)
    return plot


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while chunk := await file.read(_PIECE_BYTES):
        yield chunk
