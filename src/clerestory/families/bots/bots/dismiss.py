"""DELETE /v1/bots/{id}/admins/{customerId}: an admin taken off a bot's list. Ours: the original has no such thing."""

from uuid import UUID

from clerestory.families.bots.access import check
from clerestory.families.bots.access.model import Who, administered, caller_of, looked_up
from clerestory.families.bots.access.reads import Reads
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.bots import store
from clerestory.families.bots.model import NotAdmin, UnknownBot, UnknownCustomer, refused
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.tenancy import Scope


async def dismiss(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The bot without that admin. The owner dismisses anybody but itself, everybody else only itself.

    Raises UnknownBot, NotAdmin, UnknownCustomer for nobody on the list, Invalid for the owner.
    """
    check.require_writable(scope)
    who = Who(identity.facebook_id, None, asked.path["botId"])
    access = await scope.part(Reads).bot(scope, who)
    caller, bot = caller_of(who, access), administered(access, UnknownBot())
    known = looked_up(asked.path["customerId"])
    if known is None or not await store.is_admin(scope.direct(), bot, UUID(known)):
        raise UnknownCustomer
    async with scope.begin() as tx:
        owner = await store.owner_of(tx, bot)
        if UUID(known) == owner:
            raise refused("The owner of a bot stays on its list.", "customerId")
        if UUID(caller.uuid) not in (owner, UUID(known)):
            raise NotAdmin("Only the owner of a bot dismisses another admin.")
        await store.delete_admin(tx, bot, UUID(known))
        return scope.part(Seals).shown(await store.shown_bot(tx, bot))
