"""Claim: counting hits on leases lets through at least 10 times as many a second as one upsert a hit does, on the same
PostgreSQL and table, by 32 callers from 200 addresses. Rounds alternate. Two counters, each with memory of its own as
in two processes, together never pass a bound.
"""

import asyncio
import itertools
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from clerestory.app import OWNERS, prepare
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import RateLimited
from clerestory.platform.database import Database, DatabaseSettings
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.limits import Bound, Limits

ROUNDS = 5
CALLERS, ADDRESSES, HITS = 32, 200, 100
LIMIT = 10.0
# Each address makes a hundred hits; half of what it may, as people do.
LEASED = Bound("leased", 2 * HITS, timedelta(hours=1))


async def rate(limits: Limits, bound: Bound, at_once: int = CALLERS) -> tuple[float, int]:
    """Hits a second, and how many were let through."""
    now = utc_now()
    waiting = itertools.cycle(f"10.0.{number // 256}.{number % 256}" for number in range(ADDRESSES))
    hits = iter(range(ADDRESSES * HITS))
    passed = 0

    async def call() -> None:
        nonlocal passed
        for _ in hits:
            try:
                await limits.count(bound, next(waiting), now)
            except RateLimited:
                continue
            passed += 1

    begun = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(at_once)))
    return ADDRESSES * HITS / (time.perf_counter() - begun), passed


async def measure(url: str) -> None:
    database = await Database.open(DatabaseSettings(url))
    try:
        await prepare(database, OWNERS, lambda _: None)
        await rate(Limits(database), replace(LEASED, name="warming up"))
        ours, upserts = [], []
        for number in range(ROUNDS):
            ours.append((await rate(Limits(database), replace(LEASED, name=f"leased {number}")))[0])
            exact = replace(LEASED, name=f"exact {number}", exact=True)
            upserts.append((await rate(Limits(database), exact))[0])
        tight = Bound("tight", HITS // 2, timedelta(hours=1))
        both = await asyncio.gather(*(rate(Limits(database), tight) for _ in range(2)))
    finally:
        await database.close()
    ratio = statistics.median(ours) / statistics.median(upserts)
    print(f"on leases {statistics.median(ours):,.0f} hits/s, one upsert a hit {statistics.median(upserts):,.0f}")
    print(f"ratio {ratio:.1f} (claim: {LIMIT:.0f})")
    share = sum(passed for _, passed in both) / (ADDRESSES * tight.most)
    print(f"two counters let through {share:.3f} of a bound of {tight.most} (limit: 1.000)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Embedded(EmbeddedSettings(Path(folder) / "data")) as url:
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()
