"""What runs again and again: rows with a due time, fired once however many workers look.

A row's job is queued in the transaction that moves its due time on. Runs missed while nobody looked are skipped.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog

from clerestory.kernel.clock import Clock
from clerestory.kernel.cron import next_due
from clerestory.kernel.errors import Invalid, Problem
from clerestory.platform.database import Database, Runner, Tx
from clerestory.platform.jobs import store
from clerestory.platform.jobs.task import Arguments, Cron, defer

TICK = timedelta(seconds=1)
_PORTION = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A tenant's recurring task: a cron expression in a time zone. `name` is unique within the tenant."""

    name: str
    task: str
    expression: str
    zone: str = "UTC"
    arguments: Arguments = field(default_factory=dict)


async def add(tx: Tx, tenant: int, schedule: Schedule, now: datetime) -> datetime:
    """Stores a tenant's schedule, in place of one of the same name; when it is first due. Raises Invalid."""
    due = next_due(schedule.expression, schedule.zone, now)
    await store.put_schedule(tx, _row(schedule, tenant, due))
    return due


async def remove(tx: Tx, tenant: int, name: str) -> bool:
    """Deletes a tenant's schedule; whether there was one."""
    return await store.delete_schedule(tx, tenant, name) > 0


async def of_tenant(tx: Runner, tenant: int) -> list[store.Due]:
    """A tenant's schedules by name, each with its next due time."""
    return await store.schedules_of(tx, tenant)


class Schedules:
    """Fires what is due, once a second. A part of the process: `background.own(schedules.run)`."""

    def __init__(self, database: Database, clock: Clock, cron: Sequence[Cron]) -> None:
        self._database = database
        self._clock = clock
        self._cron = cron
        self._entered = False

    async def run(self) -> None:
        """Looks once a second, for ever, through restarts of the database."""
        while True:
            try:
                await self.tick()
            except Problem as problem:
                log.warning("schedules.not_looked_at", problem=type(problem).__name__, text=problem.text)
            # Spread, so that workers started together do not look together.
            await asyncio.sleep(TICK.total_seconds() * random.uniform(0.8, 1.2))  # noqa: S311 - no secret depends on it

    async def tick(self) -> int:
        """Queues everything that is due now; how many jobs."""
        if not self._entered:
            await self._enter()
            self._entered = True
        fired = 0
        async with self._database.begin() as tx:
            for row in await store.due_schedules(tx, self._clock(), _PORTION):
                fired += await self._fire(tx, row)
        return fired

    async def _fire(self, tx: Tx, row: store.Due) -> int:
        try:
            due = next_due(row.expression, row.zone, self._clock())
        except Invalid:
            # It was good when it was stored: a time zone went away with an update of the system.
            log.exception("schedule.switched_off", name=row.name, tenant=row.tenant)
            await store.switch_off(tx, row.id)
            return 0
        await store.move_on(tx, row.id, due)
        await defer(tx, row.task, msgspec.json.decode(row.arguments), tenant=row.tenant or 0)
        return 1

    async def _enter(self) -> None:
        """The installation's own schedules as the code names them; those that it names no more are deleted."""
        now = self._clock()
        async with self._database.begin() as tx:
            await store.keep_only(tx, [entry.name for entry in self._cron])
            for entry in sorted(self._cron, key=lambda entry: entry.name):
                schedule = Schedule(entry.name, entry.task, entry.expression)
                await store.put_schedule(tx, _row(schedule, None, next_due(entry.expression, "UTC", now)))


def _row(schedule: Schedule, tenant: int | None, due: datetime) -> store.NewSchedule:
    arguments = msgspec.json.encode(dict(schedule.arguments)).decode()
    return store.NewSchedule(schedule.name, tenant, schedule.task, arguments, schedule.expression, schedule.zone, due)
