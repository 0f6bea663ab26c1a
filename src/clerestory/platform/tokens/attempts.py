"""How often what costs or guesses may be tried: a log-in for one account and from one address, a registration.

Counted in PostgreSQL, for all processes: beside the hash of a password one statement costs nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clerestory.kernel.addresses import network
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


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many times in a window, which is an hour at most; `words` are for who goes past it."""

    most: int
    window: timedelta
    words: str


class Attempts:
    """Counts attempts that failed; one that succeeds is taken back."""

    def __init__(self, database: Database, settings: AttemptSettings | None = None) -> None:
        self._database = database
        self._settings = settings or AttemptSettings()

    async def begin(self, attempt: Attempt, now: datetime) -> None:
        """Counts the attempt as failed, before the password is looked at. Raises RateLimited past either bound."""
        # The address first: whoever is past that bound cannot lock anybody out, nor fill the table.
        await self.count(_address(attempt), self._bound(self._settings.from_address), now)
        await self.count(_account(attempt), self._bound(self._settings.for_account), now)

    async def count(self, subject: str, bound: Bound, now: datetime) -> None:
        """Counts one more of this subject. Raises RateLimited past the bound."""
        row = await store.count_attempt(self._database.direct(), digest(subject), now, now - bound.window)
        if row.failures > bound.most:
            raise RateLimited(row.since + bound.window - now, bound.words)

    async def succeeded(self, attempt: Attempt) -> None:
        """Forgets what the account failed before, and this attempt's mark on the address."""
        account, address = digest(_account(attempt)), digest(_address(attempt))
        await store.forgive_attempts(self._database.direct(), account, address)

    def _bound(self, most: int) -> Bound:
        return Bound(most, self._settings.window, "Too many attempts to log in.")


def _account(attempt: Attempt) -> str:
    return f"account\0{attempt.client.lower()}\0{attempt.email.strip().lower()}"


def _address(attempt: Attempt) -> str:
    return f"address\0{network(attempt.address)}"
