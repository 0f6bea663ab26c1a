"""The tenant's keys: listed masked, shown once, revoked at once everywhere, renewed."""

import asyncio
from unittest.mock import ANY

import pytest

from clerestory.app import running
from clerestory.platform.database import Listener
from tests.families.workspace.words import NOT_FOUND, refusal
from tests.fixtures.application import settings_for
from tests.fixtures.clocks import visitor
from tests.fixtures.tenants import MakeTenant, TestTenant, tenant_of

KEYS = "/api/v1/keys/"
REVOKED = refusal("invalid_api_key", "This key was revoked.")


def masked(key: str) -> str:
    return "••••••••" + key[-4:]


async def test_keys_are_listed_masked(tenant: TestTenant) -> None:
    answer = await tenant.http.get(KEYS)
    assert answer.status_code == 200
    assert answer.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": ANY,
                "name": "default",
                "key": masked(tenant.api_key),
                "rights": ["read", "write", "administer"],
                "created": ANY,
                "modified": ANY,
                "expires": None,
                "revoked": None,
            }
        ],
    }


async def test_a_new_key_is_shown_once_and_works(tenant: TestTenant) -> None:
    made = await tenant.http.post(KEYS, json={"name": "CI"})
    assert made.status_code == 201
    assert (made.json()["name"], len(made.json()["key"])) == ("CI", 36)
    again = await tenant.http.get(f"{KEYS}{made.json()['id']}/")
    assert again.json() == {**made.json(), "key": masked(made.json()["key"])}
    listed = await tenant.http.get(f"{KEYS}?limit=1")
    assert listed.json()["results"] == [again.json()]
    assert listed.json()["next"] == "http://clerestory.test/api/v1/keys/?limit=1&offset=1"
    current = await tenant.http.get("/api/v1/clients/current/", headers={"Api-Key": made.json()["key"]})
    assert current.json() == {"client": tenant.client, "schema": tenant.schema, "state": "READY"}


async def test_a_revoked_key_stays_listed_and_opens_nothing(tenant: TestTenant) -> None:
    made = (await tenant.http.post(KEYS, json={})).json()
    assert made["name"] == "default"
    gone = await tenant.http.delete(f"{KEYS}{made['id']}/")
    assert (gone.status_code, gone.content) == (204, b"")
    refused = await tenant.http.get("/api/v1/people/", headers={"Api-Key": made["key"]})
    assert (refused.status_code, refused.json()) == (401, REVOKED)
    listed = (await tenant.http.get(f"{KEYS}{made['id']}/")).json()
    assert listed["revoked"] is not None
    assert listed["modified"] == listed["revoked"]
    again = await tenant.http.delete(f"{KEYS}{made['id']}/")
    assert (again.status_code, again.json()) == (404, NOT_FOUND)


async def test_a_renewed_key_takes_the_place_of_the_old(tenant: TestTenant) -> None:
    made = (await tenant.http.post(KEYS, json={"name": "CI"})).json()
    renewed = await tenant.http.post(f"{KEYS}{made['id']}/renew/")
    assert renewed.status_code == 201
    assert renewed.json()["name"] == "CI"
    assert renewed.json()["key"] != made["key"]
    old, new = [
        await tenant.http.get("/api/v1/people/", headers={"Api-Key": key})
        for key in (made["key"], renewed.json()["key"])
    ]
    assert (old.json(), new.status_code) == (REVOKED, 200)


async def test_there_are_fifty_keys_at_most_and_revoked_ones_do_not_count(tenant: TestTenant) -> None:
    made = [await tenant.http.post(KEYS) for _ in range(49)]
    assert {answer.status_code for answer in made} == {201}
    refused = await tenant.http.post(KEYS)
    words = "There are 50 keys already: revoke one that is not needed any more."
    assert (refused.status_code, refused.json()) == (409, refusal("conflict", words))
    last = made[-1].json()["id"]
    assert (await tenant.http.post(f"{KEYS}{last}/renew/")).status_code == 201
    assert (await tenant.http.delete(f"{KEYS}{made[0].json()['id']}/")).status_code == 204
    assert (await tenant.http.post(KEYS)).status_code == 201


@pytest.mark.parametrize("number", ["0", "123456789", str(2**63)])
async def test_a_key_that_is_not_there_is_not_found(tenant: TestTenant, number: str) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "renew/")):
        answer = await tenant.http.request(method, f"{KEYS}{number}/{path}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


async def test_the_key_of_a_neighbour_is_not_there(make_tenant: MakeTenant) -> None:
    ours, theirs = await make_tenant(), await make_tenant()
    [key] = (await ours.http.get(KEYS)).json()["results"]
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "renew/")):
        answer = await theirs.http.request(method, f"{KEYS}{key['id']}/{path}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert (await ours.http.get(KEYS)).json()["results"] == [key]


async def test_a_revoked_key_is_refused_by_another_process_too(database_url: str) -> None:
    settings = settings_for(database_url)
    async with running(settings) as one, running(settings) as other:
        tenant = await tenant_of(one)
        for process in (one, other):
            await asyncio.wait_for(process.parts.find(Listener).ready.wait(), 10)
        async with tenant.http, visitor(other, **{"Api-Key": tenant.api_key}) as elsewhere:
            assert (await elsewhere.get(KEYS)).status_code == 200
            [key] = (await tenant.http.get(KEYS)).json()["results"]
            assert (await tenant.http.delete(f"{KEYS}{key['id']}/")).status_code == 204
            # Well before the five seconds for which a key is remembered.
            async with asyncio.timeout(3):
                while (answer := await elsewhere.get(KEYS)).status_code == 200:
                    await asyncio.sleep(0.01)
            assert (answer.status_code, answer.json()) == (401, REVOKED)
