"""Every task and every cron of the application runs once without an error, on a database where nothing has happened."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from clerestory.app import CRON, TASKS, Application
from clerestory.platform.database import Database
from clerestory.platform.jobs import Arguments, Task, queue
from clerestory.platform.jobs.schedules import Schedules
from clerestory.platform.jobs.worker import Worker
from clerestory.platform.limits import Bound, Limits
from clerestory.platform.tenancy import PUBLIC_TENANT, Scope
from clerestory.platform.tokens import store
from clerestory.platform.tokens.store import RefreshRow, SessionRow
from clerestory.platform.tokens.vault import digest
from tests.fixtures.clocks import TurnedClock, own_application
from tests.fixtures.tenants import TestTenant, tenant_of
from tests.platform.jobs.crew import QUICK, until

NOBODYS = 999_999_999
REPORT: Arguments = {
    "provider_id": "SM1",
    "channel": "SMS",
    "state": "delivered",
    "code": "SENT",
    "note": "",
    "recipient": "+447772572105",
    "provider_code": None,
}
# What each task is told, pointing to what does not exist (any more): a job may come after what it is about has gone.
TOLD: dict[str, Arguments] = {
    "jobs.tidy": {},
    "delivery.tidy": {},
    "delivery.retry": {"message": NOBODYS},
    "delivery.send": {"message": NOBODYS},
    "delivery.told": {"message": NOBODYS},
    "delivery.early_report": REPORT,
    "tenancy.provision": {"tenant": NOBODYS},
    "tenancy.clear_files": {"tenant": NOBODYS},
    "escalation.sweep": {},
    "escalation.receipt": {"message": NOBODYS},
    "escalation.digest": {"issue": NOBODYS},
    "escalation.task": {"issue": NOBODYS},
    "escalation.forget": {},
    "escalation.forget_all": {},
    "bots.sweep": {},
    "bots.converse": {"chat": NOBODYS},
    "bots.resume": {"user": NOBODYS},
    "ideas.expire": {},
    "ideas.report": {"report": NOBODYS},
    "ideas.tidy_files": {},
    "ideas.tidy_all_files": {},
    "ideas.tell": {},
    "ideas.digest": {},
    "ideas.digest_all": {},
    "workspace.expire": {},
}


@pytest.fixture
async def turned() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
async def quiet(database_url: str, turned: TurnedClock) -> AsyncIterator[Application]:
    async with own_application(database_url, turned) as application:
        yield application


@pytest.fixture
async def newcomer(quiet: Application) -> AsyncIterator[TestTenant]:
    made = await tenant_of(quiet)
    yield made
    await made.http.aclose()


def test_every_task_stands_here_and_every_cron_names_one() -> None:
    assert {task.name for task in TASKS} == set(TOLD)
    assert {entry.task for entry in CRON} <= set(TOLD)


async def test_every_task_runs_for_a_tenant_where_nothing_has_happened(
    quiet: Application, newcomer: TestTenant
) -> None:
    for task in TASKS:
        await task.run(newcomer.scope, TOLD[task.name])


async def test_every_cron_fires_and_its_job_is_done(quiet: Application, turned: TurnedClock) -> None:
    database = quiet.parts.find(Database)
    schedules = Schedules(database, turned, CRON)
    assert await schedules.tick() == 0
    turned.turn(timedelta(days=366))
    assert await schedules.tick() == len(CRON)
    done: list[str] = []
    worker = Worker(quiet.parts, turned, [_noted(task, done) for task in TASKS], QUICK)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        await until(lambda: _empty(database))
        worker.close()
    assert sorted(done) == sorted(entry.task for entry in CRON)


async def test_what_has_run_out_is_cleared_and_nothing_else(
    quiet: Application, newcomer: TestTenant, turned: TurnedClock
) -> None:
    scope, direct = newcomer.scope, quiet.parts.find(Database).direct()
    limits, person = quiet.parts.find(Limits), uuid4()
    for number, life in enumerate((timedelta(minutes=5), timedelta(hours=2))):
        ends = turned() + life
        row = SessionRow(scope.tenant.id, person, "csrf", ends)
        await store.insert_session(direct, digest(f"session {number}"), row)
        token = RefreshRow(uuid4(), scope.tenant.id, person, uuid4(), ends)
        await store.insert_refresh(direct, token, turned())
        await limits.count(Bound(f"bound {number}", 5, life), "10.0.0.1", turned())
    turned.turn(timedelta(hours=1))
    expire = next(task for task in TASKS if task.name == "workspace.expire")
    await expire.run(Scope(PUBLIC_TENANT, scope.actor, turned, quiet.parts), {})
    for table in ("session", "refresh_token"):
        assert await direct.values(f"SELECT expires FROM platform.{table}") == [turned() + timedelta(hours=1)]
    assert await direct.values("SELECT until FROM platform.hit") == [turned() + timedelta(hours=1)]


def _noted(task: Task, done: list[str]) -> Task:
    async def run(scope: Scope, arguments: Arguments) -> None:
        await task.run(scope, arguments)
        done.append(task.name)

    return replace(task, run=run)


async def _empty(database: Database) -> bool:
    return not await queue.depths(database.direct())
