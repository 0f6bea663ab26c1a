"""Moving an idea to another campaign: its category and status become those of the same name there, or those given."""

from dataclasses import dataclass
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.ideas import edit
from clerestory.families.ideas.ideas.form.model import Draft
from clerestory.families.ideas.moderation import store
from clerestory.kernel.errors import Fault, Invalid, Kind

NO_CAMPAIGN = "There is no such campaign."
NO_CATEGORY = "The campaign has no such category."
NO_STATUS = "The campaign has no such status."
WHICH_CATEGORY = "The campaign has no category of this name; say which one the idea is to have."


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to, by the numbers of rows; None: the one of the same name."""

    campaign: int
    category: int | None = None
    status: int | None = None


async def move(asked: Asked, idea: UUID, to: Destination) -> None:
    """Moves the idea. Raises NotFound, Forbidden, Conflict, and Invalid for what the campaign does not have."""
    place = await store.place(asked.scope.direct(), to.campaign, to.category, to.status)
    faults = [
        Fault(name, Kind.INVALID, text)
        for name, wanted, found, text in (
            ("campaign", to.campaign, place.campaign, NO_CAMPAIGN),
            ("category", to.category, place.category, NO_CATEGORY),
            ("status", to.status, place.status, NO_STATUS),
        )
        if wanted is not None and found is None
    ]
    if faults:
        raise Invalid(*faults)
    draft = Draft(campaign=place.campaign, category=place.category, status=place.status)
    try:
        await edit.change(asked, idea, draft)
    except Invalid as invalid:
        # In the words of the form, which has another name for it.
        if [fault.field for fault in invalid.faults] != ["category_id"]:
            raise
        raise Invalid(Fault("category", Kind.MISSING, WHICH_CATEGORY)) from invalid
