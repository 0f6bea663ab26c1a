"""status: LIST."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.statuses import look, store
from clerestory.families.ideas.statuses.wire import StatusesQuery, StatusList
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def list_statuses(asked: Asked) -> StatusList:
    parameters = asked.parameters
    counted = "idea_count" in parameters.wanted(("idea_count",))
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, parameters.sought("campaign_id"), order, page_of(parameters), counted=counted)


ROUTES = (
    Route(
        "GET",
        "/api3/status",
        api(list_statuses),
        Access.NAMED,
        "Statuses",
        response=StatusList,
        query=StatusesQuery,
        problems=(Invalid, Unauthenticated, NotFound),
    ),
)
