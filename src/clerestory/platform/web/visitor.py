"""Who looks at a page: the browser's session, its tenant in whatever state, and the key for the dropdown.

Unlike the gate, it also knows visitors whose tenant is still being set up.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from starlette.requests import Request

from clerestory.kernel.clock import Clock
from clerestory.platform.database import Database
from clerestory.platform.tenancy import State, Tenant
from clerestory.platform.tenancy.registry import Registry
from clerestory.platform.tokens import Vault, keys, sessions, store
from clerestory.platform.tokens.vault import digest

SESSION_COOKIE = sessions.COOKIE


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person, as the layout shows one. `key` is there for administrators only."""

    tenant: Tenant
    person_uuid: UUID
    csrf: str
    administrator: bool
    key: str | None = field(default=None, repr=False)
    key_id: int | None = None

    @property
    def ready(self) -> bool:
        """Whether the tenant is served yet."""
        return self.tenant.state is State.READY


@dataclass(frozen=True, slots=True)
class Visitors:
    """Finds the visitor of a request."""

    database: Database
    registry: Registry
    vault: Vault
    clock: Clock

    async def of(self, request: Request) -> Visitor | None:
        """The signed-in visitor, or None."""
        cookie = request.cookies.get(SESSION_COOKIE)
        if not cookie:
            return None
        session = await store.session_by_digest(self.database.direct(), digest(cookie), self.clock())
        tenant = None if session is None else await self.registry.by_id(session.tenant)
        if session is None or tenant is None or tenant.state is State.SUSPENDED:
            return None
        if tenant.state is not State.READY:
            # The schema may not stand yet, so nobody can be looked up in it; only the registrant has such a session.
            return await self._with_key(Visitor(tenant, session.person_uuid, session.csrf, administrator=True))
        person = await store.active_person(self.database.direct(tenant.schema), session.person_uuid)
        if person is None:
            return None
        visitor = Visitor(tenant, session.person_uuid, session.csrf, administrator=person.administrator)
        return await self._with_key(visitor) if person.administrator else visitor

    async def _with_key(self, visitor: Visitor) -> Visitor:
        key = await keys.current(self.database.direct(), self.vault, visitor.tenant.id, self.clock())
        return visitor if key is None else replace(visitor, key=key.text, key_id=key.id)
