"""How often a log-in may fail: so often for one account, and so often from one address, in a few minutes.

Every one is asked of PostgreSQL: beside the hash of a password one statement costs nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clerestory.kernel.addresses import network
from clerestory.platform.limits import Bound, Limits


@dataclass(frozen=True, slots=True)
class AttemptSettings:
    """How many failures are borne, and for how long they are remembered."""

    for_account: int = 10
    from_address: int = 100
    window: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whose password is being tried, and from where; `client` tells tenants apart."""

    client: str
    email: str
    address: str


class Attempts:
    """Counts attempts that failed; one that succeeds is taken back."""

    def __init__(self, limits: Limits, settings: AttemptSettings | None = None) -> None:
        settings = settings or AttemptSettings()
        self._limits = limits
        self._account = _bound("login-account", settings.for_account, settings.window)
        self._address = _bound("login-address", settings.from_address, settings.window)

    async def begin(self, attempt: Attempt, now: datetime) -> None:
        """Counts the attempt as failed, before the password is looked at. Raises RateLimited past either bound."""
        # The address first: whoever is past that bound cannot lock anybody out, nor fill the table.
        await self._limits.count(self._address, network(attempt.address), now)
        await self._limits.count(self._account, _account(attempt), now)

    async def succeeded(self, attempt: Attempt) -> None:
        """Forgets what the account failed before, and this attempt's mark on the address."""
        await self._limits.forget(self._account, _account(attempt))
        await self._limits.give_back(self._address, network(attempt.address))


def _bound(name: str, most: int, window: timedelta) -> Bound:
    return Bound(name, most, window, "Too many attempts to log in.", exact=True)


def _account(attempt: Attempt) -> str:
    return f"{attempt.client.lower()}\0{attempt.email.strip().lower()}"
