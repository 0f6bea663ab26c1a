"""category, status and tag: whole lists, in JSON and XML; their counts and orders, and who sees which."""

import httpx
import pytest

from clerestory.families.ideas.recount import recount
from tests.families.ideas.land import App, make_campaign, make_person, put, token_of, uuid_of
from tests.families.ideas.test_campaigns import NOBODYS
from tests.fixtures.tenants import MakeTenant, TestTenant

NONE = {"total": 0, "page_count": 0, "current_page": 1}


def stats(total: int) -> dict[str, int]:
    return {"total": total, "page_count": 1, "current_page": 1}


async def id_of(tenant: TestTenant, table: str, row: int) -> str:
    return str(await uuid_of(tenant, table, row)).upper()


async def make_idea(tenant: TestTenant, campaign: int, **more: object) -> int:
    """An idea by hand, counted with the next recount."""
    direct = tenant.scope.direct()
    if "status" not in more:
        more["status"] = await direct.value("SELECT min(id) FROM tenant.ideas_status")
    if "person" not in more:
        more["person"] = await direct.value("SELECT min(id) FROM tenant.person")
    return await put(tenant, "ideas_idea", campaign=campaign, **{"title": "Fans", **more})


async def count_anew(tenant: TestTenant) -> None:
    async with tenant.scope.begin() as tx:
        await recount(tx)


async def test_categories_stand_in_the_order_that_was_set(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    campaign = await make_campaign(tenant)
    light = await put(tenant, "ideas_category", campaign=campaign, name="Light", place=2)
    noise = await put(tenant, "ideas_category", campaign=campaign, name="Noise & heat", place=1)
    other = await put(tenant, "ideas_category", campaign=await make_campaign(tenant, "Other"), name="Rest")
    campaign_id = await id_of(tenant, "ideas_campaign", campaign)
    expected = [
        {"id": await id_of(tenant, "ideas_category", noise), "name": "Noise & heat", "campaign_id": campaign_id},
        {"id": await id_of(tenant, "ideas_category", light), "name": "Light", "campaign_id": campaign_id},
    ]
    answer = await client.get(f"/api3/category/?campaign_id={campaign_id.lower()}", headers=admin)
    assert (answer.status_code, answer.json()) == (200, {"category_list": expected, "stats": stats(2)})
    everything = (await client.get("/api3/category", headers=admin)).json()
    assert [one["id"] for one in everything["category_list"]] == [
        await id_of(tenant, "ideas_category", other),
        *(one["id"] for one in expected),
    ]
    xml = await client.get(f"/api3/category?campaign_id={campaign_id}&format=xml&page_size=1", headers=admin)
    assert xml.text == (
        '<?xml version="1.0" encoding="UTF-8"?><response><category_list><category>'
        f"<id>{expected[0]['id']}</id><name>Noise &amp; heat</name><campaign_id>{campaign_id}</campaign_id>"
        "</category></category_list><stats><total>2</total><page_count>2</page_count><current_page>1</current_page>"
        "</stats></response>"
    )


@pytest.mark.parametrize("flag", ["idea_count", "idea_count=1", "with=idea_count"])
async def test_a_bare_flag_counts_the_ideas_that_one_may_see(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], flag: str
) -> None:
    campaign = await make_campaign(tenant)
    category = await put(tenant, "ideas_category", campaign=campaign, name="Noise")
    await put(tenant, "ideas_category", campaign=campaign, name="Light", place=1)
    await put(tenant, "ideas_status", name="New")
    await put(tenant, "ideas_status", name="Done", campaign=campaign)
    await make_idea(tenant, campaign, category=category)
    await make_idea(tenant, campaign, category=category, visible=False)
    await make_idea(tenant, campaign)
    await count_anew(tenant)
    await make_person(tenant, "ann@x.org")
    for headers, noise, new in ((admin, 2, 3), (await token_of(client, app, "ann@x.org"), 1, 2)):
        categories = (await client.get(f"/api3/category?{flag}", headers=headers)).json()["category_list"]
        assert [(one["name"], one["idea_count"]) for one in categories] == [("Noise", noise), ("Light", 0)]
        statuses = (await client.get(f"/api3/status?{flag}", headers=headers)).json()["status_list"]
        assert [(one["name"], one["idea_count"]) for one in statuses] == [("New", new), ("Done", 0)]
    plain = (await client.get("/api3/category?idea_count=0", headers=admin)).json()["category_list"]
    assert ["idea_count" in one for one in plain] == [False, False]


async def test_statuses_of_a_campaign_are_its_own_and_those_of_all(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    campaign, other = await make_campaign(tenant), await make_campaign(tenant, "Other")
    review = await put(tenant, "ideas_status", name="Under Review", place=1)
    new = await put(tenant, "ideas_status", name="New", place=0)
    own = await put(tenant, "ideas_status", name="Built", campaign=campaign)
    await put(tenant, "ideas_status", name="Else", campaign=other)
    expected = [
        {"id": await id_of(tenant, "ideas_status", row), "name": name}
        for row, name in ((new, "New"), (review, "Under Review"), (own, "Built"))
    ]
    path = f"/api3/status?campaign_id={await id_of(tenant, 'ideas_campaign', campaign)}"
    answer = await client.get(path, headers=admin)
    assert (answer.status_code, answer.json()) == (200, {"status_list": expected, "stats": stats(3)})
    ordered = (await client.get(f"{path}&order=name DESC", headers=admin)).json()["status_list"]
    assert [one["name"] for one in ordered] == ["Under Review", "New", "Built"]
    by_id = (await client.get(f"{path}&order=id", headers=admin)).json()["status_list"]
    assert [one["id"] for one in by_id] == sorted(one["id"] for one in expected)
    xml = await client.get(f"{path}&format=xml&order=name&page_size=1", headers=admin)
    assert xml.text == (
        '<?xml version="1.0" encoding="UTF-8"?><response><status_list><status>'
        f"<id>{expected[2]['id']}</id><name>Built</name></status></status_list>"
        "<stats><total>3</total><page_count>3</page_count><current_page>1</current_page></stats></response>"
    )


@pytest.mark.parametrize("path", ["/api3/category", "/api3/status"])
async def test_a_campaign_that_may_not_be_entered_is_as_one_that_is_not_there(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], path: str
) -> None:
    closed = await make_campaign(tenant, restricted=True)
    await put(tenant, "ideas_category", campaign=closed, name="Noise")
    await put(tenant, "ideas_status", campaign=closed, name="New")
    await make_person(tenant, "ann@x.org")
    ann = await token_of(client, app, "ann@x.org")
    closed_id = await id_of(tenant, "ideas_campaign", closed)
    for asked in (closed_id, "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", "none"):
        answer = await client.get(f"{path}?campaign_id={asked}", headers=ann)
        assert (answer.status_code, answer.json()) == (404, NOBODYS)
    assert (await client.get(path, headers=ann)).json()["stats"] == NONE
    assert (await client.get(path, headers=admin)).json()["stats"] == stats(1)


async def test_statuses_of_all_campaigns_are_for_those_who_may_enter_one(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    await put(tenant, "ideas_status", name="New")
    await make_person(tenant, "ann@x.org")
    ann = await token_of(client, app, "ann@x.org")
    assert (await client.get("/api3/status", headers=ann)).json()["status_list"] == []
    await make_campaign(tenant)
    assert (await client.get("/api3/status", headers=ann)).json()["stats"] == stats(1)


async def tagged(tenant: TestTenant, idea: int, *names: str) -> None:
    for name in names:
        tag = await tenant.scope.direct().value("SELECT id FROM tenant.ideas_tag WHERE name = :name", name=name)
        tag = tag or await put(tenant, "ideas_tag", name=name)
        await put(tenant, "ideas_idea_tag", idea=idea, tag=tag)


async def test_tags_are_counted_and_go_from_z_to_a(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    ann = await make_person(tenant, "ann@x.org")
    campaign, closed = await make_campaign(tenant), await make_campaign(tenant, restricted=True)
    await put(tenant, "ideas_status", name="New")
    fans = await make_idea(tenant, campaign, person=ann)
    await tagged(tenant, fans, "fan", "cost")
    await tagged(tenant, await make_idea(tenant, campaign), "fan")
    await tagged(tenant, await make_idea(tenant, campaign, visible=False), "fan", "hidden")
    await tagged(tenant, await make_idea(tenant, closed), "cost", "closed")
    await put(tenant, "ideas_tag", name="unused")
    await count_anew(tenant)
    token = await token_of(client, app, "ann@x.org")

    async def seen(headers: dict[str, str], query: str = "") -> list[tuple[str, int]]:
        body = (await client.get(f"/api3/tag{query}", headers=headers)).json()
        assert body["stats"]["total"] == len(body["tag_list"])
        return [(one["name"], one["tagCount"]) for one in body["tag_list"]]

    assert await seen(admin) == [("hidden", 1), ("fan", 3), ("cost", 2), ("closed", 1)]
    assert await seen(token) == [("fan", 2), ("cost", 1)]
    assert await seen(token, "?order=tag_count") == [("cost", 1), ("fan", 2)]
    assert await seen(admin, "?order=tag_count DESC, tag_name ASC") == [
        ("fan", 3),
        ("cost", 2),
        ("closed", 1),
        ("hidden", 1),
    ]
    assert await seen(token, f"?idea_id={await uuid_of(tenant, 'ideas_idea', fans)}") == [("fan", 2), ("cost", 1)]
    member = await uuid_of(tenant, "person", ann)
    assert await seen(admin, f"?member_id={member}") == [("fan", 3), ("cost", 2)]
    await put(tenant, "ideas_role", campaign=campaign, person=ann, role="moderator")
    assert await seen(token) == [("fan", 2), ("cost", 1)]
    await tenant.scope.direct().execute("UPDATE tenant.ideas_role SET role = 'administrator'")
    assert await seen(token) == [("hidden", 1), ("fan", 3), ("cost", 1)]


async def test_a_tag_whole(client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]) -> None:
    await put(tenant, "ideas_status", name="New")
    await tagged(tenant, await make_idea(tenant, await make_campaign(tenant)), "fan")
    await count_anew(tenant)
    tag = await id_of(tenant, "ideas_tag", await tenant.scope.direct().value("SELECT id FROM tenant.ideas_tag"))
    answer = await client.get("/api3/tag/", headers=admin)
    expected = {"tag_list": [{"id": tag, "name": "fan", "tagCount": 1}], "stats": stats(1)}
    assert (answer.status_code, answer.json()) == (200, expected)
    xml = await client.get("/api3/tag?format=xml", headers=admin)
    assert xml.text == (
        '<?xml version="1.0" encoding="UTF-8"?><response><tag_list>'
        f"<tag><id>{tag}</id><name>fan</name><tagCount>1</tagCount></tag></tag_list>"
        "<stats><total>1</total><page_count>1</page_count><current_page>1</current_page></stats></response>"
    )


async def test_the_tags_of_a_hidden_idea_and_of_an_anonymous_one_tell_nothing(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    ann = await make_person(tenant, "ann@x.org")
    await make_person(tenant, "bo@x.org")
    campaign = await make_campaign(tenant)
    await put(tenant, "ideas_status", name="New")
    hidden = await make_idea(tenant, campaign, visible=False)
    await tagged(tenant, hidden, "hidden")
    await tagged(tenant, await make_idea(tenant, campaign, person=ann, anonymous=True), "secret")
    await count_anew(tenant)
    bo = await token_of(client, app, "bo@x.org")
    answer = await client.get(f"/api3/tag?idea_id={await uuid_of(tenant, 'ideas_idea', hidden)}", headers=bo)
    assert (answer.status_code, answer.json()) == (404, NOBODYS)
    query = f"?member_id={await uuid_of(tenant, 'person', ann)}"
    assert (await client.get(f"/api3/tag{query}", headers=bo)).json()["tag_list"] == []
    own = await token_of(client, app, "ann@x.org")
    for headers in (own, admin):
        body = (await client.get(f"/api3/tag{query}", headers=headers)).json()
        assert [one["name"] for one in body["tag_list"]] == ["secret"]


@pytest.mark.parametrize("path", ["/api3/category", "/api3/status", "/api3/tag"])
async def test_the_neighbour_and_whoever_shows_nothing_see_nothing(
    client: httpx.AsyncClient, tenant: TestTenant, make_tenant: MakeTenant, path: str
) -> None:
    campaign = await make_campaign(tenant, public=True)
    await put(tenant, "ideas_category", campaign=campaign, name="Noise")
    await put(tenant, "ideas_status", name="New")
    await tagged(tenant, await make_idea(tenant, campaign), "fan")
    await count_anew(tenant)
    neighbour = await make_tenant("joe@x.org")
    campaign_id = await uuid_of(tenant, "ideas_campaign", campaign)
    assert (await tenant.http.get(path)).json()["stats"] == stats(1)
    assert (await neighbour.http.get(path)).json()["stats"] == NONE
    if path != "/api3/tag":
        assert (await neighbour.http.get(f"{path}?campaign_id={campaign_id}")).status_code == 404
    assert (await client.get(path)).json()["stats"] == NONE


@pytest.mark.parametrize("path", ["/api3/category", "/api3/status", "/api3/tag"])
async def test_they_are_read_alone(tenant: TestTenant, path: str) -> None:
    answer = await tenant.http.post(path, data={"name": "Another"})
    assert (answer.status_code, answer.json()["errorCode"]) == (405, 2008)
