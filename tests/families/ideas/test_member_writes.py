"""member: made by administrators, and changed by them or by the member; the e-mail is the person's, and one's own."""

from typing import Any

import httpx
import pytest

from tests.families.ideas.land import App, make_person, token_of, uuid_of
from tests.families.ideas.test_campaigns import NOBODYS
from tests.families.ideas.test_groups import FORM, REFUSED
from tests.fixtures.tenants import PASSWORD, MakeTenant, TestTenant

NEW = {
    "email": "Bo@X.org",
    "screen_name": "bo",
    "first_name": "Bo",
    "last_name": "Smith",
    "job_title": "Fitter",
    "address": "1 Mill Lane",
    "phone": "123",
    "mobile_phone": "456",
    "external_user_id": "E8",
    "skills": "Fans",
    "work_history": "Mill",
    "department": "Plant 2",
    "active": "1",
}


async def test_an_administrator_makes_a_member_who_may_sign_in(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    answer = await client.post("/api3/member/", data={**NEW, "password": PASSWORD}, headers=admin)
    body = answer.json()["member"]
    made = await tenant.scope.direct().value("SELECT id FROM tenant.person WHERE lower(email) = 'bo@x.org'")
    expected: dict[str, Any] = {
        **NEW,
        "id": str(await uuid_of(tenant, "person", made)).upper(),
        "email": body["email"],
        "active": True,
        "photo_url": None,
        "photo_file_id": None,
        "date_created": body["date_created"],
        "date_modified": None,
        "last_login_date": None,
    }
    assert (answer.status_code, body) == (200, expected)
    assert body["email"].lower() == "bo@x.org"
    own = await token_of(client, app, "bo@x.org")
    assert (await client.get("/api3/member/me", headers=own)).json()["member"]["id"] == body["id"]


async def test_a_screen_name_and_an_email_are_enough(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.post("/api3/member?screen_name=Bo&email=bo%40x.org", headers={**admin, **FORM})
    body = answer.json()["member"]
    assert (answer.status_code, body["screen_name"], body["email"]) == (200, "Bo", "bo@x.org")


async def test_a_member_as_xml(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.post("/api3/member", json={"email": "bo@x.org", "format": "xml"}, headers=admin)
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><response><member><id>')
    assert "<email>bo@x.org</email>" in answer.text


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (2001, "Missing required parameter")),
        ({"email": " "}, (2001, "Missing required parameter")),
        ({"email": "nobody"}, (2007, "Enter a valid e-mail address.")),
        ({"email": "JANE.DOE@x.org"}, (2007, "A person with this e-mail exists already.")),
        ({"email": "bo@x.org", "active": "perhaps"}, (2007, "active must be 1 or 0")),
        ({"email": "bo@x.org", "first_name": "B" * 151}, (2007, "At most 150 characters are allowed.")),
        ({"email": "bo@x.org", "password": "short"}, (2007, "This password has less than 8 characters.")),
    ],
)
async def test_what_cannot_be_a_member_is_refused(
    client: httpx.AsyncClient,
    tenant: TestTenant,
    admin: dict[str, str],
    body: dict[str, str],
    refusal: tuple[int, str],
) -> None:
    before = await tenant.scope.direct().value("SELECT count(*) FROM tenant.person")
    answer = await client.post("/api3/member", data=body, headers=admin)
    found = answer.json()
    assert (answer.status_code, found["errorCode"], found["message"]) == (400, *refusal)
    assert await tenant.scope.direct().value("SELECT count(*) FROM tenant.person") == before


async def test_members_make_none(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> None:
    await make_person(tenant, "ann@x.org")
    ann = await token_of(client, app, "ann@x.org")
    answer = await client.post("/api3/member", data=NEW, headers=ann)
    assert (answer.status_code, answer.json()) == (403, REFUSED)
    assert (await client.post("/api3/member", data=NEW)).status_code == 401


async def test_a_member_changes_the_own_record_and_not_what_is_for_administrators(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    path = f"/api3/member/{await uuid_of(tenant, 'person', await make_person(tenant, 'ann@x.org'))}"
    own = await token_of(client, app, "ann@x.org")
    query = "?skills=Fans&email=anna%40x.org&active=0&external_user_id=E9&password=another%20good%20one"
    answer = await client.put(path + query, headers={**own, **FORM})
    body = answer.json()["member"]
    assert (answer.status_code, body["skills"], body["email"]) == (200, "Fans", "anna@x.org")
    assert body["date_modified"] is not None
    told = (await client.get(path, headers=admin)).json()["member"]
    assert (told["active"], told["external_user_id"], told["first_name"]) == (True, "", "Ann")
    # The password is as it was.
    await token_of(client, app, "anna@x.org")
    nothing = await client.put(path, data={}, headers=own)
    assert nothing.json()["member"] == body


async def test_nobody_changes_another_but_an_administrator(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    path = f"/api3/member/{await uuid_of(tenant, 'person', await make_person(tenant, 'ann@x.org'))}"
    await make_person(tenant, "bo@x.org")
    bo = await token_of(client, app, "bo@x.org")
    answer = await client.put(path, data={"first_name": "Not Ann"}, headers=bo)
    assert (answer.status_code, answer.json()) == (403, REFUSED)
    assert (await client.put(path, data={"first_name": "Not Ann"})).status_code == 401
    changed = await client.put(path, data={"active": "0", "external_user_id": "E9", "screen_name": ""}, headers=admin)
    body = changed.json()["member"]
    assert (body["active"], body["external_user_id"], body["screen_name"]) == (False, "E9", "Ann Lee")
    refused = await client.post("/_oauth2/token", data=app.fields("password", username="ann@x.org", password=PASSWORD))
    assert refused.status_code == 400


async def test_the_last_administrator_stays(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    me = (await client.get("/api3/member/me", headers=admin)).json()["member"]
    answer = await client.put(f"/api3/member/{me['id']}", data={"active": "0"}, headers=admin)
    message = "The last active administrator cannot be removed, deactivated or demoted."
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert (await client.get("/api3/member/me", headers=admin)).json()["member"] == me


async def test_the_neighbour_changes_nothing(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    uuid = await uuid_of(tenant, "person", await make_person(tenant, "ann@x.org"))
    neighbour = await make_tenant("joe@x.org")
    answer = await neighbour.http.put(f"/api3/member/{uuid}", data={"first_name": "Theirs"})
    assert (answer.status_code, answer.json()) == (404, NOBODYS)
    # An e-mail is taken in a tenant, and not in all of them.
    assert (await neighbour.http.post("/api3/member", data={"email": "ann@x.org"})).status_code == 200
