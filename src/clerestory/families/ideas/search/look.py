"""Search: a page of what the one who asks may see."""

from collections.abc import Collection

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.search import store
from clerestory.families.ideas.search.model import Found, read_query
from clerestory.families.ideas.search.wire import SearchAnswer, to_hit


async def found(asked: Asked, query: str, types: Collection[Found], page: Page) -> SearchAnswer:
    """A page of what has all of the query."""
    runner, sought = asked.scope.direct(), read_query(query)
    hits = await store.find(runner, asked.viewer, sought, types, (page.size, page.offset))
    total = hits[0].total if hits else 0
    if not hits and page.offset:
        # Past the end nothing says how many there are.
        first = await store.find(runner, asked.viewer, sought, types, (1, 0))
        total = first[0].total if first else 0
    return SearchAnswer([to_hit(hit) for hit in hits], page.stats(total))
