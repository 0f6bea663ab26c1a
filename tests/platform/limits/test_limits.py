"""Bounds hold for all processes together, and a process asks PostgreSQL for some hits at a time."""

import asyncio
from datetime import timedelta

import pytest

from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import RateLimited
from clerestory.platform.database import Database
from clerestory.platform.limits import Bound, Limits

HOUR = timedelta(hours=1)
NOW = utc_now()
WIDE = Bound("pages", 100, HOUR, "Too many pages.")
EXACT = Bound("log-in", 3, HOUR, exact=True)


async def let_through(limits: Limits, bound: Bound, times: int, subject: str = "10.0.0.1") -> int:
    """How many of so many hits were not refused."""
    passed = 0
    for _ in range(times):
        try:
            await limits.count(bound, subject, NOW)
        except RateLimited:
            continue
        passed += 1
    return passed


async def test_a_process_lets_through_as_many_as_are_allowed(database: Database) -> None:
    limits = Limits(database)
    assert await let_through(limits, WIDE, 150) == 100
    assert await let_through(limits, WIDE, 5, "10.0.0.2") == 5
    assert await let_through(limits, Bound("other", 2, HOUR), 5) == 2


async def test_whoever_comes_too_often_is_told_when_to_come_back(database: Database) -> None:
    limits = Limits(database)
    await let_through(limits, WIDE, 100)
    for _ in range(2):
        with pytest.raises(RateLimited) as refused:
            await limits.count(WIDE, "10.0.0.1", NOW + timedelta(minutes=20))
        assert (refused.value.text, refused.value.retry_after) == ("Too many pages.", timedelta(minutes=40))


async def test_two_processes_together_never_pass_the_bound_and_use_most_of_it(database: Database) -> None:
    first, second = Limits(database), Limits(database)
    passed = 0
    for _ in range(200):
        passed += await let_through(first, WIDE, 1) + await let_through(second, WIDE, 1)
    assert 80 <= passed <= 100


async def test_hits_that_come_at_once_are_all_counted(database: Database) -> None:
    limits = Limits(database)
    passed = await asyncio.gather(*(let_through(limits, WIDE, 1) for _ in range(150)))
    assert sum(passed) == 100


async def test_a_window_that_is_over_begins_anew(database: Database) -> None:
    limits = Limits(database)
    await let_through(limits, WIDE, 100)
    for process in (limits, Limits(database)):
        await process.count(WIDE, "10.0.0.1", NOW + HOUR)
    with pytest.raises(RateLimited):
        await Limits(database).count(Bound("pages", 1, HOUR), "10.0.0.1", NOW + HOUR)


async def test_without_a_bound_nothing_is_counted(database: Database) -> None:
    limits = Limits(database)
    assert await let_through(limits, Bound("pages", 0, HOUR), 50) == 50
    assert await database.direct().value("SELECT count(*) FROM platform.hit") == 0


async def test_an_exact_bound_takes_hits_back_on_every_process(database: Database) -> None:
    first, second = Limits(database), Limits(database)
    assert await let_through(first, EXACT, 5) == 3
    await second.give_back(EXACT, "10.0.0.1")
    assert await let_through(first, EXACT, 2) == 1
    await second.forget(EXACT, "10.0.0.1")
    assert await let_through(first, EXACT, 5) == 3


async def test_a_flood_of_addresses_makes_bounds_tighter_and_not_looser(database: Database) -> None:
    limits = Limits(database, most_held=10)
    passed = 0
    for round_ in range(4):
        passed += await let_through(limits, WIDE, 40)
        for number in range(10):
            await limits.count(WIDE, f"10.1.{round_}.{number}", NOW)
    assert passed <= 100


async def test_windows_that_are_over_are_cleared(database: Database) -> None:
    limits = Limits(database)
    await limits.count(WIDE, "10.0.0.1", NOW)
    await limits.count(WIDE, "10.0.0.2", NOW + HOUR)
    await limits.tidy(NOW + HOUR)
    assert await database.direct().value("SELECT count(*) FROM platform.hit") == 1
