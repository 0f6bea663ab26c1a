"""People and groups by the API, as a client sees them."""

from typing import Any
from unittest.mock import ANY

import pytest

from tests.families.workspace.words import NOT_FOUND, invalid, refusal
from tests.fixtures.tenants import TestTenant

PEOPLE = "/api/v1/people/"
GROUPS = "/api/v1/groups/"


def person(**changed: Any) -> dict[str, Any]:
    return {
        "id": ANY,
        "uuid": ANY,
        "email": "ann@example.org",
        "first_name": "",
        "last_name": "",
        "phone_number": None,
        "role": "",
        "avatar": None,
        "active": True,
        "administrator": False,
        "created": ANY,
        "modified": ANY,
        **changed,
    }


async def ann(tenant: TestTenant, **more: Any) -> int:
    answer = await tenant.http.post(PEOPLE, json={"email": "ann@example.org", **more})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def test_a_person_is_made_and_answered_whole(tenant: TestTenant) -> None:
    body = {"email": " ann@Example.ORG ", "first_name": "Ann", "phone_number": "+44 7772 572105", "role": "CTO"}
    answer = await tenant.http.post(PEOPLE, json={**body, "id": 77, "uuid": "mine", "colour": "blue"})
    assert answer.status_code == 201
    made = person(first_name="Ann", phone_number="+447772572105", role="CTO")
    assert answer.json() == made
    assert answer.json()["created"] == answer.json()["modified"]
    again = await tenant.http.get(f"{PEOPLE}{answer.json()['id']}/")
    assert (again.status_code, again.json()) == (200, answer.json())


async def test_every_refused_field_is_named(tenant: TestTenant) -> None:
    body = {"first_name": "\0", "phone_number": "07772 572105", "active": "yes", "role": None, "avatar": 5}
    answer = await tenant.http.post(PEOPLE, json=body)
    assert answer.status_code == 400
    assert answer.json() == invalid(
        ("email", "required", "This field is required."),
        ("first_name", "invalid", "This text has characters that cannot be stored."),
        ("phone_number", "invalid", "Enter a phone number with its country code, such as +44 20 7946 0018."),
        ("role", "invalid", "This field may not be null."),
        ("avatar", "invalid", "A text is needed."),
        ("active", "invalid", "true or false is needed."),
    )


async def test_an_email_is_taken_once_whatever_its_letter_case(tenant: TestTenant) -> None:
    await ann(tenant)
    answer = await tenant.http.post(PEOPLE, json={"email": "ANN@example.org"})
    assert answer.status_code == 400
    assert answer.json() == invalid(("email", "unique", "A record with this value exists already."))


async def test_put_needs_the_required_fields_and_patch_does_not(tenant: TestTenant) -> None:
    number = await ann(tenant, role="CTO")
    put = await tenant.http.put(f"{PEOPLE}{number}/", json={"role": "CEO"})
    assert (put.status_code, put.json()) == (400, invalid(("email", "required", "This field is required.")))
    patch = await tenant.http.patch(f"{PEOPLE}{number}/", json={"last_name": "Lee"})
    assert (patch.status_code, patch.json()) == (200, person(id=number, role="CTO", last_name="Lee"))
    put = await tenant.http.put(f"{PEOPLE}{number}", json={**patch.json(), "role": "CEO"})
    assert (put.status_code, put.json()) == (200, person(id=number, role="CEO", last_name="Lee"))


async def test_a_person_goes_with_a_204_and_no_body(tenant: TestTenant) -> None:
    number = await ann(tenant)
    answer = await tenant.http.delete(f"{PEOPLE}{number}/")
    assert (answer.status_code, answer.content) == (204, b"")
    for again in (await tenant.http.delete(f"{PEOPLE}{number}/"), await tenant.http.get(f"{PEOPLE}{number}/")):
        assert (again.status_code, again.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("number", ["0", "999999999", str(2**63), "9" * 5000])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_an_id_that_nobody_has_is_not_found(tenant: TestTenant, method: str, number: str) -> None:
    answer = await tenant.http.request(method, f"{PEOPLE}{number}/", json={"email": "x@example.org"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_the_last_administrator_stays(tenant: TestTenant) -> None:
    found = await tenant.http.get(PEOPLE, params={"administrator": "true"})
    [registrant] = found.json()["results"]
    url = f"{PEOPLE}{registrant['id']}/"
    told = refusal("conflict", "The last active administrator cannot be removed, deactivated or demoted.")
    for answer in (
        await tenant.http.delete(url),
        await tenant.http.patch(url, json={"active": False}),
        await tenant.http.patch(url, json={"administrator": False}),
    ):
        assert (answer.status_code, answer.json()) == (409, told)
    await ann(tenant, administrator=True)
    assert (await tenant.http.delete(url)).status_code == 204


async def test_a_password_is_written_and_never_shown(tenant: TestTenant) -> None:
    refused = await tenant.http.post(PEOPLE, json={"email": "ann@example.org", "password": "1234"})
    assert refused.status_code == 400
    assert [error["code"] for error in refused.json()["errors"]] == [
        "password_too_short",
        "password_entirely_numeric",
    ]
    number = await ann(tenant, password="four grey herons")
    assert (await tenant.http.get(f"{PEOPLE}{number}/")).json() == person(id=number)
    body = {"email": "ann@example.org", "password": "four grey herons"}
    assert (await tenant.http.post("/api/v1/auth/login/", json=body)).status_code == 200


async def test_a_group_lists_its_members(tenant: TestTenant) -> None:
    first, second = await ann(tenant), await ann(tenant, email="bea@example.org")
    answer = await tenant.http.post(GROUPS, json={"name": "On call", "members": [second, first, second]})
    assert answer.status_code == 201
    group = {
        "id": ANY,
        "uuid": ANY,
        "name": "On call",
        "description": "",
        "members": [first, second],
        "created": ANY,
        "modified": ANY,
    }
    assert answer.json() == group
    url = f"{GROUPS}{answer.json()['id']}/"
    assert (await tenant.http.patch(url, json={"members": [second]})).json() == {**group, "members": [second]}
    assert (await tenant.http.patch(url, json={"description": "24/7"})).json()["members"] == [second]
    await tenant.http.delete(f"{PEOPLE}{second}/")
    assert (await tenant.http.get(url)).json()["members"] == []


async def test_a_group_of_nobody_who_exists_is_refused(tenant: TestTenant) -> None:
    answer = await tenant.http.post(GROUPS, json={"name": "Ghosts", "members": [123456]})
    assert (answer.status_code, answer.json()) == (400, invalid(("members", "invalid", "There is no such record.")))
    assert (await tenant.http.get(GROUPS)).json()["count"] == 0


async def test_a_group_needs_a_name_of_its_own(tenant: TestTenant) -> None:
    blank = await tenant.http.post(GROUPS, json={"name": "  "})
    assert (blank.status_code, blank.json()) == (400, invalid(("name", "invalid", "This field may not be blank.")))
    await tenant.http.post(GROUPS, json={"name": "On call"})
    taken = await tenant.http.post(GROUPS, json={"name": "On call"})
    assert taken.json() == invalid(("name", "unique", "A record with this value exists already."))
