"""How often a requester may ask: by app and member, of the organisation or the app, and what is said past it."""

import httpx

from tests.families.ideas.land import App, make_app, make_person, token_of
from tests.fixtures.tenants import TestTenant

MESSAGE = "API call limit exceeded."
EXCEEDED = {
    "errorCode": 2029,
    "message": MESSAGE,
    "error": "rate_limit_exceeded",
    "error_description": MESSAGE,
}


async def test_past_the_limit_of_an_app_each_member_is_told_when_to_come_back(
    client: httpx.AsyncClient, tenant: TestTenant
) -> None:
    app = await make_app(tenant, per_hour=3)
    await make_person(tenant, "ann@x.org")
    await make_person(tenant, "bo@x.org")
    ann = await token_of(client, app, "ann@x.org")
    answers = [await client.get("/api3/campaign", headers=ann) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"3"}
    refused = answers[3]
    assert refused.json() == EXCEEDED
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert int(refused.headers["x-ratelimit-reset"]) > 0
    bo = await token_of(client, app, "bo@x.org")
    assert (await client.get("/api3/campaign", headers=bo)).status_code == 200


async def test_the_organisation_s_limit_holds_where_the_app_has_none(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    settings = {"ideas_requests_per_hour": 2}
    assert (await tenant.http.patch("/api/v1/settings/", json=settings)).status_code == 200
    await make_person(tenant, "ann@x.org")
    ann = await token_of(client, app, "ann@x.org")
    answers = [await client.get("/api3/campaign", headers=ann) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_an_app_may_be_without_a_limit(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    app = await make_app(tenant, per_hour=0)
    await make_person(tenant, "ann@x.org")
    ann = await token_of(client, app, "ann@x.org")
    answer = await client.get("/api3/campaign", headers=ann)
    assert (answer.status_code, "x-ratelimit-limit" in answer.headers) == (200, False)


async def test_three_hundred_an_hour_are_allowed_by_default(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.get("/api3/campaign", headers=admin)
    assert answer.headers["x-ratelimit-limit"] == "300"
