"""Campaigns: all that may be entered, and one with its ideas, filtered and searched, or as a roadmap by status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.campaigns import look
from clerestory.families.ideas.campaigns import model as campaigns
from clerestory.families.ideas.campaigns import store as campaign_store
from clerestory.families.ideas.campaigns.enter import enter
from clerestory.families.ideas.campaigns.wire import CampaignBody
from clerestory.families.ideas.categories import store as categories
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.follow.model import Followed, Of
from clerestory.families.ideas.follow.store import follows
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground import store as grounds
from clerestory.families.ideas.ground.model import Ground
from clerestory.families.ideas.ideas import look as ideas
from clerestory.families.ideas.ideas import store as idea_store
from clerestory.families.ideas.ideas.model import Wanted
from clerestory.families.ideas.ideas.wire import IdeaList
from clerestory.families.ideas.portal import store
from clerestory.families.ideas.portal.draw import campaign_path, draw
from clerestory.families.ideas.rights.model import Role
from clerestory.families.ideas.search.model import read_query
from clerestory.families.ideas.statuses import store as statuses
from clerestory.kernel.errors import NotFound, Problem
from clerestory.platform.web import asked as address

SIZE = 20
MOST = 1000
BEST = "s.score DESC, i.id DESC"
_SHOWN = frozenset({"promote_count", "demote_count", "tags"})
_ON_ROADMAP = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A campaign that is looked at, with its rules and what the one who looks is there."""

    body: CampaignBody
    ground: Ground
    role: Role
    open: bool
    may_submit: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a campaign's ideas is wanted, as the address says; what cannot be read asks for nothing."""

    tab: str
    category: UUID | None
    status: UUID | None
    text: str | None
    tag: str | None
    number: int
    asked: Mapping[str, object] = field(default_factory=dict)

    @property
    def filtered(self) -> bool:
        """Whether less than all is wanted."""
        return bool(self.category or self.status or self.text or self.tag)


async def get_campaigns(asked: Asked, request: Request) -> Response:
    """The campaigns that may be entered, the newest first."""
    text, number = address.text(request, "q"), address.page(request)
    wanted = campaigns.Wanted(name=text)
    found = await look.listed(asked, wanted, campaign_store.DEFAULT_ORDER, Page(number, SIZE), counted=True)
    pager = address.pager(request.url.path, {"q": text}, number, found.stats.total, SIZE)
    return await draw(asked, request, "campaigns.html", {"campaigns": found.campaign_list, "text": text, **pager})


async def get_campaign(asked: Asked, request: Request) -> Response:
    """One campaign with a page of its ideas."""
    place = await place_of(asked)
    wanted = _filter(request)
    found = await _found(asked, place, wanted)
    uuids = [UUID(idea.id) for idea in found.idea_list]
    runner, campaign, person = asked.scope.direct(), UUID(place.body.id), asked.viewer.person
    await _enter(asked, place.ground)
    path = campaign_path(place.body.id)
    values = {
        "place": place,
        "wanted": wanted,
        "ideas": found.idea_list,
        "mine": await store.votes(runner, person, uuids),
        "categories": await categories.page(runner, asked.viewer, campaign, (MOST, 0)),
        "statuses": await statuses.page(runner, asked.viewer, campaign, statuses.DEFAULT_ORDER, (MOST, 0)),
        "follows": person is not None and await follows(runner, Followed(Of.CAMPAIGN, place.ground.campaign), person),
        "uuid_of": UUID,
        "tabs": {tab: address.address(path, {**wanted.asked, "tab": tab}) for tab in ("best", "recent")},
        **address.pager(path, wanted.asked, wanted.number, found.stats.total, SIZE),
    }
    return await draw(asked, request, "campaign.html", values)


async def get_roadmap(asked: Asked, request: Request) -> Response:
    """The best ideas of a campaign by their status."""
    place = await place_of(asked)
    runner, campaign = asked.scope.direct(), UUID(place.body.id)
    offered = await statuses.page(runner, asked.viewer, campaign, statuses.DEFAULT_ORDER, (MOST, 0))
    placed = await store.placed(runner, asked.viewer, campaign, _ON_ROADMAP)
    found = await idea_store.ideas(runner, asked.viewer, [one.idea for one in placed]) if placed else []
    by_number = {idea.outline.id: idea for idea in found}
    lanes = [(one, [by_number[at.idea] for at in placed if at.status == one.uuid]) for one in offered]
    return await draw(asked, request, "roadmap.html", {"place": place, "lanes": lanes})


async def place_of(asked: Asked) -> Place:
    """The campaign in the path. Raises NotFound where it may not be entered."""
    body = await look.one(asked, asked.uuid)
    ground = await grounds.campaign(asked.scope.direct(), asked.viewer, asked.uuid)
    if ground is None:
        raise NotFound
    try:
        stand.may_submit(asked, ground)
        may_submit = True
    except Problem:
        may_submit = False
    is_open = ground.is_open(asked.scope.now)
    return Place(body, ground, ground.role(asked.viewer), is_open, may_submit and not asked.scope.tenant.public)


async def _found(asked: Asked, place: Place, wanted: Filter) -> IdeaList:
    sought = read_query(wanted.text or "")
    campaign = UUID(place.body.id)
    which = Wanted(
        campaign=campaign,
        category=wanted.category,
        status=wanted.status,
        tag_name=wanted.tag,
        sought=sought.terms if sought.words else None,
    )
    order = BEST if wanted.tab == "best" else idea_store.DEFAULT_ORDER
    return await ideas.listed(asked, which, order, Page(wanted.number, SIZE), _SHOWN)


def _filter(request: Request) -> Filter:
    given = request.query_params
    tab = "recent" if given.get("tab") == "recent" else "best"
    category, status = read_guid(given.get("category", "")), read_guid(given.get("status", ""))
    text, tag = address.text(request, "q"), address.text(request, "tag")
    kept = {"tab": tab if tab == "recent" else None, "category": category, "status": status, "q": text, "tag": tag}
    return Filter(tab, category, status, text, tag, address.page(request), kept)


async def _enter(asked: Asked, ground: Ground) -> None:
    """Who opens a campaign with a log-in has entered it, once; nobody enters public's."""
    person = asked.viewer.person
    if person is None or asked.scope.tenant.public or asked.head:
        return
    if not await store.has_entered(asked.scope.direct(), ground.campaign, person):
        async with asked.scope.begin() as tx:
            await enter(tx, ground.campaign, person)
