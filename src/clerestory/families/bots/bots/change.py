"""PUT /v1/bots/{id}: attributes of a bot, a new invitation code, or an invitation that is accepted."""

from uuid import UUID

from clerestory.families.bots.access import check
from clerestory.families.bots.access.model import administered, looked_up
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.bots import store
from clerestory.families.bots.bots.accept import accept
from clerestory.families.bots.bots.create import new_code
from clerestory.families.bots.bots.model import NEW, Form, form_of, written
from clerestory.families.bots.customers.store import shown_customer
from clerestory.families.bots.model import NotAdmin, UnknownBot, refused
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.tenancy import Scope


async def change(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The bot after the change, or the caller's customer. Raises UnknownBot, NotAdmin, WrongInvitation, Invalid."""
    check.require_writable(scope)
    body = asked.attributes()
    form = form_of(body)
    if form is Form.ACCEPT:
        return await accept(scope, identity, asked)
    caller, access = await check.access(scope, identity, asked)
    owner = body.get("ownerId")
    # With an owner the original looks for the bot on a list that it is not on; without, for the bot itself.
    bot = administered(access, NotAdmin() if owner else UnknownBot())
    if owner:
        await _require_admin(scope, bot, owner)
    attributes = written(body, new_code() if body.get("inviteCode") == NEW else None)
    if not attributes:
        raise refused("There is nothing to change.")
    seals = scope.part(Seals)
    async with scope.begin() as tx:
        await store.change_bot(tx, bot, seals.stored(attributes), scope.now)
        if form is Form.FOR_CUSTOMER:
            return seals.shown(await shown_customer(tx, caller.id))
        return seals.shown(await store.shown_bot(tx, bot))


async def _require_admin(scope: Scope, bot: int, owner: object) -> None:
    known = looked_up(owner) if isinstance(owner, str) else None
    if known is None or not await store.is_admin(scope.direct(), bot, UUID(known)):
        raise NotAdmin
