"""Tags looked at. A count is of all ideas that one may see, whatever the list is filtered by."""

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.families.ideas.tags import store
from clerestory.families.ideas.tags.model import Wanted
from clerestory.families.ideas.tags.wire import TagList, to_tag


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> TagList:
    """A page of the tags of ideas that are seen. Raises NotFound for a filter by what is not."""
    runner, part = asked.scope.direct(), (page.size, page.offset)
    if asked.viewer.admin and wanted == Wanted():
        found, total = await store.page_of_all(runner, order, part), await store.count_all(runner)
    else:
        found = await store.page(runner, asked.viewer, wanted, order, part)
        total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(idea=wanted.idea, member=wanted.member))
    return TagList([to_tag(tag) for tag in found], page.stats(total))
