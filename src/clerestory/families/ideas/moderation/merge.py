"""Merging an idea into another one of its campaign: its votes, chips, comments, events and followers go there.

One vote a member: the one on the idea that stays wins. Chips add up within the budget; nobody's lie on an own idea.
"""

from collections.abc import Sequence
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.follow.store import carry
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground.model import Plot
from clerestory.families.ideas.ideas.edit import MERGED
from clerestory.families.ideas.ideas.tagging.tag import retag
from clerestory.families.ideas.ideas.writing.store import merged_into
from clerestory.families.ideas.moderation import store
from clerestory.families.ideas.moderation.model import Voter
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.standing import keep
from clerestory.families.ideas.standing.model import Counts
from clerestory.kernel.errors import Conflict, NotFound
from clerestory.platform.database import Tx

ITSELF = "An idea is not merged into itself"
APART = "Ideas of two campaigns are not merged: move one of them first"


async def merge(asked: Asked, merged: UUID, into: UUID) -> None:
    """Merges the first idea into the second. Raises NotFound, Forbidden, Conflict."""
    if merged == into:
        raise Conflict(ITSELF)
    async with asked.scope.begin() as tx:
        held = await store.hold_both(tx, [merged, into])
        if len(held) < 2:
            raise NotFound
        source, target = [await _plot(asked, tx, held[uuid]) for uuid in (merged, into)]
        if source.ground.campaign != target.ground.campaign:
            raise Conflict(APART)
        for plot in (source, target):
            other = await merged_into(tx, plot.idea)
            if other is not None:
                raise Conflict(MERGED.format(other=other))
        await _carry(asked, tx, source, target)


async def _plot(asked: Asked, tx: Tx, idea: int) -> Plot:
    plot = await stand.plot_of(asked, tx, idea)
    plot.require(asked.viewer, Deed.MERGE)
    return plot


async def _carry(asked: Asked, tx: Tx, source: Plot, target: Plot) -> None:
    now, campaign = asked.scope.now, source.ground.campaign
    before = {plot.idea: await keep.read(tx, plot.idea) for plot in (source, target)}
    await store.lock_budgets(tx, campaign, sorted(before))
    voters = await store.voters(tx, campaign, source.idea, target.idea)
    await _carry_votes(tx, source.idea, target, voters)
    await _carry_chips(asked, tx, source.idea, target, voters)
    await store.carry_comments(tx, source.idea, target.idea)
    await store.carry_events(tx, source.idea, target.idea)
    await carry(tx, source.idea, target.idea)
    await store.lead(tx, source.idea, target.idea, now)
    had = before[source.idea].counts
    gained = Counts(comments=had.comments, hidden_comments=had.hidden_comments)
    for voter in voters:
        gained += voter.gained(target.person)
    await keep.shared(tx, before, {source.idea: -had, target.idea: gained})
    if source.visible:
        await retag(tx, source.idea, None, was_visible=True, visible=False)


async def _carry_votes(tx: Tx, merged: int, target: Plot, voters: Sequence[Voter]) -> None:
    people = [voter.person for voter in voters if voter.carried(target.person) is not None]
    await store.carry_votes(tx, merged, target.idea, people)
    await store.drop_votes(tx, merged)


async def _carry_chips(asked: Asked, tx: Tx, merged: int, target: Plot, voters: Sequence[Voter]) -> None:
    after = {voter.person: voter.laid(target.person) for voter in voters if voter.chips}
    over = {voter.person: voter.chips + voter.chips_there - after[voter.person] for voter in voters if voter.chips}
    await store.lay(tx, target.idea, {person: chips for person, chips in after.items() if chips}, asked.scope.now)
    await store.drop_chips(tx, merged)
    await store.give_back(tx, target.ground.campaign, {person: chips for person, chips in over.items() if chips})
