"""Who an organisation is, as its key shows it: name, account representative, owner."""

from dataclasses import dataclass

from clerestory.families.escalation.members.store import person_in_charge
from clerestory.families.escalation.policy import Policy
from clerestory.kernel.errors import Absent
from clerestory.platform.tenancy import Right, Scope


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation; `owner` and `representative` are people's ids."""

    name: str
    owner: int
    representative: int


async def profile(scope: Scope, policy: Policy) -> Profile:
    """The organisation of the scope. Raises Absent while it has nobody in charge, or its representative is gone.

    Without a representative of its own the owner is shown: nobody else stands between it and this server.
    """
    scope.require(Right.READ)
    owner = await person_in_charge(scope.direct(), policy.owner)
    if owner is None:
        raise Absent("The organisation has no owner.")
    representative = owner
    if policy.representative is not None:
        found = await person_in_charge(scope.direct(), policy.representative)
        if found != policy.representative:
            raise Absent("The organisation's account representative is not among its people.")
        representative = policy.representative
    return Profile(policy.name or scope.tenant.client, owner, representative)
