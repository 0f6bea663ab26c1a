"""Schedules fire once however many workers look, skip what was missed, and follow their own time zone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from clerestory.kernel.errors import Invalid
from clerestory.platform.database import Database
from clerestory.platform.jobs import Cron, schedules
from clerestory.platform.jobs.schedules import Schedule, Schedules
from tests.platform.jobs.crew import make_tenant

NOON = datetime(2031, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


async def queued(database: Database) -> list[str]:
    return await database.direct().values("SELECT convert_from(payload, 'UTF8') FROM jobs.pgqueuer ORDER BY id")


async def test_a_due_schedule_fires_once_with_two_workers(database: Database) -> None:
    clock = Clock()
    cron = [Cron("sweep", "escalation.sweep", "* * * * *")]
    workers = [Schedules(database, clock, cron) for _ in range(2)]
    assert [await worker.tick() for worker in workers] == [0, 0]
    clock.now += timedelta(minutes=1)
    fired = await asyncio.gather(*(worker.tick() for worker in workers for _ in range(10)))
    assert sum(fired) == 1
    assert await queued(database) == ['{"tenant":0,"arguments":{}}']


async def test_missed_runs_are_skipped(database: Database) -> None:
    clock = Clock()
    worker = Schedules(database, clock, [Cron("hourly", "task", "0 * * * *")])
    await worker.tick()
    clock.now += timedelta(hours=30, minutes=20)
    assert [await worker.tick(), await worker.tick()] == [1, 0]
    clock.now += timedelta(minutes=40)
    assert await worker.tick() == 1


async def test_a_start_enters_the_codes_schedules_and_drops_others(database: Database) -> None:
    clock = Clock()
    await Schedules(database, clock, [Cron("old", "a", "0 0 * * *"), Cron("kept", "b", "0 1 * * *")]).tick()
    clock.now += timedelta(hours=2)
    await Schedules(database, clock, [Cron("kept", "c", "0 1 * * *"), Cron("new", "d", "30 2 * * *")]).tick()
    found = await database.direct().values("SELECT (name, task, due) FROM platform.schedule ORDER BY name")
    assert found == [
        ("kept", "c", datetime(2031, 3, 2, 1, tzinfo=UTC)),
        ("new", "d", datetime(2031, 3, 2, 2, 30, tzinfo=UTC)),
    ]


async def test_a_tenants_schedule_fires_in_its_zone_with_its_arguments(database: Database) -> None:
    tenant = await make_tenant(database, "acme_000001")
    clock = Clock()
    mine = Schedule("weekly", "reports.run", "0 9 * * 1", "Europe/Berlin", {"report": 7})
    async with database.begin() as tx:
        due = await schedules.add(tx, tenant, mine, clock())
    assert due == datetime(2031, 3, 3, 8, 0, tzinfo=UTC)
    clock.now = due
    assert await Schedules(database, clock, []).tick() == 1
    assert await queued(database) == [f'{{"tenant":{tenant},"arguments":{{"report":7}}}}']


async def test_a_tenant_lists_replaces_and_removes_its_schedules(database: Database) -> None:
    tenant, other = await make_tenant(database, "acme_000001"), await make_tenant(database, "other_000001")
    async with database.begin() as tx:
        await schedules.add(tx, tenant, Schedule("a", "task", "0 9 * * *"), NOON)
        await schedules.add(tx, tenant, Schedule("a", "task", "0 10 * * *"), NOON)
        await schedules.add(tx, other, Schedule("a", "task", "0 11 * * *"), NOON)
    (mine,) = await schedules.of_tenant(database.direct(), tenant)
    assert (mine.name, mine.expression, mine.due) == ("a", "0 10 * * *", datetime(2031, 3, 2, 10, tzinfo=UTC))
    async with database.begin() as tx:
        assert await schedules.remove(tx, tenant, "a")
        assert not await schedules.remove(tx, tenant, "a")
    assert len(await schedules.of_tenant(database.direct(), other)) == 1


async def test_a_bad_expression_is_refused(database: Database) -> None:
    with pytest.raises(Invalid):
        async with database.begin() as tx:
            await schedules.add(tx, 1, Schedule("a", "task", "every day"), NOON)


async def test_a_schedule_that_became_unusable_is_switched_off_and_others_fire(database: Database) -> None:
    tenant = await make_tenant(database, "acme_000001")
    clock = Clock()
    async with database.begin() as tx:
        await schedules.add(tx, tenant, Schedule("bad", "task", "0 13 * * *"), NOON)
        await schedules.add(tx, tenant, Schedule("good", "task", "0 13 * * *"), NOON)
        await tx.execute("UPDATE platform.schedule SET zone = 'Mars/Olympus' WHERE name = 'bad'")
    clock.now += timedelta(hours=2)
    worker = Schedules(database, clock, [])
    assert [await worker.tick(), await worker.tick()] == [1, 0]


async def test_two_workers_that_start_together_agree(database: Database) -> None:
    clock = Clock()
    cron = [Cron(f"n{number}", "task", "* * * * *") for number in range(5)]
    await asyncio.gather(*(Schedules(database, clock, cron).tick() for _ in range(4)))
    clock.now += timedelta(minutes=1)
    assert sum(await asyncio.gather(*(Schedules(database, clock, cron).tick() for _ in range(4)))) == 5
