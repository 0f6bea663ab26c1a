"""Has somebody come back for work that was written down, should this process die before it has done it.

One sweep covers what is written down in the seconds after its deferral too (decision 0015).
"""

from datetime import timedelta

from clerestory.platform.database import Tx
from clerestory.platform.jobs.task import defer
from clerestory.platform.tenancy.registry import Memory


class Sweeps:
    """Defers one task for this process's tenants. A family has a class of its own of it among the process's parts."""

    def __init__(self, task: str, after: timedelta, covered: timedelta) -> None:
        self._task = task
        self._after = after
        self._deferred: Memory[bool] = Memory(covered)

    async def defer(self, tx: Tx, tenant: int) -> bool:
        """Has the tenant swept, unless that is under way. When True, say `deferred` once the transaction is over."""
        if self._deferred.get(tenant):
            return False
        await defer(tx, self._task, {}, tenant=tenant, after=self._after)
        return True

    def deferred(self, tenant: int) -> None:
        """A sweep of this tenant stands in the queue for good."""
        self._deferred.put(tenant, True, self._deferred.moment)
