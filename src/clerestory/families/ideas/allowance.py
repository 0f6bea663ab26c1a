"""How many requests an hour each requester may make: counted for all processes, by app and member, or by address."""

from datetime import datetime, timedelta

from clerestory.families.ideas.problems import OverLimit
from clerestory.families.ideas.settings import PER_HOUR
from clerestory.kernel.errors import RateLimited
from clerestory.platform.database import Database
from clerestory.platform.identity import organisation
from clerestory.platform.limits import Bound, Limits
from clerestory.platform.tenancy import Tenant
from clerestory.platform.tenancy.registry import Memory

_HOUR = timedelta(hours=1)


class Allowance:
    """Counts requests. A part of the process. A change of the setting holds after seconds."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits
        self._memory: Memory[int] = Memory()

    async def count(self, tenant: Tenant, subject: str, per_hour: int | None, now: datetime) -> int:
        """Counts one request; how many of an hour there may be (0: any number). Raises OverLimit past them."""
        most = await self._most(tenant) if per_hour is None else per_hour
        # A bound has its number in its name: a raised limit holds at once, and not after the window.
        bound = Bound(f"ideas-requests-{most}", most, _HOUR)
        try:
            await self._limits.count(bound, f"{tenant.id} {subject}", now)
        except RateLimited as problem:
            raise OverLimit(problem.retry_after, most, now) from problem
        return most

    async def _most(self, tenant: Tenant) -> int:
        known = self._memory.get(tenant.id)
        if known is not None:
            return known
        moment = self._memory.moment
        settings = await organisation.read(self._database.direct(tenant.schema, read_only=tenant.public))
        return self._memory.put(tenant.id, settings.of(PER_HOUR), moment)
