"""Laying chips on an idea, within what the member may spend. Chips, budget, counters and event in one transaction."""

from uuid import UUID

from clerestory.families.ideas.activity.model import Event, Happening
from clerestory.families.ideas.activity.record import record
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns.enter import enter
from clerestory.families.ideas.chipvotes import store
from clerestory.families.ideas.chipvotes.model import MOST, ChipVote, gained
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.problems import Hidden
from clerestory.families.ideas.rights.model import Deed
from clerestory.families.ideas.standing import keep
from clerestory.kernel.errors import Absent, Fault, Invalid, Kind
from clerestory.platform.database import Tx

OWN = "You cannot vote on your own idea"
NOT_ENOUGH = "You do not have so many chips left in this campaign"


def read_chips(parameters: Parameters) -> int:
    """How many are to lie there. Raises Invalid where that is missing or no number of chips."""
    text = parameters.required("chips")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and int(text) <= MOST):
        raise Invalid(Fault("chips", Kind.INVALID, f"chips must be a whole number from 0 to {MOST}"))
    return int(text)


async def lay(asked: Asked, idea_uuid: UUID, chips: int) -> ChipVote:
    """Lets so many chips of who asks lie on the idea. Raises NotFound, Forbidden, Invalid past the budget."""
    now = asked.scope.now
    async with asked.scope.begin() as tx:
        idea = await keep.hold(tx, idea_uuid)
        plot = await stand.plot_of(asked, tx, idea)
        stand.may_vote(asked, plot, Deed.PROMOTE)
        person, campaign = stand.person_of(asked), plot.ground.campaign
        if plot.person == person:
            raise Hidden(OWN)
        before = await store.one_vote(tx, idea, person)
        laid = before.chips if before else 0
        if laid == chips:
            return before or ChipVote(idea, 0, person, now)
        after = ChipVote(idea, chips, person, now)
        await _pay(tx, campaign, after, laid)
        await keep.gain(tx, idea, gained(laid, chips))
        if chips:
            await record(tx, Event(Happening.CHIP_VOTE, person, campaign, idea), now)
        await enter(tx, campaign, person)
    return after


async def _pay(tx: Tx, campaign: int, after: ChipVote, laid: int) -> None:
    """Moves chips between the purse and the idea. Raises Invalid where the purse has not so many."""
    purse = await store.open_purse(tx, campaign, after.person)
    if purse is None:
        raise Absent
    if not purse.covers(laid, after.chips):
        raise Invalid(Fault("chips", Kind.INVALID, NOT_ENOUGH))
    await store.spend(tx, campaign, after.person, after.chips - laid)
    if after.chips:
        await store.put(tx, after)
    else:
        await store.remove(tx, after.idea, after.person)
