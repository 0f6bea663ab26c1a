"""POST /v1/bots: a new bot of the caller, the first on its list."""

import secrets

from clerestory.families.bots.access import check
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.bots import store
from clerestory.families.bots.bots.model import newborn
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Scope


async def create(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The whole new bot. Of the body only the customerId is looked at. Raises UnknownCustomer, OthersCustomer."""
    check.require_writable(scope)
    caller = await check.caller(scope, identity, asked.word("customerId"))
    async with scope.begin() as tx:
        made = await add_bot(scope, tx, caller.id)
        return scope.part(Seals).shown(await store.shown_bot(tx, made))


async def add_bot(scope: Scope, tx: Tx, owner: int) -> int:
    """A new bot of this customer, which can be reached from outside; its number."""
    attributes = scope.part(Seals).stored(newborn(new_code()))
    made = await store.insert_bot(tx, owner, attributes, scope.now)
    await store.insert_admin(tx, made.id, owner, scope.now)
    await store.insert_address(tx, made.uuid, scope.tenant.id)
    return made.id


def new_code() -> str:
    """An invitation's code: 72 bits as 12 URL-safe characters."""
    return secrets.token_urlsafe(9)
