"""The verb of an organisation's own transports: what is set is read, found to work together, and kept."""

from collections.abc import Mapping

from clerestory.kernel.errors import Invalid
from clerestory.platform.delivery.routing import SETTINGS, Routing
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Catalogue, Organisation
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import Vault

CATALOGUE = Catalogue(SETTINGS)


async def configured(scope: Scope) -> Organisation:
    """What the organisation has set."""
    scope.require(Right.ADMINISTER)
    return await organisation.read(scope.direct())


async def configure(scope: Scope, body: Mapping[str, object]) -> None:
    """Stores settings by name; null sets one back. Raises Invalid when one, or all together, cannot work."""
    scope.require(Right.ADMINISTER)
    changes = organisation.checked(CATALOGUE, body)
    async with scope.begin() as tx:
        await organisation.change(tx, changes, scope.part(Vault).seal, scope.now)
        faults = scope.part(Routing).contradictions(await organisation.read(tx))
        if faults:
            raise Invalid(*faults)
