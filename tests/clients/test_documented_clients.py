"""Clients as they were written from each version of the documents: what they send, and what of the answer they read.

None of them knows that the others exist; each must work unchanged.
"""

import asyncio

import httpx
import pytest

from clerestory.app import Application
from tests.fixtures.tenants import MakeTenant, TestTenant

EXAMPLE = {
    "code": "500",
    "application": "ExampleApp",
    "message": "Critical bug detected",
    "severity": "MAJOR",
    "user_ref": "5698284710984738",
    "user_agent": "Mozilla/5.0 (iPad; U; CPU OS 3_2_1 like Mac OS X; en-us) AppleWebKit/531.21.10 (KHTML, like Gecko) "
    "Mobile/7B405",
    "trace": "Trace details here",
}


async def test_the_curl_line_of_the_documents_works_as_printed(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    """It posts to an endpoint that is read, with a body whose comma is one too many."""
    answer = await client.post(
        "/profile",
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {tenant.api_key}"},
        content=b'{\n    "name": "Example Company",\n}',
    )
    assert answer.status_code == 200
    assert sorted(answer.json()["data"]) == ["ba_rep", "name", "owner"]


@pytest.mark.parametrize("word", ["status", "code"])
async def test_a_client_reads_the_status_by_either_word(
    client: httpx.AsyncClient, tenant: TestTenant, word: str
) -> None:
    headers = {"Authorization": f"Bearer {tenant.api_key}", "Environment": "DEV"}
    for request in (client.get("/status"), client.post("/escalate", json=EXAMPLE, headers=headers)):
        answer = await request
        assert answer.json()[word] == answer.status_code


async def test_a_client_of_the_first_versions_sends_x_api_key_to_the_host_for_development(
    application: Application, tenant: TestTenant
) -> None:
    transport = httpx.ASGITransport(application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://api-dev.clerestory.test") as client:
        answer = await client.post("/escalate", json=EXAMPLE, headers={"x-api-key": tenant.api_key})
    assert answer.status_code == 201
    messages = [job["result"]["data"]["message"] for job in answer.json()["data"]]
    assert set(messages) <= {"Not sent: DEV environment"}


async def test_a_client_branches_on_400_and_reads_the_code(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    answer = await client.post(
        "/escalate", json=EXAMPLE | {"severity": "HIGH"}, headers={"Authorization": f"Bearer {tenant.api_key}"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "FIELD_INVALID")
    assert all(isinstance(text, str) for text in answer.json()["error"].values())


@pytest.mark.parametrize(
    ("given", "field", "codes"),
    [
        ({"email": "jane.doe@x.org"}, "email", ["unique"]),
        ({"password": "12345678"}, "password", ["password_too_common", "password_entirely_numeric"]),
        ({"password": "x7!"}, "password", ["password_too_short"]),
    ],
)
async def test_both_generations_read_why_a_registration_was_refused(
    client: httpx.AsyncClient, tenant: TestTenant, given: dict[str, str], field: str, codes: list[str]
) -> None:
    """The one of 2022 reads `detail` and `data`, those since 2023 a list of codes with their fields."""
    person = {"email": "new@x.org", "first_name": "J", "last_name": "D", "password": tenant.password} | given
    answer = await client.post("/api/v1/auth/register/", json=person, headers={"Api-Key": tenant.api_key})
    body = answer.json()
    texts = body["data"][field]
    assert (answer.status_code, body["type"], list(body["data"])) == (400, "validation_error", [field])
    assert body["detail"] == texts[0]
    assert [(error["attr"], error["code"], error["detail"]) for error in body["errors"]] == [
        (field, code, text) for code, text in zip(codes, texts, strict=True)
    ]


async def test_a_browser_client_renews_its_tokens_from_several_tabs_at_once(
    client: httpx.AsyncClient, tenant: TestTenant
) -> None:
    """Its interceptors fire one refresh for each request that met an expired token, and store both tokens."""
    keyed = {"Api-Key": tenant.api_key}
    credentials = {"email": tenant.email, "password": tenant.password}
    tokens = (await client.post("/api/v1/auth/login/", json=credentials, headers=keyed)).json()
    body = {"refresh": tokens["refresh"]}
    answers = await asyncio.gather(
        *(client.post("/api/v1/auth/token/refresh/", json=body, headers=keyed) for _ in range(4))
    )
    for answer in answers:
        assert (answer.status_code, sorted(answer.json())) == (200, ["access", "refresh"])
        bearer = keyed | {"Authorization": f"Bearer {answer.json()['access']}"}
        profile = await client.get("/api/v1/users/profile/", headers=bearer)
        assert (profile.status_code, profile.json()["email"]) == (200, tenant.email)


async def test_a_client_that_lost_its_tenant_is_asked_to_log_in_again(
    client: httpx.AsyncClient, tenant: TestTenant, make_tenant: MakeTenant
) -> None:
    neighbour = await make_tenant("joe@x.org")
    keyed = {"Api-Key": tenant.api_key}
    credentials = {"email": tenant.email, "password": tenant.password}
    access = (await client.post("/api/v1/auth/login/", json=credentials, headers=keyed)).json()["access"]
    for key in ({"Api-Key": neighbour.api_key}, {}):
        answer = await client.get("/api/v1/users/profile/", headers={"Authorization": f"Bearer {access}"} | key)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


async def test_a_client_follows_pages_and_cursors_to_the_end(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    keyed = {"Api-Key": tenant.api_key}
    for number in range(5):
        await client.post("/api/v1/groups/", json={"name": f"Group {number}"}, headers=keyed)
    for path in ("/api/v1/groups/?limit=2", "/api/v1/groups/list-cursor/?limit=2"):
        names: list[str] = []
        following: str | None = path
        while following:
            page = (await client.get(following, headers=keyed)).json()
            names += [group["name"] for group in page["results"]]
            following = page["next"]
        assert sorted(names) == [f"Group {number}" for number in range(5)]
