"""Voting on a comment: one vote a member, by the rules of the campaign for votes on ideas."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns.enter import enter
from clerestory.families.ideas.commentvotes import store
from clerestory.families.ideas.commentvotes.model import CommentVote
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.problems import Hidden
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.votes.model import Type, gained
from clerestory.kernel.errors import NotFound
from clerestory.platform.database import Tx

OWN = "You cannot vote on your own comment"
_DEEDS = {Type.PROMOTE: Deed.PROMOTE, Type.DEMOTE: Deed.DEMOTE}


async def cast(asked: Asked, comment_uuid: UUID, vote: Type) -> CommentVote:
    """Casts the vote of who asks; the opposite one goes, the same one stays as it was. Raises NotFound, Forbidden."""
    now = asked.scope.now
    async with asked.scope.begin() as tx:
        comment, person, campaign = await _stand(asked, tx, comment_uuid, _DEEDS[vote])
        before = await store.one_vote(tx, comment, person)
        if before is not None and before.type == vote:
            return before
        await store.put(tx, comment, person, vote, now)
        await store.gain(tx, comment, gained(Type(before.type) if before else None, vote))
        await enter(tx, campaign, person)
    return CommentVote(comment, vote.value, person, now)


async def withdraw(asked: Asked, comment_uuid: UUID) -> None:
    """Takes the vote of who asks off the comment, if there is one. Raises NotFound, Forbidden."""
    async with asked.scope.begin() as tx:
        comment, person, _ = await _stand(asked, tx, comment_uuid, Deed.PROMOTE)
        before = await store.one_vote(tx, comment, person)
        if before is not None:
            await store.remove(tx, comment, person)
            await store.gain(tx, comment, gained(Type(before.type), None))


async def _stand(asked: Asked, tx: Tx, comment_uuid: UUID, deed: Deed) -> tuple[int, int, int]:
    """The comment, held, who votes, and the campaign. Raises what who asks deserves."""
    target = await store.hold(tx, comment_uuid)
    if target is None:
        raise NotFound
    plot = await stand.plot_of(asked, tx, target.idea)
    if not (target.visible or plot.ground.manages):
        raise NotFound
    stand.may_vote(asked, plot, deed)
    person = stand.person_of(asked)
    if target.person == person:
        raise Hidden(OWN)
    return target.id, person, plot.ground.campaign
