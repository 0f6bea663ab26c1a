"""A tenant that floods waits for itself: its neighbours are stored and told in their turn. Counted, never timed."""

import asyncio

import httpx

from clerestory.families.escalation.intake.decode import to_log
from clerestory.families.escalation.intake.intake import Arrival, Intake
from clerestory.families.escalation.intake.model import Environment
from clerestory.platform.tenancy import Tenant
from tests.families.escalation.conftest import Reach
from tests.families.escalation.people import LOG, Person, add
from tests.fixtures.tenants import MakeTenant, TestTenant, tenant_of
from tests.standins.server import Answer, eventually

NUMBER = "+447772572105"
FLOOD = 2000
BATCH = 500
AT_ONCE = 32
"""How many messages of one tenant are under way at a time."""


async def test_a_neighbours_log_is_stored_with_the_next_batch(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    neighbour = await make_tenant("neighbour@x.org")
    intake = tenant.scope.part(Intake)
    stored: list[Tenant] = []

    async def take(whose: TestTenant) -> None:
        log = to_log(httpx.Request("POST", "/", json=LOG).content, Environment.DEV, None)
        await intake.take(Arrival(whose.tenant, log, whose.scope.now))
        stored.append(whose.tenant)

    flood = [asyncio.create_task(take(tenant)) for _ in range(FLOOD)]
    await asyncio.sleep(0)
    await asyncio.gather(take(neighbour), *flood)
    # A batch may have been under way; the next one has a place for everybody.
    assert stored.index(neighbour.tenant) <= 2 * BATCH
    assert len(stored) == FLOOD + 1


async def test_a_neighbours_message_goes_out_while_a_flood_waits_for_its_provider(reach: Reach) -> None:
    neighbour = await tenant_of(reach.application, "neighbour@x.org")
    async with neighbour.http:
        await add(reach.tenant, Person("Charlie Xavier", "SMS", NUMBER))
        await add(neighbour, Person("Dora Field", "SMS", "+447772572106"))
        held = Answer(201, {"sid": "SM" + "0" * 32, "status": "queued"}, hold=True)
        reach.twilio.script(*[held] * AT_ONCE)
        flood = [asyncio.create_task(reach.tenant.http.post("/escalate", json=LOG)) for _ in range(2 * AT_ONCE)]
        for _ in eventually():
            if len(reach.twilio.heard) == AT_ONCE:
                break
            await asyncio.sleep(0.01)
        answer = await neighbour.http.post("/escalate", json=LOG)
        assert [job["result"]["status"] for job in answer.json()["data"]] == [201]
        assert [heard.form["To"] for heard in reach.twilio.heard] == [NUMBER] * AT_ONCE + ["+447772572106"]
        assert not any(one.done() for one in flood)
        reach.twilio.release()
        await asyncio.gather(*flood)
    assert len(reach.twilio.heard) == 2 * AT_ONCE + 1
