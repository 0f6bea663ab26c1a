"""A report asked for: it is written down and made in the background. The job exists if and only if the report does."""

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.reports import store
from clerestory.families.ideas.reports.look import require_role
from clerestory.families.ideas.reports.model import Order, Type, type_of
from clerestory.families.ideas.rights.model import Case, Deed
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.platform import jobs

MAKE = "ideas.report"
UNKNOWN_TYPE = f"report_type must be one of {', '.join(Type)}"
OF_ALL = "memberdetails is not about one campaign"


async def ask(asked: Asked) -> int:
    """Has the report made that the request names; its number. Raises Invalid, NotFound, Forbidden."""
    await require_role(asked)
    wanted = type_of(asked.parameters.required("report_type"))
    if wanted is None:
        raise Invalid(Fault("report_type", Kind.INVALID, UNKNOWN_TYPE))
    order = Order(wanted, await _campaign(asked, wanted))
    async with asked.scope.begin() as tx:
        number = await store.insert(tx, order, asked.viewer.person, asked.scope.now)
        await jobs.defer(tx, MAKE, {"report": number}, tenant=asked.scope.tenant.id)
    return number


async def _campaign(asked: Asked, wanted: Type) -> int | None:
    """The campaign that is meant; none: all, for administrators of the tenant alone."""
    uuid = asked.parameters.sought("campaign_id")
    if uuid is None:
        asked.viewer.require(Deed.USE_REPORT, Case())
        return None
    if wanted is Type.MEMBERS:
        raise Invalid(Fault("campaign_id", Kind.INVALID, OF_ALL))
    campaign = await store.campaign_administered(asked.scope.direct(), asked.viewer, uuid)
    if campaign is None:
        raise NotFound
    return campaign
