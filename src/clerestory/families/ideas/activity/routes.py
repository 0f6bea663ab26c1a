"""activity: GET one, LIST."""

from clerestory.families.ideas.activity import look, store
from clerestory.families.ideas.activity.model import Wanted
from clerestory.families.ideas.activity.wire import ActivitiesQuery, ActivityAnswer, ActivityList, ActivityQuery
from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_activity(asked: Asked) -> ActivityAnswer:
    return ActivityAnswer(await look.one(asked, asked.uuid))


async def list_activities(asked: Asked) -> ActivityList:
    parameters = asked.parameters
    wanted = Wanted(
        campaign=parameters.sought("campaign_id"),
        member=parameters.sought("member_id"),
        idea=parameters.sought("idea_id"),
        type=(parameters.text("type") or "").strip().upper() or None,
        created=parameters.day("date_created"),
    )
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters))


_ASKED = (Invalid, Unauthenticated, NotFound)

ROUTES = (
    Route(
        "GET",
        "/api3/activity",
        api(list_activities),
        Access.NAMED,
        "What happened",
        response=ActivityList,
        query=ActivitiesQuery,
        problems=_ASKED,
    ),
    Route(
        "GET",
        "/api3/activity/{id}",
        api(get_activity),
        Access.NAMED,
        "One event",
        response=ActivityAnswer,
        query=ActivityQuery,
        problems=_ASKED,
    ),
)
