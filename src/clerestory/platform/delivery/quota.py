"""How much one tenant may send at the operator's cost in a day. A tenant's own transports are its own business."""

from datetime import timedelta

from clerestory.kernel.channels import Code
from clerestory.kernel.errors import RateLimited
from clerestory.platform.delivery.outcome import Outcome
from clerestory.platform.limits import Bound, Limits
from clerestory.platform.tenancy import Scope

_DAY = timedelta(days=1)


class Quota:
    """Counts messages over the operator's own transports, a mail once for each address; 0: as many as one likes."""

    def __init__(self, limits: Limits, most: int) -> None:
        self.most = most
        self._limits = limits
        # Exact: what a process leased and lost would count as sent, and a call to a provider costs far more.
        self._bound = Bound("shared transports", most, _DAY, exact=True)

    async def refusal(self, scope: Scope, addresses: int) -> Outcome | None:
        """Why this message may not go to so many addresses today; None when it may, and then it is counted."""
        if not self.most:
            return None
        subject = str(scope.tenant.id)
        for counted in range(addresses):
            try:
                await self._limits.count(self._bound, subject, scope.now)
            except RateLimited as limited:
                for _ in range(counted):
                    await self._limits.give_back(self._bound, subject)
                anew = f"{scope.now + limited.retry_after:%Y-%m-%d %H:%M} UTC"
                note = f"The operator's limit of {self.most} messages a day is used up. It begins anew at {anew}"
                return Outcome(Code.PROVIDER_RATE_LIMITED, note)
        return None
