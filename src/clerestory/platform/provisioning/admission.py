"""Whether a stranger may sign up now: where registration is open, and so often from one address in an hour.

The operator's own commands do not come this way.
"""

from datetime import datetime, timedelta

from clerestory.kernel.addresses import network
from clerestory.kernel.errors import Forbidden
from clerestory.platform.provisioning.registration import Registered, Registrant, checked, register
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens.attempts import Attempts, Bound

# Each costs a hash of a password and a schema, 1 to 2 MB: sixty are a busy course behind one address.
PER_HOUR = 60


class Admission:
    """Lets strangers sign up. A part of the process."""

    def __init__(self, parts: Parts, *, open_to_all: bool = True, per_hour: int = PER_HOUR) -> None:
        self._parts = parts
        self._open = open_to_all
        self._bound = Bound(per_hour, timedelta(hours=1), "Too many clients were registered from this address.")

    async def sign_up(self, registrant: Registrant, address: str, now: datetime) -> Registered:
        """The new tenant. Raises Forbidden where registration is closed, RateLimited, and as `register`."""
        if not self._open:
            raise Forbidden("Registration is closed on this server.")
        checked(registrant)
        await self._parts.find(Attempts).count(f"registration\0{network(address)}", self._bound, now)
        return await register(self._parts, registrant)
