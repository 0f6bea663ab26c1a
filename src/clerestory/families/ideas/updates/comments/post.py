"""Comments on updates, posted and taken back by their members; administrators take back any."""

from uuid import UUID, uuid4

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.rights.model import Case, Deed
from clerestory.families.ideas.updates import store as update_store
from clerestory.families.ideas.updates.comments import store
from clerestory.families.ideas.updates.model import Comment
from clerestory.families.ideas.updates.post import author
from clerestory.kernel.errors import NotFound
from clerestory.kernel.values import Value, read

_TEXT = Value("comment", longest=4000, blank=False)


async def post(asked: Asked) -> UUID:
    """A new comment; its UUID. Raises NotFound for an update that is not seen, Invalid, and what the role deserves."""
    person = author(asked)
    asked.parameters.required("update_id")
    about, now = asked.parameters.sought("update_id"), asked.scope.now
    text = str(read(_TEXT, asked.parameters.required("comment")))
    found = None if about is None else await update_store.one_update(asked.scope.direct(), asked.viewer, about)
    if found is None:
        raise NotFound
    written = Comment(0, uuid4(), found.uuid, person, text, now)
    async with asked.scope.begin() as tx:
        # Counted first, so that the update is there until the comment is.
        if not await update_store.count_comments(tx, found.id, 1, now):
            raise NotFound
        await store.insert(tx, found.id, written, now)
    return written.uuid


async def take_back(asked: Asked, uuid: UUID) -> None:
    """Takes a comment away. Raises NotFound, and what the role deserves."""
    found = await store.one_comment(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    asked.viewer.require(Deed.DELETE_UPDATE, Case(own=found.person == asked.viewer.person))
    async with asked.scope.begin() as tx:
        update = await store.delete(tx, found.id)
        if update is None:
            raise NotFound
        await update_store.count_comments(tx, update, -1, asked.scope.now)
