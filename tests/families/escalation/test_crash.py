"""A server that is killed in the middle of a stream of escalations: nothing that it answered is lost or sent twice."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from clerestory.app import running
from clerestory.families.escalation.notify.sweep import SWEEP_TASK, sweep
from clerestory.kernel.clock import utc_now
from clerestory.platform.database import Database
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.tenancy import SYSTEM, Scope
from clerestory.platform.tenancy.registry import Registry
from tests.families.escalation.people import LOG, Person, add
from tests.fixtures.application import settings_for
from tests.fixtures.program import started
from tests.fixtures.tenants import TestTenant
from tests.standins import twilio as twilios
from tests.standins.twilio import Twilio

SECRET = "a secret of the tests, long enough to be taken"
NUMBER = "+447772572105"


async def stream(port: int, key: str, until: Callable[[list[str]], bool]) -> list[str]:
    """Escalates by many callers at once until the server is gone; the messages that were answered with 201."""
    answered: list[str] = []

    async def call(client: httpx.AsyncClient, caller: int) -> None:
        for number in range(1000):
            message = f"crash {caller}-{number}"
            body = {**LOG, "message": message, "code": f"c{number % 3}"}
            try:
                answer = await client.post("/escalate", json=body)
            except httpx.TransportError:
                return
            assert answer.status_code == 201
            answered.append(message)
            if until(answered):
                return

    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as client:
        await asyncio.gather(*(call(client, caller) for caller in range(16)))
    return answered


async def tenant_on(http: httpx.AsyncClient, database: Database) -> TestTenant:
    """A tenant of the started server with one member."""
    person = {"email": "jane@x.org", "password": "seven blue lanterns", "first_name": "Jane", "last_name": "Doe"}
    made = (await http.post("/api/v1/clients/", json=person)).json()
    http.headers["Api-Key"] = made["api_key"]
    async with running(settings_for(database.settings.url)) as application:
        tenant = await application.parts.find(Registry).by_name(made["schema"])
        assert tenant is not None
        scope = Scope(tenant, SYSTEM, utc_now, application.parts)
    told = TestTenant(tenant, "jane@x.org", "", made["api_key"], http, scope)
    await add(told, Person("Charlie Xavier", "SMS", NUMBER))
    return told


def texted(twilio: Twilio) -> Counter[str]:
    """How often each log was told, by its link."""
    links = (re.search(r"/log/(\S+)", heard.form["Body"]) for heard in twilio.heard)
    return Counter(found[1] for found in links if found)


async def test_kill_9_loses_no_answered_log_and_sends_none_twice(
    database: Database, database_url: str, twilio: Twilio, tmp_path: Path
) -> None:
    settings = {
        "database_url": database_url,
        "data_dir": str(tmp_path / "data"),
        "secret": SECRET,
        "demo": "no",
        "jobs": "no",
        "twilio_url": twilio.url,
        "twilio_account_sid": twilios.ACCOUNT_SID,
        "twilio_auth_token": twilios.AUTH_TOKEN,
        "twilio_from": twilios.SMS_FROM,
    }
    with started(tmp_path / "server.log", "serve", port=None, **settings) as server:
        server.ready()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as http:
            tenant = await tenant_on(http, database)

        def enough(answered: list[str]) -> bool:
            if len(answered) >= 60:
                server.process.kill()
            return len(answered) >= 60

        answered = await stream(server.port, tenant.api_key, enough)
        server.process.wait(20)
    inside = database.direct(tenant.schema)
    stored = set(await inside.values("SELECT message FROM tenant.escalation_log"))
    assert set(answered) <= stored
    assert await database.direct().value(
        "SELECT count(*) >= 1 FROM jobs.pgqueuer WHERE entrypoint = :task", task=SWEEP_TASK
    )
    delivery = DeliverySettings(
        twilio_url=twilio.url,
        twilio_account_sid=twilios.ACCOUNT_SID,
        twilio_auth_token=twilios.AUTH_TOKEN,
        twilio_from=twilios.SMS_FROM,
    )
    async with running(replace(settings_for(database_url), delivery=delivery)) as application:
        scope = Scope(tenant.tenant, SYSTEM, utc_now, application.parts)
        await sweep(scope, left_open=timedelta(0))
    states = Counter(await inside.values("SELECT state FROM tenant.delivery_message"))
    assert set(states) <= {"sent", "failed"}
    assert states.total() == len(stored)
    told = texted(twilio)
    assert max(told.values()) == 1
    # Failed are those of unknown fate: asked once already, perhaps in vain.
    assert states["sent"] <= len(told) <= states.total()
    assert await inside.value("SELECT count(*) FROM tenant.escalation_job WHERE NOT settled") == 0
