"""tag: LIST."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import order_of, page_of
from clerestory.families.ideas.tags import look, store
from clerestory.families.ideas.tags.model import Wanted
from clerestory.families.ideas.tags.wire import TagList, TagsQuery
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def list_tags(asked: Asked) -> TagList:
    parameters = asked.parameters
    wanted = Wanted(idea=parameters.sought("idea_id"), member=parameters.sought("member_id"))
    order = order_of(parameters, store.SORTABLE, store.DEFAULT_ORDER, store.TIE)
    return await look.listed(asked, wanted, order, page_of(parameters))


ROUTES = (
    Route(
        "GET",
        "/api3/tag",
        api(list_tags),
        Access.NAMED,
        "Tags",
        response=TagList,
        query=TagsQuery,
        problems=(Invalid, Unauthenticated, NotFound),
    ),
)
