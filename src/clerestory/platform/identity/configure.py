"""The verb of an organisation's settings: what is set is read, found to work together, and kept; whoever asks."""

from collections.abc import Mapping

from clerestory.kernel.errors import Invalid
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Catalogue, Organisation
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import Vault


async def configured(scope: Scope) -> Organisation:
    """What the organisation has set."""
    scope.require(Right.ADMINISTER)
    return await organisation.read(scope.direct())


async def configure(scope: Scope, catalogue: Catalogue, body: Mapping[str, object]) -> Organisation:
    """Stores settings by name; null sets one back. What is set then.

    Raises Invalid when one cannot work, or those that a rule takes together; rules that nothing touches are not asked.
    """
    scope.require(Right.ADMINISTER)
    changes = organisation.checked(catalogue, body)
    vault = scope.part(Vault)
    async with scope.begin() as tx:
        await organisation.change(tx, changes, vault.seal, scope.now)
        stored = await organisation.read(tx)
        touched = [rule for rule in catalogue.rules if any(one.name in changes.names for one in rule.settings)]
        faults = [fault for rule in touched for fault in rule.faults(stored, vault.unseal)]
        if faults:
            raise Invalid(*faults)
        return stored
