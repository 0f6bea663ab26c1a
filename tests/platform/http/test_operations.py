"""GET /healthz, /readyz, /metrics: exact bodies when all is well, and the reasons when it is not."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from clerestory.app import OWNERS, Application, running
from clerestory.kernel.errors import PROBLEMS
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.database.migration import Migration
from clerestory.platform.http.operations import OperationsSettings
from clerestory.platform.http.operations.dialect import STATUS
from clerestory.platform.http.operations.readiness import Readiness, checks
from tests.fixtures.application import settings_for


async def test_a_living_process_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_server_that_can_serve_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")
    checked = {"database": "ok", "migrations": "ok", "queue": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": checked})


async def test_tables_that_wait_for_their_migration_are_a_reason(database: Database) -> None:
    step = Migration("identity", 999, "later", "SELECT 1")
    owners = [replace(one, tenant=(*one.tenant, step)) if one.name == "identity" else one for one in OWNERS]
    told = await checks(database, Migrator(database, owners))
    waits = "0 steps of the control schema and 1 schemas wait for `clerestory migrate`"
    assert told == {"database": "ok", "migrations": waits, "queue": "ok"}


async def test_tables_of_a_newer_version_are_none(database: Database) -> None:
    """Its processes have migrated already, and the older ones must serve until they are replaced."""
    older = [replace(one, tenant=()) if one.name == "delivery" else one for one in OWNERS]
    assert set((await checks(database, Migrator(database, older))).values()) == {"ok"}


async def test_a_database_that_is_gone_is_the_reason(database_url: str) -> None:
    async with gone(database_url) as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["status"] == "unavailable"
        assert set(answer.json()["checks"]) == {"database", "migrations", "queue"}
        assert "ok" not in answer.json()["checks"].values()
        assert (await client.get("/healthz")).status_code == 200
        # The rest is worth reading most when the database is down.
        assert (await client.get("/metrics")).status_code == 200


async def test_however_many_ask_the_parts_are_asked_once(database: Database) -> None:
    readiness = Readiness(database, Migrator(database, OWNERS), remembered=timedelta(hours=1))
    first, *others = await asyncio.gather(*(readiness.said() for _ in range(100)))
    assert set(first.values()) == {"ok"}
    assert all(other is first for other in others)
    await database.close()
    assert await readiness.said() is first


async def test_what_was_true_a_while_ago_is_asked_anew(database: Database) -> None:
    readiness = Readiness(database, Migrator(database, OWNERS), remembered=timedelta(0))
    assert set((await readiness.said()).values()) == {"ok"}
    await database.close()
    assert "ok" not in (await readiness.said()).values()


async def test_metrics_tell_what_was_answered(application: Application, client: httpx.AsyncClient) -> None:
    await client.get("/healthz")
    text = (await client.get("/metrics")).text
    assert re.search(r'^clerestory_requests_total\{status="200",surface="operations"\} \d', text, re.MULTILINE)
    assert re.search(r'^clerestory_request_seconds_bucket\{le="0.001",surface="operations"\} ', text, re.MULTILINE)
    assert re.search(r'^clerestory_pool_connections\{state="idle"\} ', text, re.MULTILINE)
    assert re.search(r'^clerestory_queue_jobs\{state="queued"\} ', text, re.MULTILINE)
    for name in ("deliveries", "jobs", "batch_size"):
        assert f"# TYPE clerestory_{name}" in text


async def test_metrics_may_ask_for_a_token(database_url: str) -> None:
    settings = replace(settings_for(database_url), operations=OperationsSettings("the token of the tests"))
    async with running(settings) as application, client_of(application) as client:
        refused = await client.get("/metrics")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="metrics"')
        shown = {"Authorization": "Bearer the token of the tests"}
        assert (await client.get("/metrics", headers=shown)).status_code == 200


async def test_the_surface_answers_in_its_own_words(client: httpx.AsyncClient) -> None:
    wrong = await client.post("/healthz")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert wrong.json() == {"status": "error", "detail": "This method is not allowed here."}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_has_a_status(problem: type) -> None:
    assert any(ancestor in STATUS for ancestor in problem.__mro__)


@asynccontextmanager
async def gone(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server whose database was there when it started."""
    async with running(settings_for(database_url)) as application, client_of(application) as client:
        await application.parts.find(Database).close()
        yield client


def client_of(application: Application) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(application.asgi), base_url="http://clerestory.test")
