"""Jobs begin with the caller's commit, run with a scope like a request's, and are repeated or kept when they fail."""

import asyncio
from datetime import timedelta

import pytest

from clerestory.kernel.errors import Unavailable
from clerestory.platform.database import Database
from clerestory.platform.jobs import Arguments, Task, defer, defer_all, execution, queue
from clerestory.platform.jobs.execution import pause_after
from clerestory.platform.tenancy import SYSTEM, Scope
from tests.platform.jobs.crew import make_tenant, make_trace, queue_up, traces, until, working, write_trace

WRITE = Task("write", write_trace)


@pytest.fixture
async def traced(database: Database) -> Database:
    await make_trace(database)
    return database


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "FIRST_PAUSE", timedelta(milliseconds=20))


async def idle(database: Database) -> bool:
    return not {"queued", "picked"} & set(await queue.depths(database.direct()))


async def test_a_job_runs_once_after_the_caller_commits(traced: Database) -> None:
    async with working(traced, [WRITE]), working(traced, [WRITE]):
        await queue_up(traced, "write", *(f"{number:02}" for number in range(40)))
        await until(lambda: idle(traced))
    assert sorted(await traces(traced)) == [f"{number:02}" for number in range(40)]


async def test_jobs_that_are_deferred_together_run_once_each_for_their_tenant(traced: Database) -> None:
    tenant = await make_tenant(traced, "acme_000001")
    async with traced.begin() as tx:
        await defer_all(tx, "write", [{"word": f"{number:02}"} for number in range(40)], tenant=tenant)
        await defer_all(tx, "write", [], tenant=tenant)
    async with working(traced, [WRITE]):
        await until(lambda: idle(traced))
    assert sorted(await traces(traced)) == [f"{number:02}" for number in range(40)]
    assert set(await traced.direct().values("SELECT tenant FROM public.trace")) == {"acme_000001"}


async def test_a_job_of_a_transaction_that_is_undone_never_runs(traced: Database) -> None:
    async def undone() -> None:
        async with traced.begin() as tx:
            await defer(tx, "write", {"word": "never"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await queue.depths(traced.direct()) == {}


async def test_a_job_gets_the_scope_of_its_tenant_as_the_system(traced: Database) -> None:
    tenant = await make_tenant(traced, "acme_000001")
    seen: list[Scope] = []

    async def look(scope: Scope, arguments: Arguments) -> None:
        seen.append(scope)
        await write_trace(scope, arguments)

    async with working(traced, [Task("look", look)]):
        await queue_up(traced, "look", "x", tenant=tenant)
        await until(lambda: idle(traced))
    assert [(scope.tenant.schema, scope.actor) for scope in seen] == [("acme_000001", SYSTEM)]
    assert seen[0].request_id.startswith("job-")


async def test_a_deferred_job_waits_for_its_time(traced: Database) -> None:
    async with traced.begin() as tx:
        await defer(tx, "write", {"word": "later"}, after=timedelta(seconds=1))
    await queue_up(traced, "write", "now")
    async with working(traced, [WRITE]):
        await until(lambda: idle(traced))
    assert await traces(traced) == ["now", "later"]


async def test_a_failing_job_is_repeated_with_pauses_until_it_works(traced: Database, hasty: None) -> None:
    runs: list[str] = []

    async def third_time_lucky(scope: Scope, arguments: Arguments) -> None:
        runs.append("run")
        if len(runs) < 3:
            raise Unavailable("not yet", timedelta(0))
        await write_trace(scope, arguments)

    async with working(traced, [Task("lucky", third_time_lucky)]):
        await queue_up(traced, "lucky", "done")
        await until(lambda: idle(traced))
    assert (await traces(traced), len(runs)) == (["done"], 3)
    assert await queue.failed(traced.direct()) == []


async def test_a_job_that_keeps_failing_is_kept_and_can_be_run_again(traced: Database, hasty: None) -> None:
    broken = [True]

    async def task(scope: Scope, arguments: Arguments) -> None:
        if broken:
            raise ValueError("it is broken")
        await write_trace(scope, arguments)

    async with working(traced, [Task("mend", task, attempts=2)]):
        await queue_up(traced, "mend", "mended")
        await until(lambda: idle(traced))
        (failed,) = await queue.failed(traced.direct())
        assert (failed.task, failed.tenant, failed.runs, failed.error) == ("mend", 0, 2, "ValueError: it is broken")
        broken.clear()
        async with traced.begin() as tx:
            await queue.rerun(tx, failed.id)
        await until(lambda: idle(traced))
    assert await traces(traced) == ["mended"]
    assert await queue.depths(traced.direct()) == {}


async def test_a_job_over_its_time_limit_counts_as_failed(traced: Database, hasty: None) -> None:
    async def hang(scope: Scope, arguments: Arguments) -> None:
        await asyncio.Event().wait()

    async with working(traced, [Task("hang", hang, attempts=1, time_limit=timedelta(milliseconds=50))]):
        await queue_up(traced, "hang", "x")
        await until(lambda: idle(traced))
    assert [failed.error for failed in await queue.failed(traced.direct())] == ["TimeoutError: "]


async def test_a_job_of_a_deleted_tenant_is_dropped(traced: Database) -> None:
    async with working(traced, [WRITE]):
        await queue_up(traced, "write", "x", tenant=4711)
        await until(lambda: idle(traced))
    assert (await traces(traced), await queue.depths(traced.direct())) == ([], {})


async def test_a_job_of_a_suspended_tenant_waits_and_loses_no_attempt(traced: Database) -> None:
    tenant = await make_tenant(traced, "acme_000001", "SUSPENDED")

    async def put_back() -> bool:
        deferred = (
            "SELECT count(*) FROM jobs.pgqueuer WHERE status = 'queued' AND execute_after > now() AND attempts = 0"
        )
        return bool(await traced.direct().value(deferred) == 1)

    async with working(traced, [WRITE]):
        await queue_up(traced, "write", "x", tenant=tenant)
        await until(put_back)
    assert await traces(traced) == []


async def test_a_job_of_an_unknown_task_waits_for_a_worker_that_knows_it(traced: Database) -> None:
    await queue_up(traced, "write", "x")
    async with working(traced, [Task("other", write_trace)]):
        await queue_up(traced, "other", "y")
        await until(lambda: _written(traced, "y"))
    assert await queue.depths(traced.direct()) == {"queued": 1}


async def test_a_stopping_worker_finishes_what_it_can_and_puts_the_rest_back(traced: Database) -> None:
    go = asyncio.Event()

    async def slow(scope: Scope, arguments: Arguments) -> None:
        await write_trace(scope, {"word": f"begun {arguments['word']}"})
        if arguments["word"] == "hangs":
            await asyncio.Event().wait()
        await go.wait()
        await write_trace(scope, {"word": "finished"})

    async with working(traced, [Task("slow", slow)]) as worker:
        await queue_up(traced, "slow", "hangs", "ends")
        await until(lambda: _written(traced, "begun hangs"))
        await until(lambda: _written(traced, "begun ends"))
        worker.close()
        await queue_up(traced, "slow", "too late")
        go.set()
    assert (await traces(traced))[2:] == ["finished"]
    assert await queue.depths(traced.direct()) == {"queued": 2}
    assert await traced.direct().values("SELECT attempts FROM jobs.pgqueuer") == [0, 0]


async def test_old_records_of_jobs_go_and_failed_jobs_stay(traced: Database, hasty: None) -> None:
    async def fail(scope: Scope, arguments: Arguments) -> None:
        raise ValueError

    async with working(traced, [WRITE, Task("fail", fail, attempts=1)]):
        await queue_up(traced, "write", "x")
        await queue_up(traced, "fail", "y")
        await until(lambda: idle(traced))
    async with traced.begin() as tx:
        await tx.execute("UPDATE jobs.pgqueuer_log SET aggregated = true")
        latest = await tx.value("SELECT max(created) + interval '1 second' FROM jobs.pgqueuer_log")
        assert await queue.tidy(tx, latest) > 0
    assert [failed.task for failed in await queue.failed(traced.direct())] == ["fail"]


async def _written(database: Database, word: str) -> bool:
    return word in await traces(database)


def test_pauses_double_up_to_ten_minutes() -> None:
    assert [pause_after(attempt, 0).total_seconds() for attempt in (1, 2, 3, 9, 10, 500)] == [2, 4, 8, 512, 600, 600]
    assert pause_after(1, 1).total_seconds() == 2.5
