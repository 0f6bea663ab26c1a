"""campaign: GET one, LIST."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.campaigns import look, store
from clerestory.families.ideas.campaigns.model import Wanted
from clerestory.families.ideas.campaigns.wire import (
    WITH,
    CampaignAnswer,
    CampaignList,
    CampaignQuery,
    CampaignsQuery,
)
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_campaign(asked: Asked) -> CampaignAnswer:
    return CampaignAnswer(await look.one(asked, asked.uuid))


async def list_campaigns(asked: Asked) -> CampaignList:
    parameters = asked.parameters
    created = parameters.day("date_created")
    wanted = Wanted(
        name=parameters.text("name") or None,
        status=parameters.text("status") or None,
        created_from=created[0] if created else None,
        created_until=created[1] if created else None,
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters), counted=bool(parameters.wanted(WITH)))


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/campaign",
        api(list_campaigns),
        Access.NAMED,
        "Campaigns",
        response=CampaignList,
        query=CampaignsQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/campaign/{id}",
        api(get_campaign),
        Access.NAMED,
        "One campaign, with its counts",
        response=CampaignAnswer,
        query=CampaignQuery,
        problems=_ASKED,
    ),
)
