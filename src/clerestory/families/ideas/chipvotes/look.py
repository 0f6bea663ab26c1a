"""Chips looked at: a list, and those just laid."""

from collections.abc import Sequence

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.chipvotes import store
from clerestory.families.ideas.chipvotes.model import ChipVote, Wanted
from clerestory.families.ideas.chipvotes.wire import ChipVoteBody, ChipVoteList
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.conventions.spelling import moment
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.rights.filters import Named, require_seen


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> ChipVoteList:
    """A page of what is wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(idea=wanted.idea, member=wanted.member))
    return ChipVoteList(await bodies(asked, found), page.stats(total))


async def bodies(asked: Asked, votes: Sequence[ChipVote]) -> list[ChipVoteBody]:
    """These with whose they are, and on what they lie."""
    people = await members.embedded(asked, [vote.person for vote in votes])
    outlines = await ideas.embedded(asked, [vote.idea for vote in votes])
    return [ChipVoteBody(vote.chips, moment(vote.created), people[vote.person], outlines[vote.idea]) for vote in votes]
