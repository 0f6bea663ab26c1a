"""Has somebody come back for messages that were planned, should this process die before it has sent them.

One sweep covers what is planned in the seconds after its deferral too (decision 0015).
"""

from clerestory.families.escalation.settings import EscalationSettings
from clerestory.platform import jobs
from clerestory.platform.database import Tx
from clerestory.platform.tenancy.registry import Memory

SWEEP_TASK = "escalation.sweep"


class Sweeps:
    """Defers the sweeps of this process's tenants. A part of the process."""

    def __init__(self, settings: EscalationSettings) -> None:
        self.settings = settings
        self._deferred: Memory[bool] = Memory(settings.covered)

    async def defer(self, tx: Tx, tenant: int) -> bool:
        """Has the tenant swept, unless that is under way. When True, say `deferred` once the transaction is over."""
        if self._deferred.get(tenant):
            return False
        await jobs.defer(tx, SWEEP_TASK, {}, tenant=tenant, after=self.settings.sweep_after)
        return True

    def deferred(self, tenant: int) -> None:
        """A sweep of this tenant stands in the queue for good."""
        self._deferred.put(tenant, True, self._deferred.moment)
