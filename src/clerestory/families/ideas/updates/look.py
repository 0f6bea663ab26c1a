"""Updates looked at: one, and a list; the members of a page, and of its comments, in one statement."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.members.look import FIRST, embedded
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.families.ideas.updates import store
from clerestory.families.ideas.updates.comments import store as comment_store
from clerestory.families.ideas.updates.model import Update, Wanted
from clerestory.families.ideas.updates.wire import UpdateBody, UpdateList, to_comment, to_update
from clerestory.kernel.errors import NotFound


async def one(asked: Asked, uuid: UUID, sub: frozenset[str]) -> UpdateBody:
    """One update that is seen. Raises NotFound."""
    found = await store.one_update(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    [body] = await _bodies(asked, [found], sub)
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page, sub: frozenset[str]) -> UpdateList:
    """A page of the updates that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(member=wanted.member))
    return UpdateList(await _bodies(asked, found, sub), page.stats(total))


async def _bodies(asked: Asked, found: list[Update], sub: frozenset[str]) -> list[UpdateBody]:
    said = []
    if "comments" in sub and found:
        said = await comment_store.first(asked.scope.direct(), [one.id for one in found], FIRST)
    people = await embedded(asked, [*(one.person for one in found), *(one.person for one in said)])
    bodies = [to_update(one, people[one.person]) for one in found]
    for update, body in zip(found, bodies, strict=True):
        if "comment_count" in sub:
            body.comment_count = update.comments
        if "comments" in sub:
            body.comments = [to_comment(one, people[one.person]) for one in said if one.about == update.uuid]
    return bodies
