"""category: LIST."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.categories import look
from clerestory.families.ideas.categories.wire import CategoriesQuery, CategoryList
from clerestory.families.ideas.conventions.listing import page_of
from clerestory.kernel.errors import Invalid, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def list_categories(asked: Asked) -> CategoryList:
    parameters = asked.parameters
    counted = "idea_count" in parameters.wanted(("idea_count",))
    return await look.listed(asked, parameters.sought("campaign_id"), page_of(parameters), counted=counted)


ROUTES = (
    Route(
        "GET",
        "/api3/category",
        api(list_categories),
        Access.NAMED,
        "Categories",
        response=CategoryList,
        query=CategoriesQuery,
        problems=(Invalid, Unauthenticated, NotFound),
    ),
)
