"""Votes looked at: a list, and the one that was just cast."""

from collections.abc import Sequence

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.ideas.parts.model import Vote
from clerestory.families.ideas.ideas.parts.wire import to_vote
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.families.ideas.votes import store
from clerestory.families.ideas.votes.model import Wanted
from clerestory.families.ideas.votes.wire import VoteBody, VoteList, to_vote_body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> VoteList:
    """A page of the votes that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(idea=wanted.idea, member=wanted.member))
    return VoteList(await bodies(asked, found), page.stats(total))


async def bodies(asked: Asked, votes: Sequence[Vote]) -> list[VoteBody]:
    """These votes with who cast them, and on what."""
    people = await members.embedded(asked, [vote.person for vote in votes])
    outlines = await ideas.embedded(asked, [vote.idea for vote in votes])
    return [to_vote_body(to_vote(vote, people), outlines[vote.idea]) for vote in votes]
