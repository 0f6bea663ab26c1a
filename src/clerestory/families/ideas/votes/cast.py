"""Voting on an idea: one vote a member. The vote, the counters and the event are written in one transaction."""

from uuid import UUID

from clerestory.families.ideas.activity.model import Event, Happening
from clerestory.families.ideas.activity.record import record
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns.enter import enter
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ideas.parts.model import Vote
from clerestory.families.ideas.problems import Hidden
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.standing import keep
from clerestory.families.ideas.votes import store
from clerestory.families.ideas.votes.model import Type, gained
from clerestory.platform.database import Tx

OWN = "You cannot vote on your own idea"
_DEEDS = {Type.PROMOTE: Deed.PROMOTE, Type.DEMOTE: Deed.DEMOTE}
_HAPPENINGS = {Type.PROMOTE: Happening.PROMOTE_IDEA, Type.DEMOTE: Happening.DEMOTE_IDEA}


async def cast(asked: Asked, idea_uuid: UUID, vote: Type) -> Vote:
    """Casts the vote of who asks; the opposite one goes, the same one stays as it was. Raises NotFound, Forbidden."""
    now = asked.scope.now
    async with asked.scope.begin() as tx:
        idea, person, campaign = await _stand(asked, tx, idea_uuid, _DEEDS[vote])
        before = await store.one_vote(tx, idea, person)
        if before is not None and before.type == vote:
            return before
        await store.put(tx, idea, person, vote, now)
        await keep.gain(tx, idea, gained(Type(before.type) if before else None, vote))
        await record(tx, Event(_HAPPENINGS[vote], person, campaign, idea), now)
        await enter(tx, campaign, person)
    return Vote(idea, vote.value, person, now)


async def withdraw(asked: Asked, idea_uuid: UUID) -> None:
    """Takes the vote of who asks off the idea, if there is one. Raises NotFound, Forbidden."""
    async with asked.scope.begin() as tx:
        idea, person, _ = await _stand(asked, tx, idea_uuid, Deed.PROMOTE)
        before = await store.one_vote(tx, idea, person)
        if before is not None:
            await store.remove(tx, idea, person)
            await keep.gain(tx, idea, gained(Type(before.type), None))


async def _stand(asked: Asked, tx: Tx, idea_uuid: UUID, deed: Deed) -> tuple[int, int, int]:
    """The idea, held, who votes, and the campaign. Raises what who asks deserves."""
    idea = await keep.hold(tx, idea_uuid)
    plot = await stand.plot_of(asked, tx, idea)
    stand.may_vote(asked, plot, deed)
    person = stand.person_of(asked)
    if plot.person == person:
        raise Hidden(OWN)
    return idea, person, plot.ground.campaign
