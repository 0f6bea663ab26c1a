"""Events looked at: one, and a list. Members of a page are read in one statement."""

from collections.abc import Sequence
from uuid import UUID

from clerestory.families.ideas.activity import store
from clerestory.families.ideas.activity.model import Activity, Wanted
from clerestory.families.ideas.activity.wire import ActivityBody, ActivityList, to_activity
from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.members.look import embedded
from clerestory.families.ideas.members.wire import concealed
from clerestory.families.ideas.rights.filters import Named, require_seen
from clerestory.kernel.errors import NotFound


async def one(asked: Asked, uuid: UUID) -> ActivityBody:
    """One event that is seen. Raises NotFound."""
    found = await store.one_activity(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    [body] = await _bodies(asked, [found])
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page) -> ActivityList:
    """A page of the events that are wanted and seen. Raises NotFound for a filter by what is not seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    if not total:
        await require_seen(runner, asked.viewer, Named(wanted.campaign, wanted.idea, wanted.member))
    return ActivityList(await _bodies(asked, found), page.stats(total))


async def _bodies(asked: Asked, found: Sequence[Activity]) -> list[ActivityBody]:
    shown = [one.person for one in found if one.person is not None and not one.concealed]
    people = await embedded(asked, shown)
    return [
        to_activity(one, concealed() if one.concealed or one.person is None else people[one.person]) for one in found
    ]
