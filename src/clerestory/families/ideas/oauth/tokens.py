"""What an access token is worth: which tenant, app and person. Remembered for seconds, forgotten at once when told so.

A request with a known token asks the database nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.oauth import store
from clerestory.families.ideas.problems import Outlived
from clerestory.kernel.errors import Expired
from clerestory.platform.database import Database, Listener, Runner, notify
from clerestory.platform.tenancy import Tenant
from clerestory.platform.tenancy.registry import Memory, Registry
from clerestory.platform.tokens.gate import served
from clerestory.platform.tokens.vault import digest

TOPIC = "ideas-token"


@dataclass(frozen=True, slots=True)
class Held:
    """A good access token. `person` None: the system itself. `per_hour` None: as the organisation has it."""

    tenant: int
    app: int
    person: int | None
    admin: bool
    per_hour: int | None
    expires: datetime


class Tokens:
    """Verifies access tokens. A part of the process."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database = database
        self._registry = registry
        self._memory: Memory[Held] = Memory()

    def heed(self, listener: Listener) -> "Tokens":
        """Forgets tokens whenever any process says that some were revoked; hands itself back."""
        listener.on(TOPIC, self._memory.forget)
        return self

    async def verify(self, text: str, now: datetime) -> tuple[Tenant, Held]:
        """Whose the token is. Raises Expired, Outlived, or what the tenant's state deserves."""
        key = digest(text)
        held = self._memory.get(key)
        if held is None:
            moment = self._memory.moment
            held = self._memory.put(key, await self._read(key, now), moment)
        if held.expires <= now:
            raise Outlived("The access token provided has expired")
        return served(await self._registry.by_id(held.tenant)), held

    async def _read(self, key: bytes, now: datetime) -> Held:
        token = await store.token(self._database.direct(), key)
        if token is None or token.use != "access":
            raise Expired
        if token.expires <= now:
            raise Outlived("The access token provided has expired")
        tenant = served(await self._registry.by_id(token.tenant))
        direct = self._database.direct(tenant.schema)
        per_hour = await store.per_hour(direct, token.app)
        admin = True if token.person is None else await store.administers(direct, token.person)
        if per_hour == -1 or admin is None:
            raise Expired
        return Held(token.tenant, token.app, token.person, admin, per_hour, token.expires)


async def revoke_chain(runner: Runner, chain: UUID) -> None:
    """Ends a sign-in with all its tokens, in every process at once."""
    if await store.delete_chain(runner, chain):
        await notify(runner, TOPIC, "chain")
