"""What happened: everywhere, in a campaign or by a member, the newest first."""

from uuid import UUID

from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas.activity import look, store
from clerestory.families.ideas.activity.model import Wanted
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns import look as campaigns
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.members import look as members
from clerestory.families.ideas.portal.call import ROOT
from clerestory.families.ideas.portal.draw import draw
from clerestory.families.ideas.portal.store import codes
from clerestory.platform.web import asked as address

SIZE = 30


async def get_feed(asked: Asked, request: Request) -> Response:
    """A page of events, as the address says; what cannot be read asks for nothing."""
    given = request.query_params
    campaign, member = read_guid(given.get("campaign", "")), read_guid(given.get("member", ""))
    number = address.page(request)
    of = None if campaign is None else await campaigns.one(asked, campaign)
    by = None if member is None else await members.one(asked, member, frozenset())
    wanted = Wanted(campaign=campaign, member=member)
    found = await look.listed(asked, wanted, store.DEFAULT_ORDER, Page(number, SIZE))
    ideas = {event.idea_id: UUID(event.idea_id) for event in found.activity_list if event.idea_id is not UNSET}
    numbers = await codes(asked.scope.direct(), list(ideas.values()))
    values = {
        "events": found.activity_list,
        "codes": {idea: numbers[uuid] for idea, uuid in ideas.items()},
        "of": of,
        "by": by,
        **address.pager(f"{ROOT}activity/", {"campaign": campaign, "member": member}, number, found.stats.total, SIZE),
    }
    return await draw(asked, request, "activity.html", values)
