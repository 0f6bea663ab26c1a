"""The image of a member: made anew from what came, so that it is small and tells nothing of where it was taken."""

from collections.abc import AsyncIterator
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import MISSING
from clerestory.families.ideas.files import store
from clerestory.families.ideas.files.attach import arrived, checked, put, remove, shelf_of
from clerestory.families.ideas.files.images import NoPicture, Picture, Studio
from clerestory.families.ideas.files.model import LARGEST_EDGE, MIB, PHOTO, Kept
from clerestory.families.ideas.members import store as members
from clerestory.families.ideas.problems import WrongType
from clerestory.families.ideas.rights.model import Case, Deed
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.platform.database import Tx

# Made anew it may take more than it did: a small picture of few colours.
_MOST_BYTES = 8 * MIB


async def replace(asked: Asked, uuid: UUID) -> None:
    """Makes what came the member's image. Raises NotFound, Forbidden, Invalid."""
    files = arrived(asked, PHOTO)
    if not files:
        raise Invalid(Fault("photo", Kind.MISSING, MISSING))
    person = await _changeable(asked, uuid)
    name = await checked(files[0], PHOTO)
    await files[0].seek(0)
    picture = await _made(asked, await files[0].read())
    shelf = shelf_of(asked)
    fresh = await put(shelf, f"{name.rpartition('.')[0]}.{picture.extension}", _once(picture.content), _MOST_BYTES)
    async with asked.scope.begin() as tx:
        former = await _take(asked, tx, person)
        await store.insert_photo(tx, person, asked.viewer.person, fresh, asked.scope.now)
    await remove(shelf, former)


async def withdraw(asked: Asked, uuid: UUID) -> None:
    """Removes the member's image. Raises NotFound, also where there is none, and Forbidden."""
    person = await _changeable(asked, uuid)
    async with asked.scope.begin() as tx:
        former = await _take(asked, tx, person)
        if not former:
            raise NotFound
    await remove(shelf_of(asked), former)


async def _changeable(asked: Asked, uuid: UUID) -> int:
    person = await store.person_numbered(asked.scope.direct(), uuid)
    if person is None:
        raise NotFound
    asked.viewer.require(Deed.CHANGE_PROFILE_IMAGE, Case(own=person == asked.viewer.person))
    return person


async def _made(asked: Asked, content: bytes) -> Picture:
    try:
        return await asked.scope.part(Studio).small(content, LARGEST_EDGE)
    except NoPicture:
        raise WrongType(PHOTO.refusal) from None


async def _take(asked: Asked, tx: Tx, person: int) -> list[Kept | str]:
    """Takes the former image away; the member is changed by it."""
    now = asked.scope.now
    await members.put_member(tx, person, {}, now, now)
    stored = await store.take_photo(tx, person)
    return [] if stored is None else [stored]


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
