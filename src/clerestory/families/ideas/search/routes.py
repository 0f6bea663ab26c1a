"""search: GET."""

from clerestory.families.ideas.calling import Asked, api
from clerestory.families.ideas.conventions.listing import page_of
from clerestory.families.ideas.search import look
from clerestory.families.ideas.search.model import Found, read_type
from clerestory.families.ideas.search.wire import SearchAnswer, SearchQuery
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound, Unauthenticated
from clerestory.platform.http import Access, Route


async def get_search(asked: Asked) -> SearchAnswer:
    parameters = asked.parameters
    query, text = parameters.required("query"), (parameters.text("type") or "").strip()
    wanted = read_type(text)
    if text and wanted is None:
        known = ", ".join(one.lower() for one in Found)
        raise Invalid(Fault("type", Kind.INVALID, f"type must be one of {known}"))
    types = list(Found) if wanted is None else [wanted]
    return await look.found(asked, query, types, page_of(parameters))


ROUTES = (
    Route(
        "GET",
        "/api3/search",
        api(get_search),
        Access.NAMED,
        "Finds campaigns, ideas, comments and members",
        response=SearchAnswer,
        query=SearchQuery,
        problems=(Invalid, Unauthenticated, NotFound),
    ),
)
