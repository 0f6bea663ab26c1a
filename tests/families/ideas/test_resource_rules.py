"""What follows from a record that is written at /api/v1/ideas/…: scores, searches, roles, credentials."""

import httpx

from clerestory.families.ideas.recount import recount
from tests.families.ideas.land import App, make_campaign, make_person, put, token_of
from tests.families.ideas.test_forms import count_anew, make_idea
from tests.families.ideas.test_resources import made, refusal
from tests.fixtures.tenants import PASSWORD, TestTenant


async def scores(tenant: TestTenant) -> list[int]:
    return await tenant.scope.direct().values("SELECT score FROM tenant.ideas_standing ORDER BY idea")


async def test_with_other_points_the_ideas_are_scored_anew(tenant: TestTenant) -> None:
    ann = await make_person(tenant, "ann@x.org")
    campaign, other = await make_campaign(tenant), await make_campaign(tenant, "Other")
    await put(tenant, "ideas_status", name="New")
    for number in (campaign, other):
        idea = await make_idea(tenant, number)
        await put(tenant, "ideas_vote", idea=idea, person=ann, type="promote")
        await put(tenant, "ideas_chip_vote", idea=idea, person=ann, chips=7)
        await put(tenant, "ideas_comment", idea=idea, person=ann, text="Yes")
        await put(tenant, "ideas_comment", idea=idea, person=ann, text="Hush", visible=False)
    await count_anew(tenant)
    assert await scores(tenant) == [1, 1]
    body = {"promote_points": 10, "comment_points": 2, "chip_points": 3}
    assert (await tenant.http.patch(f"/api/v1/ideas/campaigns/{campaign}/", json=body)).status_code == 200
    assert await scores(tenant) == [33, 1]
    async with tenant.scope.begin() as tx:
        await recount(tx)
    assert await scores(tenant) == [33, 1]


async def test_with_another_language_the_ideas_are_found_by_its_rules(tenant: TestTenant) -> None:
    campaign = await make_campaign(tenant)
    await put(tenant, "ideas_status", name="New")
    await make_idea(tenant, campaign, title="Swapping bearings")
    found = "/api3/search?query=swapped&type=idea"
    assert (await tenant.http.get(found)).json()["stats"]["total"] == 0
    await tenant.http.patch(f"/api/v1/ideas/campaigns/{campaign}/", json={"language": "english"})
    assert (await tenant.http.get(found)).json()["stats"]["total"] == 1


async def test_what_ideas_have_is_not_removed(tenant: TestTenant) -> None:
    campaign = await make_campaign(tenant)
    status = await put(tenant, "ideas_status", name="New")
    category = await put(tenant, "ideas_category", campaign=campaign, name="Noise")
    await make_idea(tenant, campaign, category=category)
    await count_anew(tenant)
    for path in (f"campaigns/{campaign}", f"statuses/{status}", f"categories/{category}"):
        answer = await tenant.http.delete(f"/api/v1/ideas/{path}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert await tenant.scope.direct().value("SELECT sum(ideas) FROM tenant.ideas_tally") == 1


async def test_a_role_lets_in_at_once(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> None:
    person = await make_person(tenant, "ann@x.org")
    campaign = await made(tenant, "campaigns", name="Draft", status="Draft")
    token = await token_of(client, app, "ann@x.org")
    path = f"/api3/campaign/{campaign['uuid']}"
    assert (await client.get(path, headers=token)).status_code == 404
    role = await made(tenant, "roles", campaign=campaign["id"], person=person, role="moderator")
    assert (await client.get(path, headers=token)).status_code == 200
    await tenant.http.delete(f"/api/v1/ideas/roles/{role['id']}/")
    assert (await client.get(path, headers=token)).status_code == 404


async def test_an_app_is_changed_and_removed_and_its_secret_never_shown(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    await make_person(tenant, "ann@x.org")
    token = await token_of(client, app, "ann@x.org")
    path = f"/api/v1/ideas/apps/{app.id}/"
    answer = await tenant.http.get(path)
    shown = answer.json()
    assert app.secret not in answer.text
    assert shown == {
        "id": app.id,
        "uuid": shown["uuid"],
        "name": "Dashboard",
        "website": "",
        "client_id": app.client_id,
        "redirect_uris": ["https://app.example.org/back"],
        "master": False,
        "per_hour": None,
        "created": shown["created"],
        "modified": shown["modified"],
    }
    for change, attr in (
        ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris"),
        ({"website": "example.org"}, "website"),
        ({"name": ""}, "name"),
    ):
        assert await refusal(await tenant.http.patch(path, json=change)) == (400, attr)
    changed = (await tenant.http.patch(path, json={"per_hour": 2, "client_id": "mine"})).json()
    assert (changed["per_hour"], changed["client_id"]) == (2, app.client_id)
    assert (await tenant.http.post("/api/v1/ideas/apps/", json={"name": "Mine"})).status_code == 405
    assert (await tenant.http.delete(path)).status_code == 204
    fields = app.fields("password", username="ann@x.org", password=PASSWORD)
    assert (await client.post("/_oauth2/token", data=fields)).json()["error"] == "invalid_client"
    rows = await tenant.scope.database.direct().value(
        "SELECT count(*) FROM platform.ideas_token WHERE tenant = :tenant", tenant=tenant.tenant.id
    )
    assert rows == 0
    assert token
