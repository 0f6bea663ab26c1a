"""GET /v1/bots/{id}: a bot that the caller administers, its secrets included."""

from clerestory.families.bots import wire
from clerestory.families.bots.access.model import Who, caller_of
from clerestory.families.bots.access.reads import Reads
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.model import NotAdmin
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.tenancy import Scope


async def one(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The bot; one that is not there reads as an empty list. Raises UnknownCustomer, OthersCustomer, NotAdmin."""
    who = Who(identity.facebook_id, asked.word("customerId"), asked.word("botId"))
    access = await scope.part(Reads).bot(scope, who)
    caller_of(who, access)
    if access.bot is None:
        return wire.NO_BOT
    if access.shown is None:
        raise NotAdmin
    return scope.part(Seals).shown(access.shown)
