"""Counts hits: in the process's memory, on leases that all processes take from one row of PostgreSQL (decision 0010).

A lease is charged before it is used, so no bound is ever passed; what a process leased and did not use, nobody gets.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from clerestory.kernel.errors import RateLimited
from clerestory.platform.database import Database
from clerestory.platform.limits import store

# A lease is an eighth of what is left: of 120 hits the first lease has 15, the last ones have one each.
SHARE = 8
_MOST_HELD = 50_000


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many hits of one subject in a window that begins with the first; 0: as many as one likes.

    `exact` bounds are asked of PostgreSQL at every hit, and hits of theirs can be taken back.
    """

    name: str
    most: int
    window: timedelta
    words: str = "Too many requests."
    exact: bool = False


@dataclass(slots=True)
class _Held:
    """What this process may still let through. `spent`: there is no more to lease."""

    left: int
    until: datetime
    spent: bool


class Limits:
    """Counts what is bounded. A part of the process."""

    def __init__(self, database: Database, most_held: int = _MOST_HELD) -> None:
        self._database = database
        self._most_held = most_held
        self._held: dict[bytes, _Held] = {}

    async def count(self, bound: Bound, subject: str, now: datetime) -> None:
        """Counts one hit of the subject. Raises RateLimited past the bound."""
        if not bound.most:
            return
        key = _key(bound, subject)
        held = self._held.get(key)
        if held is None or now >= held.until or not (held.left or held.spent):
            held = await self._lease(bound, key, now)
        if not held.left:
            raise RateLimited(held.until - now, bound.words)
        held.left -= 1

    async def forget(self, bound: Bound, subject: str) -> None:
        """Forgets the hits of a subject. The bound must be exact."""
        await store.forget(self._database.direct(), _key(bound, subject))

    async def give_back(self, bound: Bound, subject: str) -> None:
        """Takes one hit of a subject back. The bound must be exact."""
        await store.give_back(self._database.direct(), _key(bound, subject))

    async def tidy(self, now: datetime) -> None:
        """Clears windows that are over."""
        await store.delete_past(self._database.direct(), now)

    async def _lease(self, bound: Bound, key: bytes, now: datetime) -> _Held:
        share = bound.most if bound.exact else SHARE
        wanted = store.Wanted(key, bound.most, share, now + bound.window)
        taken = await store.take(self._database.direct(), wanted, now)
        fresh = _Held(taken.leased, taken.until, spent=not taken.leased)
        return fresh if bound.exact else self._kept(key, fresh, now)

    def _kept(self, key: bytes, fresh: _Held, now: datetime) -> _Held:
        held = self._held.get(key)
        if held is not None and held.until == fresh.until:
            # Another request took a lease meanwhile.
            held.left += fresh.left
            held.spent = fresh.spent
            return held
        if len(self._held) >= self._most_held:
            self._held = {one: held for one, held in self._held.items() if held.until > now}
        if len(self._held) >= self._most_held:
            # Leases are lost, and never hits forgotten: many addresses make the bounds tighter, not looser.
            self._held = {}
        self._held[key] = fresh
        return fresh


def _key(bound: Bound, subject: str) -> bytes:
    return hashlib.sha256(f"{bound.name}\0{subject}".encode("utf-8", "surrogatepass")).digest()
