"""Comments looked at: one, and a list."""

from collections.abc import Sequence
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.comments import store
from clerestory.families.ideas.comments.model import Wanted
from clerestory.families.ideas.comments.wire import CommentBody, CommentList, to_comment_body
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.ideas.parts.model import Comment
from clerestory.families.ideas.ideas.parts.wire import to_comment
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.kernel.errors import NotFound


async def one(asked: Asked, uuid: UUID) -> CommentBody:
    """One comment that is seen. Raises NotFound."""
    found = await store.one_comment(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    [body] = await _bodies(asked, [found])
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> CommentList:
    """A page of the comments that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        named = Named(campaign=wanted.campaign, idea=wanted.idea, member=wanted.member)
        await require_seen(runner, asked.viewer, named)
    return CommentList(await _bodies(asked, found), page.stats(total))


async def _bodies(asked: Asked, comments: Sequence[Comment]) -> list[CommentBody]:
    people = await members.embedded(asked, [comment.person for comment in comments])
    outlines = await ideas.embedded(asked, [comment.idea for comment in comments])
    files = members.eye_of(asked).files
    return [to_comment_body(to_comment(one, people, files), outlines[one.idea]) for one in comments]
