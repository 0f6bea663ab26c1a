"""Statuses looked at."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.families.ideas.statuses import store
from clerestory.families.ideas.statuses.wire import StatusList, to_status


async def listed(asked: Asked, campaign: UUID | None, order: str, page: Page, *, counted: bool) -> StatusList:
    """A page of the statuses of campaigns that may be entered, or of one. Raises NotFound where that may not."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, campaign, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, campaign)
    if not total:
        await require_seen(runner, asked.viewer, Named(campaign=campaign))
    return StatusList([to_status(one, counted=counted) for one in found], page.stats(total))
