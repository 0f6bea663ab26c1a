"""One task for each issue at ClickUp, whatever happens there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from clerestory.families.escalation.tasks.claim import TASK
from clerestory.families.escalation.tasks.keep import keep
from tests.families.escalation.conftest import PUBLIC_URL, Reach, reaching
from tests.families.escalation.people import DEV, LOG, log_keys, page, put_settings
from tests.fixtures.clocks import own_application
from tests.fixtures.tenants import tenant_of
from tests.standins.clickup import LIST_ID, ClickUp, StoredTask, limited, refusal
from tests.standins.mail import Mail
from tests.standins.server import Answer, eventually
from tests.standins.twilio import Twilio


async def issue(reach: Reach) -> dict[str, Any]:
    found: dict[str, Any] = (await reach.tenant.http.get("/api/v1/escalation/issues/")).json()["results"][0]
    return found


async def deferred(reach: Reach) -> list[float]:
    """How long each deferred look at a task waits, in whole seconds."""
    return await reach.scope.database.direct().values(
        """
        SELECT round(extract(epoch FROM execute_after - created))
          FROM jobs.pgqueuer
         WHERE entrypoint = :task
         ORDER BY id
        """,
        task=TASK,
    )


async def escalate(reach: Reach, severity: str = "MAJOR", **headers: str) -> None:
    answer = await reach.tenant.http.post("/escalate", json={**LOG, "severity": severity}, headers=headers)
    assert answer.status_code == 201


async def test_the_first_severe_log_makes_the_task(reach: Reach) -> None:
    await escalate(reach, "MINOR")
    assert (await issue(reach))["task_state"] == "none"
    await escalate(reach)
    found = await issue(reach)
    assert found["task_state"] == "wanted"
    assert "Being made." in await page(reach.tenant)
    await keep(reach.scope, found["id"])
    (task,) = reach.clickup.tasks
    assert (task.name, task.priority) == ("[ExampleApp] 500: Critical bug detected", 2)
    assert list(task.fields.values()) == [found["uuid"]]
    assert f"{PUBLIC_URL}/log/{(await log_keys(reach.tenant))[0]}" in task.description
    found = await issue(reach)
    assert (found["task_state"], found["task_id"]) == ("made", task.id)
    assert f'href="https://app.clickup.com/t/{task.id}"' in await page(reach.tenant)


async def test_the_least_severity_is_the_organisations_choice(reach: Reach) -> None:
    await put_settings(reach.tenant, escalation_task_severity="CRITICAL")
    await escalate(reach)
    assert (await issue(reach))["task_state"] == "none"
    await escalate(reach, "CRITICAL")
    assert (await issue(reach))["task_state"] == "wanted"


async def test_dev_makes_no_task(reach: Reach) -> None:
    await escalate(reach, **DEV)
    assert ((await issue(reach))["task_state"], await deferred(reach)) == ("none", [])


async def test_a_job_that_runs_twice_makes_one_task(reach: Reach) -> None:
    await escalate(reach)
    await asyncio.gather(keep(reach.scope, 1), keep(reach.scope, 1))
    await keep(reach.scope, 1)
    assert len(reach.clickup.tasks) == 1


async def test_a_creation_of_unknown_fate_is_looked_up_before_it_is_repeated(reach: Reach) -> None:
    await escalate(reach)
    # ClickUp makes the task, and the answer is lost.
    reach.clickup.script(Answer(drop=True))
    await keep(reach.scope, 1)
    found = await issue(reach)
    assert (found["task_state"], found["task_note"]) == ("wanted", "ClickUp: the connection broke before an answer")
    made = reach.clickup.heard[0].json
    fields = {one["id"]: one["value"] for one in made["custom_fields"]}
    reach.clickup.tasks.append(StoredTask("868lost", made["name"], made["description"], 2, fields))
    await keep(reach.scope, 1)
    found = await issue(reach)
    assert (found["task_state"], found["task_id"], len(reach.clickup.tasks)) == ("made", "868lost", 1)


async def test_faults_are_retried_with_growing_pauses_and_then_left_to_the_next_log(reach: Reach) -> None:
    await escalate(reach)
    reach.clickup.script(*[Answer(500, {"err": "Oops"})] * 10)
    for _ in range(5):
        await keep(reach.scope, 1)
    assert [float(pause) for pause in await deferred(reach)] == [0, 1, 5, 30, 120]
    assert (await issue(reach))["task_state"] == "none"
    assert "ClickUp: the call was refused (HTTP 500)" in await page(reach.tenant)
    await escalate(reach)
    assert (await issue(reach))["task_state"] == "wanted"


async def test_a_creation_that_was_given_up_is_looked_up_before_the_next_log_makes_another(reach: Reach) -> None:
    await escalate(reach)
    # The first answer is lost, though ClickUp made the task; then ClickUp fails until the job gives up.
    reach.clickup.script(Answer(drop=True), *[Answer(500, {"err": "Oops"})] * 4)
    for _ in range(5):
        await keep(reach.scope, 1)
    assert (await issue(reach))["task_state"] == "none"
    made = reach.clickup.heard[0].json
    fields = {one["id"]: one["value"] for one in made["custom_fields"]}
    reach.clickup.tasks.append(StoredTask("868lost", made["name"], made["description"], 2, fields))
    await escalate(reach)
    await keep(reach.scope, 1)
    found = await issue(reach)
    assert (found["task_state"], found["task_id"], len(reach.clickup.tasks)) == ("made", "868lost", 1)


async def test_a_limit_is_waited_out_and_counts_as_no_attempt(reach: Reach) -> None:
    await escalate(reach)
    reset = reach.clock() + timedelta(seconds=42)
    reach.clickup.script(limited(int(reset.timestamp())))
    await keep(reach.scope, 1)
    pauses = [float(pause) for pause in await deferred(reach)]
    assert 40 <= pauses[1] <= 42
    reach.clock.turn(timedelta(seconds=50))
    await keep(reach.scope, 1)
    assert [heard.method for heard in reach.clickup.heard] == ["POST", "POST"]
    assert (await issue(reach))["task_state"] == "made"


async def test_a_refused_token_stops_it_and_alarms_the_owner(reach: Reach) -> None:
    await escalate(reach)
    reach.clickup.script(refusal("OAUTH_019", 401, "Token invalid"))
    await keep(reach.scope, 1)
    assert (await issue(reach))["task_state"] == "stopped"
    subjects = await reach.scope.direct().values(
        "SELECT subject FROM tenant.delivery_message WHERE state = 'kept' ORDER BY id"
    )
    assert subjects == ["ClickUp does not work"]
    await escalate(reach)
    assert (await issue(reach))["task_state"] == "stopped"
    reach.clock.turn(timedelta(minutes=16))
    await escalate(reach)
    await keep(reach.scope, 1)
    assert (await issue(reach))["task_state"] == "made"


async def test_settings_that_cannot_be_used_are_said_on_the_page(reach: Reach) -> None:
    await escalate(reach)
    async with reach.scope.begin() as tx:
        await tx.execute(
            """
            INSERT INTO tenant.setting (name, value)
            VALUES ('delivery_clickup_url', '"ftp://nowhere.example"')
            """
        )
    await keep(reach.scope, 1)
    found = await issue(reach)
    assert found["task_state"] == "none"
    assert found["task_note"].startswith("The settings cannot be used: ")


async def test_a_list_of_ones_own_needs_a_token_of_ones_own(reach: Reach) -> None:
    await name_list(reach, "900000000001")
    await escalate(reach)
    await keep(reach.scope, 1)
    found = await issue(reach)
    needed = "delivery_clickup_token is needed beside delivery_clickup_list_id"
    words = f"The settings cannot be used: {needed}: tasks go to a list of your own by a token of your own."
    assert (found["task_state"], found["task_note"]) == ("none", words)
    assert words in await page(reach.tenant)
    assert reach.clickup.heard == []


async def test_who_names_the_operators_list_has_it(reach: Reach) -> None:
    await name_list(reach, LIST_ID)
    await escalate(reach)
    await keep(reach.scope, 1)
    assert len(reach.clickup.tasks) == 1


async def test_the_operator_may_lend_the_token_for_any_list(
    database_url: str, mail: Mail, twilio: Twilio, clickup: ClickUp
) -> None:
    async with reaching(database_url, (mail, twilio, clickup), clickup_shared=True) as reach:
        await name_list(reach, "900000000001")
        await escalate(reach)
        await keep(reach.scope, 1)
        assert reach.clickup.heard[0].path.endswith("/list/900000000001/task")


async def name_list(reach: Reach, number: str) -> None:
    answer = await reach.tenant.http.patch("/api/v1/settings/", json={"delivery_clickup_list_id": number})
    assert answer.status_code == 200


async def test_a_deleted_task_is_made_anew_at_the_next_severe_log(reach: Reach) -> None:
    await escalate(reach)
    await keep(reach.scope, 1)
    first = reach.clickup.tasks[0].id
    reach.clickup.delete(first)
    reach.clock.turn(timedelta(minutes=2))
    await escalate(reach)
    await keep(reach.scope, 1)
    (task,) = reach.clickup.tasks
    assert task.id != first
    assert (await issue(reach))["task_id"] == task.id


async def test_a_closed_task_is_kept_and_commented_not_too_often(reach: Reach) -> None:
    await escalate(reach)
    await keep(reach.scope, 1)
    (task,) = reach.clickup.tasks
    reach.clickup.close_task(task.id)
    for _ in range(3):
        reach.clock.turn(timedelta(minutes=5))
        await escalate(reach)
        await keep(reach.scope, 1)
    assert (len(reach.clickup.tasks), len(task.comments)) == (1, 1)
    assert task.comments[0].startswith("This was seen again after the task was closed.\n\nCritical bug detected")


async def test_without_a_list_no_task_is_wanted(database_url: str) -> None:
    async with own_application(database_url) as application:
        tenant = await tenant_of(application, "other@x.org")
        async with tenant.http:
            await tenant.http.post("/escalate", json=LOG)
            (found,) = (await tenant.http.get("/api/v1/escalation/issues/")).json()["results"]
    assert found["task_state"] == "none"


@pytest.fixture
async def working(database_url: str, mail: Mail, twilio: Twilio, clickup: ClickUp) -> AsyncIterator[Reach]:
    async with reaching(database_url, (mail, twilio, clickup), jobs=True) as reach:
        yield reach


async def test_200_first_logs_at_once_make_one_issue_and_one_task(working: Reach) -> None:
    await asyncio.gather(*(escalate(working) for _ in range(200)))
    found = (await working.tenant.http.get("/api/v1/escalation/issues/")).json()
    assert [one["count"] for one in found["results"]] == [200]
    for _ in eventually(20):
        if (await issue(working))["task_state"] == "made":
            break
        await asyncio.sleep(0.01)
    assert len(working.clickup.tasks) == 1
