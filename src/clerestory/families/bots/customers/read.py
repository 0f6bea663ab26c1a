"""GET /v1/customers/{id}: one's own customer."""

from clerestory.families.bots.access import check
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.customers import store
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.tenancy import Scope


async def one(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The customer. Raises UnknownCustomer, OthersCustomer."""
    caller = await check.caller(scope, identity, asked.word("customerId"))
    return scope.part(Seals).shown(await store.shown_customer(scope.direct(), caller.id))
