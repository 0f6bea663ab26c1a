"""POST /v1/users: a new chat partner of a bot. The same person twice makes two, as the original does."""

from uuid import uuid4

from clerestory.families.bots.access.check import require_writable, team
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.model import UnknownBot, refused
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.families.bots.users import store
from clerestory.families.bots.users.store import UserKey
from clerestory.platform.tenancy import Scope


async def create(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The new user. Raises NotAdmin, UnknownBot, Invalid when no bot is named or the body nests too far."""
    require_writable(scope)
    made = await team(scope, identity, asked, UnknownBot())
    if asked.deep:
        raise refused("The body nests too far.")
    user = UserKey(made.bot, str(uuid4()))
    seals = scope.part(Seals)
    attributes = seals.stored({name: asked.find(name) for name in ("facebookId", "name")})
    await store.insert_user(scope.direct(), user, attributes, scope.now)
    found = await store.shown_users(scope.direct(), [user])
    return seals.shown(found[user])
