"""Comments on updates looked at: one, and a list."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.members.look import embedded
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.families.ideas.updates import store as update_store
from clerestory.families.ideas.updates.comments import store
from clerestory.families.ideas.updates.model import Wanted
from clerestory.families.ideas.updates.wire import UpdateCommentBody, UpdateCommentList, to_comment
from clerestory.kernel.errors import NotFound


async def one(asked: Asked, uuid: UUID) -> UpdateCommentBody:
    """One comment that is seen. Raises NotFound."""
    found = await store.one_comment(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    people = await embedded(asked, [found.person])
    return to_comment(found, people[found.person])


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> UpdateCommentList:
    """A page of the comments that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(member=wanted.member))
        if wanted.update and await update_store.one_update(runner, asked.viewer, wanted.update) is None:
            raise NotFound
    people = await embedded(asked, [one.person for one in found])
    return UpdateCommentList([to_comment(one, people[one.person]) for one in found], page.stats(total))
