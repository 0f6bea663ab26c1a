"""PUT /v1/customers/{id}: attributes of one's own customer. What the server made of it cannot be written."""

from clerestory.families.bots.access import check
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.customers import store
from clerestory.families.bots.model import refused
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.tenancy import Scope

# The original lets them be forged, and with them whose record somebody else's first sign-in finds.
_NEVER_WRITTEN = ("facebookId", "bots")


async def change(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The whole customer after the change. Raises UnknownCustomer, OthersCustomer, Invalid."""
    check.require_writable(scope)
    caller = await check.caller(scope, identity, asked.word("customerId"))
    attributes = asked.attributes()
    if "id" in attributes:
        raise refused("The id cannot be changed.", "id")
    attributes = {name: value for name, value in attributes.items() if name not in _NEVER_WRITTEN}
    if not attributes:
        raise refused("There is nothing to change.")
    seals = scope.part(Seals)
    async with scope.begin() as tx:
        await store.change_customer(tx, caller.id, seals.stored(attributes), scope.now)
        return seals.shown(await store.shown_customer(tx, caller.id))
