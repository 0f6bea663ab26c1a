"""Logs go when an organisation does not want to keep them any longer, with all that hangs on them."""

from dataclasses import replace
from datetime import timedelta

from clerestory.families.escalation.logs.forget import FORGET, forget, forget_all
from clerestory.platform.tenancy import PUBLIC_TENANT
from tests.families.escalation.conftest import Reach
from tests.families.escalation.people import DEV, LOG, Person, add, log_keys, put_settings
from tests.fixtures.tenants import tenant_of

TABLES = (
    "tenant.escalation_issue", "tenant.escalation_log", "tenant.escalation_job", "tenant.escalation_recipient",
    "tenant.delivery_message", "tenant.delivery_attempt", "platform.escalation_log_key",
)  # fmt: skip


async def rows(reach: Reach) -> list[int]:
    """How many rows each of the tables has."""
    return [await reach.scope.direct().value(f"SELECT count(*) FROM {table}") for table in TABLES]


async def escalate(reach: Reach, code: str) -> None:
    assert (await reach.tenant.http.post("/escalate", json={**LOG, "code": code})).status_code == 201


async def test_nothing_is_forgotten_unless_somebody_says_so(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await escalate(reach, "old")
    reach.clock.turn(timedelta(days=4000))
    await forget(reach.scope)
    assert await rows(reach) == [1] * len(TABLES)


async def test_an_old_log_goes_with_its_key_and_messages_and_its_issue(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await put_settings(reach.tenant, escalation_keep_days=30)
    for code in ("gone", "gone", "gone", "stays"):
        await escalate(reach, code)
    old = (await log_keys(reach.tenant))[0]
    reach.clock.turn(timedelta(days=29))
    await forget(reach.scope)
    assert await rows(reach) == [2, *[4] * 6]
    await escalate(reach, "stays")
    reach.clock.turn(timedelta(days=2))
    await forget(reach.scope, portion=2)
    assert await rows(reach) == [1] * len(TABLES)
    assert await reach.scope.direct().values("SELECT (code, count) FROM tenant.escalation_issue") == [("stays", 2)]
    assert (await reach.tenant.http.get(f"/log/{old}")).status_code == 404
    assert (await reach.tenant.http.get(f"/log/{(await log_keys(reach.tenant))[0]}")).status_code == 200


async def test_each_night_whoever_forgets_is_seen_to_and_nobody_else(reach: Reach) -> None:
    neighbour = await tenant_of(reach.application, "neighbour@x.org")
    async with neighbour.http:
        await neighbour.http.post("/escalate", json=LOG, headers=DEV)
    await put_settings(reach.tenant, escalation_keep_days=30)
    await forget_all(replace(reach.scope, tenant=PUBLIC_TENANT))
    tenants = await reach.scope.direct().values(
        "SELECT headers ->> 'tenant' FROM jobs.pgqueuer WHERE entrypoint = :task", task=FORGET
    )
    assert tenants == [str(reach.tenant.tenant.id)]
