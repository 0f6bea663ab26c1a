"""GET /v1/users and /v1/users/{id}: one user, or those of one status."""

from clerestory.families.bots.access.check import team
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.model import MUTED, UnknownBot
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.families.bots.users import store
from clerestory.families.bots.users.reads import UserReads
from clerestory.families.bots.users.store import UserKey
from clerestory.kernel.values import storable
from clerestory.platform.tenancy import Scope

NOBODY = b"null"


async def one(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The user, or null when the bot has none of this id. Raises NotAdmin, UnknownBot, Invalid."""
    read = await team(scope, identity, asked, UnknownBot())
    key = asked.path["userId"]
    found = await scope.part(UserReads).user(scope, UserKey(read.bot, key)) if storable(key) else None
    return NOBODY if found is None else scope.part(Seals).shown(found)


async def of_status(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The users of one status, the muted ones unless another is asked for. Raises NotAdmin, UnknownBot, Invalid."""
    read = await team(scope, identity, asked, UnknownBot())
    status = asked.word("botStatus") or MUTED
    if not storable(status):
        return b"[]"
    return scope.part(Seals).shown(await store.users_of_status(scope.direct(), read.bot, status))
