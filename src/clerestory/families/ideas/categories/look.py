"""Categories looked at."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.categories import store
from clerestory.families.ideas.categories.wire import CategoryList, to_category
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.rights.filters import Named, require_seen


async def listed(asked: Asked, campaign: UUID | None, page: Page, *, counted: bool) -> CategoryList:
    """A page of the categories of campaigns that may be entered, or of one. Raises NotFound where that may not."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, campaign, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, campaign)
    if not total:
        await require_seen(runner, asked.viewer, Named(campaign=campaign))
    return CategoryList([to_category(one, counted=counted) for one in found], page.stats(total))
