"""Campaigns looked at: one, and a list."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns import store
from clerestory.families.ideas.campaigns.model import Wanted
from clerestory.families.ideas.campaigns.wire import (
    CampaignBody,
    CampaignList,
    CampaignOutline,
    to_campaign,
    to_outline,
)
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.members import look as members
from clerestory.kernel.errors import NotFound


async def embedded(asked: Asked, campaigns: Iterable[int]) -> Mapping[int, CampaignOutline]:
    """{campaign: its outline}, for objects that show their campaigns. One statement for all of them."""
    wanted = sorted(set(campaigns))
    if not wanted:
        return {}
    found = await store.outlines(asked.scope.direct(), wanted)
    return {number: to_outline(campaign) for number, campaign in found}


async def one(asked: Asked, uuid: UUID) -> CampaignBody:
    """One campaign that may be entered, with all its counts. Raises NotFound."""
    found = await store.one_campaign(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    sponsors = await members.embedded(asked, [] if found.sponsor is None else [found.sponsor])
    return to_campaign(found, sponsors.get(found.sponsor or 0), counted=True)


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page, *, counted: bool) -> CampaignList:
    """A page of the campaigns that are wanted and may be entered."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    sponsors = await members.embedded(asked, [one.sponsor for one in found if one.sponsor is not None])
    bodies = [to_campaign(one, sponsors.get(one.sponsor or 0), counted=counted) for one in found]
    return CampaignList(bodies, page.stats(total))
