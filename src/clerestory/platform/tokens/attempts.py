"""How often a log-in may be tried: so often for one account, and so often from one address, in a few minutes.

Counted in PostgreSQL, for all processes: beside the hash of a password one statement costs nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clerestory.kernel.errors import RateLimited
from clerestory.platform.database import Database
from clerestory.platform.tokens import store
from clerestory.platform.tokens.vault import digest


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

    def __init__(self, database: Database, settings: AttemptSettings | None = None) -> None:
        self._database = database
        self._settings = settings or AttemptSettings()

    async def begin(self, attempt: Attempt, now: datetime) -> None:
        """Counts the attempt as failed, before the password is looked at. Raises RateLimited past either bound."""
        since = now - self._settings.window
        for subject, most in self._bounds(attempt).items():
            row = await store.count_attempt(self._database.direct(), subject, now, since)
            if row.failures > most:
                raise RateLimited(row.since + self._settings.window - now, "Too many attempts to log in.")

    async def succeeded(self, attempt: Attempt) -> None:
        """Forgets what the account failed before, and this attempt's mark on the address."""
        account, address = self._bounds(attempt)
        await store.forgive_attempts(self._database.direct(), account, address)

    def _bounds(self, attempt: Attempt) -> dict[bytes, int]:
        account = f"account\0{attempt.client.lower()}\0{attempt.email.strip().lower()}"
        return {
            digest(account): self._settings.for_account,
            digest(f"address\0{attempt.address}"): self._settings.from_address,
        }
