"""POST /v1/customers: the caller's customer, made at the first call with a first bot; one for each Facebook id."""

from clerestory.families.bots.access.check import require_writable
from clerestory.families.bots.access.model import Who, caller_of
from clerestory.families.bots.access.reads import Reads
from clerestory.families.bots.bots.create import add_bot
from clerestory.families.bots.customers import store
from clerestory.families.bots.customers.store import NewCustomer
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.kernel.errors import Invalid
from clerestory.kernel.values import Type, Value, read
from clerestory.platform.database import Tx
from clerestory.platform.identity import people
from clerestory.platform.tenancy import Scope

_EMAIL = Value("email", Type.EMAIL, longest=254)


async def join(scope: Scope, identity: Identity) -> bytes:
    """The customer as it is stored, whether it is new or not. Name and e-mail are Facebook's at the first call."""
    require_writable(scope)
    seals = scope.part(Seals)
    who = Who(identity.facebook_id)
    access = await scope.part(Reads).access(scope, who)
    if access.caller_id is not None:
        return seals.shown(await store.shown_customer(scope.direct(), caller_of(who, access).id))
    async with scope.begin() as tx:
        return seals.shown(await store.shown_customer(tx, await _joined(scope, tx, identity)))


async def _joined(scope: Scope, tx: Tx, identity: Identity) -> int:
    attributes: dict[str, object] = {"name": identity.name}
    if identity.email is not None:
        attributes["email"] = identity.email
    person = await _person(scope, tx, identity)
    customer = NewCustomer(identity.facebook_id, person, scope.part(Seals).stored(attributes))
    made = await store.insert_customer(tx, customer, scope.now)
    if made is None:
        # Somebody was first; its transaction is over, for the statement has waited for it.
        found = await store.customer_of_facebook(tx, identity.facebook_id)
        return found or await _joined(scope, tx, identity)
    await add_bot(scope, tx, made)
    return made


async def _person(scope: Scope, tx: Tx, identity: Identity) -> int | None:
    try:
        email = str(read(_EMAIL, identity.email))
    except Invalid:
        return None
    first, _, last = (identity.name or "").partition(" ")
    return await people.meet(tx, email, (first[:150], last[:150]), scope.now)
