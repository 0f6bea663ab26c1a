"""From a bot's id in an address outside to its tenant and its number there. Remembered for seconds."""

from dataclasses import dataclass, replace
from uuid import UUID

from clerestory.families.bots.access.model import looked_up
from clerestory.families.bots.chats import address_store
from clerestory.families.bots.chats.address_store import BotRow
from clerestory.kernel.errors import NotFound
from clerestory.platform.tenancy import SYSTEM, Scope, State
from clerestory.platform.tenancy.registry import Memory, Registry


@dataclass(frozen=True, slots=True)
class Place:
    """A bot in its tenant: the scope there, acted in by the system."""

    scope: Scope
    bot: BotRow


class Addresses:
    """Finds bots by their public ids. A part of the process."""

    def __init__(self) -> None:
        self._tenants: Memory[int] = Memory()
        self._bots: Memory[BotRow] = Memory()

    async def find(self, scope: Scope, bot: str) -> Place:
        """The bot of this id: of the tenant that it has an address of, else of the one that the request names.

        Raises NotFound alike for an id that nobody has, and for one of a tenant that is not served.
        """
        known = looked_up(bot)
        if known is None:
            raise NotFound
        uuid = UUID(known)
        # In this order, for a webhook names no tenant, and what is remembered costs nothing.
        elsewhere = await self._elsewhere(scope, uuid)
        for inside in (scope,) if elsewhere is None else (elsewhere, scope):
            found = await self._inside(inside, uuid)
            if found is not None:
                return Place(inside.by(SYSTEM), found)
        raise NotFound

    async def of_page(self, place: Place, page: str) -> BotRow | None:
        """The bot of the same tenant that speaks for this page: one app tells of all its pages at one address."""
        if place.bot.page_id in (page, None):
            return place.bot
        return await address_store.bot_of_page(place.scope.direct(), page)

    async def _elsewhere(self, scope: Scope, bot: UUID) -> Scope | None:
        number = self._tenants.get(bot)
        if number is None:
            moment = self._tenants.moment
            found = await address_store.tenant_of(scope.database.direct(), bot)
            if found is None:
                return None
            number = self._tenants.put(bot, found, moment)
        tenant = await scope.part(Registry).by_id(number)
        if tenant is None or tenant.state is not State.READY:
            return None
        return replace(scope, tenant=tenant)

    async def _inside(self, scope: Scope, bot: UUID) -> BotRow | None:
        key = scope.tenant.id, bot
        known = self._bots.get(key)
        if known is None:
            moment = self._bots.moment
            found = await address_store.bot_of(scope.direct(), bot)
            return None if found is None else self._bots.put(key, found, moment)
        return known
