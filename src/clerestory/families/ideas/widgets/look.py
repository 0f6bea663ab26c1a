"""The form of a campaign, for those who may submit an idea there."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.categories import store as categories
from clerestory.families.ideas.ground import stand
from clerestory.families.ideas.ground import store as ground
from clerestory.families.ideas.problems import Hidden, Worded
from clerestory.families.ideas.rights.model import Role
from clerestory.families.ideas.widgets import store
from clerestory.families.ideas.widgets.model import Question, fixed
from clerestory.kernel.errors import Forbidden, NotFound

NOT_AUTHORIZED = "You are not authorized to view this widget"
BAD_GUID = "Invalid GUID"
NO_WIDGET = "Invalid ID or you don't have access to this widget"

# More than any form offers.
_MOST = 1000


async def questions(asked: Asked, campaign: UUID) -> list[Question]:
    """What the campaign's form asks. Raises Unauthenticated, Worded where it may not be entered, Hidden where one may
    not submit now."""
    runner = asked.scope.direct()
    found = await ground.campaign(runner, asked.viewer, campaign)
    if found is None:
        raise Worded(NO_WIDGET)
    try:
        stand.may_submit(asked, found)
    except NotFound as problem:
        raise Worded(NO_WIDGET) from problem
    except Forbidden as problem:
        raise Hidden(NOT_AUTHORIZED) from problem
    administers = found.role(asked.viewer) is Role.ADMIN
    offered = await categories.page(runner, asked.viewer, campaign, (_MOST, 0))
    form = await store.form(runner, found.campaign)
    return [*fixed(form, offered), *await store.questions(runner, found.campaign, administers=administers)]
