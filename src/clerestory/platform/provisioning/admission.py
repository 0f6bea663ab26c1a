"""Whether a stranger may sign up now: where registration is open, and so often from one address in an hour.

The operator's own commands do not come this way.
"""

from datetime import datetime, timedelta

from clerestory.kernel.addresses import network
from clerestory.kernel.errors import Forbidden
from clerestory.platform.limits import Bound, Limits
from clerestory.platform.provisioning.registration import Registered, Registrant, checked, register
from clerestory.platform.tenancy import Parts


class Admission:
    """Lets strangers sign up, `per_hour` from one address (0: as many as like). A part of the process."""

    def __init__(self, parts: Parts, *, open_to_all: bool = True, per_hour: int = 0) -> None:
        self._parts = parts
        self._open = open_to_all
        words = "Too many clients were registered from this address."
        self._bound = Bound("registration", per_hour, timedelta(hours=1), words)

    async def sign_up(self, registrant: Registrant, address: str, now: datetime) -> Registered:
        """The new tenant. Raises Forbidden where registration is closed, RateLimited, and as `register`."""
        if not self._open:
            raise Forbidden("Registration is closed on this server.")
        checked(registrant)
        await self._parts.find(Limits).count(self._bound, network(address), now)
        return await register(self._parts, registrant)
