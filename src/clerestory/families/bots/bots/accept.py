"""An invitation to a bot that is accepted: the code and the owner's id are its link. The code stays good for others."""

import hmac
from uuid import UUID

from clerestory.families.bots.access import check
from clerestory.families.bots.access.model import looked_up
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.bots import store
from clerestory.families.bots.bots.store import Invitation
from clerestory.families.bots.customers.store import shown_customer
from clerestory.families.bots.model import NotAdmin, WrongInvitation, refused
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Scope


async def accept(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The caller's customer, on the bot's list from now on.

    Raises UnknownCustomer for a caller without one, WrongInvitation, NotAdmin when the customerId is nobody on the
    list, and Invalid when it is one there who does not own the bot. Source: dialects/bots.md, Invitations.
    """
    caller = await check.caller(scope, identity, None)
    owner = asked.word("customerId")
    if owner is None:
        raise refused("The owner's customerId is missing.", "customerId")
    async with scope.begin() as tx:
        invitation = await _invitation(tx, asked.path["botId"])
        await _require_owner(tx, invitation, owner)
        if not _is_right(invitation, scope.part(Seals), asked.attributes().get("inviteCode")):
            raise WrongInvitation
        await store.insert_admin(tx, invitation.bot, caller.id, scope.now)
        return scope.part(Seals).shown(await shown_customer(tx, caller.id))


async def _invitation(tx: Tx, bot: str) -> Invitation:
    known = looked_up(bot)
    found = None if known is None else await store.invitation(tx, UUID(known))
    if found is None:
        raise WrongInvitation
    return found


async def _require_owner(tx: Tx, invitation: Invitation, owner: str) -> None:
    known = looked_up(owner)
    if known is None or not await store.is_admin(tx, invitation.bot, UUID(known)):
        raise NotAdmin
    if UUID(known) != invitation.owner:
        raise refused("The customerId is not the owner's.", "customerId")


def _is_right(invitation: Invitation, seals: Seals, given: object) -> bool:
    code = seals.opened(invitation.code)
    if not isinstance(code, str) or not isinstance(given, str):
        return False
    return hmac.compare_digest(code.encode(), given.encode("utf-8", "surrogatepass"))
