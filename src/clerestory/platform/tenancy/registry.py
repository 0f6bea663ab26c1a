"""Which tenants there are, looked up by id or schema. Remembered for seconds, and forgotten at once when told so."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Generic, TypeVar

from clerestory.platform.database import PUBLIC, Database, Listener, Runner, Schema
from clerestory.platform.tenancy import store
from clerestory.platform.tenancy.tenant import PUBLIC_TENANT, Tenant, TenantId

V = TypeVar("V")

TOPIC = "tenant"
REMEMBERED = timedelta(seconds=5)


class Memory(Generic[V]):
    """Values by key for a few seconds, bounded; the oldest go first."""

    def __init__(self, life: timedelta = REMEMBERED, bound: int = 10_000) -> None:
        self._life = life.total_seconds()
        self._bound = bound
        self._entries: dict[object, tuple[float, V]] = {}
        # Hand it to `put` with what is read after: if everything is forgotten meanwhile, that may be outdated.
        self.moment = 0

    def get(self, key: object) -> V | None:
        """The value, or None when it is unknown or too old."""
        entry = self._entries.get(key)
        if entry is None or entry[0] < time.monotonic():
            return None
        return entry[1]

    def put(self, key: object, value: V, moment: int) -> V:
        """Remembers the value, unless everything was forgotten since that moment, and hands it back."""
        if moment != self.moment:
            return value
        if len(self._entries) >= self._bound:
            del self._entries[next(iter(self._entries))]
        self._entries.pop(key, None)
        self._entries[key] = (time.monotonic() + self._life, value)
        return value

    def forget(self, _subject: str = "") -> None:
        """Forgets everything: rare, and cheaper than to be wrong."""
        self.moment += 1
        self._entries.clear()


class Registry:
    """The tenants of this installation."""

    def __init__(self, database: Database, listener: Listener) -> None:
        self.database = database
        self._memory: Memory[Tenant] = Memory()
        listener.on(TOPIC, self._memory.forget)

    async def by_id(self, tenant: int) -> Tenant | None:
        """The tenant with this id; 0 is public."""
        if tenant == PUBLIC_TENANT.id:
            return PUBLIC_TENANT
        return await self._find(("id", tenant), lambda tx: store.tenant_by_id(tx, TenantId(tenant)))

    async def by_name(self, name: str) -> Tenant | None:
        """The tenant whose client name or schema this is."""
        if name == PUBLIC:
            return PUBLIC_TENANT
        return await self._find(("name", name), lambda tx: store.tenant_by_name(tx, Schema(name)))

    async def _find(self, key: object, read: Callable[[Runner], Awaitable[Tenant | None]]) -> Tenant | None:
        known = self._memory.get(key)
        if known is not None:
            return known
        moment = self._memory.moment
        found = await read(self.database.direct())
        return None if found is None else self._memory.put(key, found, moment)
