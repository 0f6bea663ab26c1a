"""Votes on comments looked at: a list, and the one that was just cast."""

from collections.abc import Sequence

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.comments import look as comments
from clerestory.families.ideas.comments import store as comment_store
from clerestory.families.ideas.commentvotes import store
from clerestory.families.ideas.commentvotes.model import CommentVote, Wanted
from clerestory.families.ideas.commentvotes.wire import CommentOutline, CommentVoteBody, CommentVoteList
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.conventions.spelling import guid, moment
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.rights.filters import Named, require_seen


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> CommentVoteList:
    """A page of the votes that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(member=wanted.member))
        if wanted.comment is not None:
            await comments.one(asked, wanted.comment)
    return CommentVoteList(await bodies(asked, found), page.stats(total))


async def bodies(asked: Asked, votes: Sequence[CommentVote]) -> list[CommentVoteBody]:
    """These votes with who cast them, and on what."""
    runner = asked.scope.direct()
    people = await members.embedded(asked, [vote.person for vote in votes])
    numbers = sorted({vote.comment for vote in votes})
    found = {one.id: one for one in await comment_store.outlines(runner, numbers)} if numbers else {}
    outlines = await ideas.embedded(asked, [one.idea for one in found.values()])
    shown = {
        one.id: CommentOutline(guid(one.uuid), moment(one.created), one.text, outlines[one.idea])
        for one in found.values()
    }
    return [
        CommentVoteBody(
            comment_id=shown[vote.comment].id,
            date_created=moment(vote.created),
            type=vote.type,
            comment=shown[vote.comment],
            member=people[vote.person],
        )
        for vote in votes
    ]
