"""/api/v1/escalation/…: contacts are written there, issues, logs and jobs only read."""

import pytest

from tests.families.escalation.people import LOG, Person, add
from tests.fixtures.tenants import MakeTenant, TestTenant

CONTACTS = "/api/v1/escalation/contacts/"
NOTHING = {"EMAIL": False, "SMS": False, "WHATSAPP": False}


async def test_a_contact_begins_with_no_consent_and_no_preference(tenant: TestTenant) -> None:
    made = await tenant.http.post(CONTACTS, json={"person": 1})
    assert made.status_code == 201
    body = made.json()
    assert (body["person"], body["consents"], body["preferences"]) == (1, NOTHING, [])


async def test_preferences_are_kept_in_the_order_of_severity(tenant: TestTenant) -> None:
    body = {"person": 1, "consents": {**NOTHING, "SMS": True}, "preferences": ["CRITICAL", "LOW", "CRITICAL"]}
    made = (await tenant.http.post(CONTACTS, json=body)).json()
    assert (made["consents"], made["preferences"]) == ({**NOTHING, "SMS": True}, ["LOW", "CRITICAL"])


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"person": 4711}, "person"),
        ({"consents": {"EMAIL": True}}, "consents.SMS"),
        ({"consents": {**NOTHING, "EMAIL": "yes"}}, "consents.EMAIL"),
        ({"preferences": ["HIGH"]}, "preferences"),
        ({"preferences": "LOW"}, "preferences"),
    ],
)
async def test_a_contact_that_cannot_be_is_refused(tenant: TestTenant, change: dict[str, object], attr: str) -> None:
    answer = await tenant.http.post(CONTACTS, json={"person": 1, **change})
    assert answer.status_code == 400
    assert attr in [error["attr"] for error in answer.json()["errors"]]


async def test_a_person_has_one_contact(tenant: TestTenant) -> None:
    await tenant.http.post(CONTACTS, json={"person": 1})
    answer = await tenant.http.post(CONTACTS, json={"person": 1})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "person")


@pytest.mark.parametrize("resource", ["issues", "logs", "jobs"])
async def test_what_escalation_stores_is_only_read(tenant: TestTenant, resource: str) -> None:
    await add(tenant, Person("Andy Zane", "EMAIL"))
    await tenant.http.post("/escalate", json=LOG)
    path = f"/api/v1/escalation/{resource}/"
    found = (await tenant.http.get(path)).json()
    assert found["count"] == 1
    record = found["results"][0]["id"]
    assert (await tenant.http.get(f"{path}{record}/")).json() == found["results"][0]
    assert (await tenant.http.post(path, json={})).status_code == 405
    assert (await tenant.http.delete(f"{path}{record}/")).status_code == 405


async def test_the_neighbour_sees_none_of_it(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    await add(tenant, Person("Andy Zane", "EMAIL"))
    await tenant.http.post("/escalate", json=LOG)
    neighbour = await make_tenant("neighbour@x.org")
    for resource in ("contacts", "issues", "logs", "jobs"):
        assert (await neighbour.http.get(f"/api/v1/escalation/{resource}/")).json()["count"] == 0
