"""campaign: one and a list, whole, in JSON and XML; who sees which; the shapes of requests that clients send."""

from typing import Any

import httpx
import pytest

from clerestory.families.ideas.recount import recount
from tests.families.ideas.land import (
    MADE,
    MADE_ON_WIRE,
    App,
    make_campaign,
    make_person,
    put,
    token_of,
    uuid_of,
)
from tests.fixtures.tenants import MakeTenant, TestTenant

NOBODYS = {
    "errorCode": 2004,
    "message": "Invalid object ID or you don't have access to this object",
    "error": "invalid_request",
    "error_description": "Invalid object ID or you don't have access to this object",
}
OPTIONS = [
    {"option_id": "316", "option_enabled": False, "description": "Public Site"},
    {"option_id": "331", "option_enabled": False, "description": "Disable Vote"},
    {"option_id": "337", "option_enabled": True, "description": "Idea Tags"},
    {"option_id": "344", "option_enabled": False, "description": "Disable Comment"},
    {"option_id": "345", "option_enabled": False, "description": "Disable Demote"},
]
COUNTS = {"idea_count": 0, "comment_count": 0, "vote_count": 0, "member_count": 0, "blog_count": 0}


async def shown(tenant: TestTenant, campaign: int, **more: Any) -> dict[str, Any]:
    """The campaign as a list without counts has it."""
    return {
        "id": str(await uuid_of(tenant, "ideas_campaign", campaign)).upper(),
        "name": "Safer plant",
        "description": "Ideas for the shop floor",
        "date_created": MADE_ON_WIRE,
        "start_date": None,
        "end_date": None,
        "status": "Active",
        "scheduled": False,
        "campaign_options": OPTIONS,
        **more,
    }


async def test_a_campaign_is_shown_whole(client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]) -> None:
    campaign = await make_campaign(tenant, starts=MADE, ends=MADE)
    expected = await shown(tenant, campaign, start_date=MADE_ON_WIRE, end_date=MADE_ON_WIRE, **COUNTS)
    answer = await client.get(f"/api3/campaign/{expected['id']}", headers=admin)
    assert (answer.status_code, answer.json()) == (200, {"campaign": expected})
    assert answer.headers["content-type"] == "application/json"


async def test_a_campaign_as_xml(client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]) -> None:
    campaign = await make_campaign(tenant, name="Fans & <bearings>")
    uuid = str(await uuid_of(tenant, "ideas_campaign", campaign)).upper()
    answer = await client.get(f"/api3/campaign/{uuid}?format=xml", headers=admin)
    option = (
        "<campaign_option><option_id>{}</option_id><option_enabled>{}</option_enabled><description>{}</description>"
        "</campaign_option>"
    )
    options = "".join(
        option.format(one["option_id"], str(one["option_enabled"]).lower(), one["description"]) for one in OPTIONS
    )
    assert answer.text == (
        '<?xml version="1.0" encoding="UTF-8"?><response><campaign>'
        f"<id>{uuid}</id><name>Fans &amp; &lt;bearings&gt;</name><description>Ideas for the shop floor</description>"
        f'<date_created>{MADE_ON_WIRE}</date_created><start_date nil="true"/><end_date nil="true"/>'
        f"<status>Active</status><scheduled>false</scheduled><campaign_options>{options}</campaign_options>"
        "<idea_count>0</idea_count><comment_count>0</comment_count><vote_count>0</vote_count>"
        "<member_count>0</member_count><blog_count>0</blog_count></campaign></response>"
    )
    assert answer.headers["content-type"] == "application/xml"


async def test_an_error_as_xml(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.get("/api3/campaign/none?format=xml", headers=admin)
    message = "Invalid object ID or you don't have access to this object"
    expected = (
        '<?xml version="1.0" encoding="UTF-8"?><response><errorCode>2004</errorCode>'
        f"<message>{message}</message><error>invalid_request</error><error_description>{message}</error_description>"
        "</response>"
    )
    assert (answer.status_code, answer.text) == (404, expected)


async def test_accept_chooses_nothing(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.get("/api3/campaign", headers={**admin, "Accept": "application/xml"})
    assert answer.json() == {"campaign_list": [], "stats": {"total": 0, "page_count": 0, "current_page": 1}}


async def test_a_sponsor_is_a_member(client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]) -> None:
    person = await make_person(tenant, "ann@x.org")
    await make_campaign(tenant, sponsor=person)
    body = (await client.get("/api3/campaign", headers=admin)).json()
    assert body["campaign_list"][0]["sponsor"]["screen_name"] == "Ann Lee"


@pytest.mark.parametrize(
    "query", ["?with=idea_count", "?with=member_count,vote_count", "?with[]=idea_count", "?idea_count", "?idea_count=1"]
)
async def test_a_list_has_all_counts_for_whoever_asks_for_one(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], query: str
) -> None:
    campaign = await make_campaign(tenant)
    body = (await client.get(f"/api3/campaign/{query}", headers=admin)).json()
    stats = {"total": 1, "page_count": 1, "current_page": 1}
    assert body == {"campaign_list": [await shown(tenant, campaign, **COUNTS)], "stats": stats}


async def test_what_is_unknown_is_passed_over(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    campaign = await make_campaign(tenant)
    query = "?with=coumments&idea_count=0&order=stars&page_size=none&page=-5&stray=1&client_id=x"
    body = (await client.get(f"/api3/campaign{query}", headers=admin)).json()
    assert body["campaign_list"] == [await shown(tenant, campaign)]


async def test_pages_follow_each_other_and_the_last_is_empty(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    for number in range(5):
        await make_campaign(tenant, name=f"Campaign {number}")
    pages = []
    for page in (1, 2, 3, 4):
        body = (await client.get(f"/api3/campaign?page={page}&page_size=2", headers=admin)).json()
        assert body["stats"] == {"total": 5, "page_count": 3, "current_page": page}
        pages.append([campaign["name"] for campaign in body["campaign_list"]])
    assert pages == [["Campaign 4", "Campaign 3"], ["Campaign 2", "Campaign 1"], ["Campaign 0"], []]


async def test_a_list_is_filtered_and_ordered(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    await make_campaign(tenant, name="Apples", status="Closed")
    await make_campaign(tenant, name="Pears")
    await make_campaign(tenant, name="Pineapples")

    async def names(query: str) -> list[str]:
        body = (await client.get(f"/api3/campaign?{query}", headers=admin)).json()
        return [campaign["name"] for campaign in body["campaign_list"]]

    assert await names("order=name") == ["Apples", "Pears", "Pineapples"]
    assert await names("order=name DESC, date_created ASC") == ["Pineapples", "Pears", "Apples"]
    assert await names("name=APPLE&order=name") == ["Apples", "Pineapples"]
    assert await names("status=closed") == ["Apples"]
    assert await names("date_created=02/01/2024&order=name") == ["Apples", "Pears", "Pineapples"]
    assert await names("date_created=02/02/2024") == []
    refused = await client.get("/api3/campaign?date_created=2024-02-01", headers=admin)
    assert (refused.status_code, refused.json()["errorCode"]) == (400, 2007)


async def test_slashes_and_letter_case_of_ids_do_not_matter(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    uuid = await uuid_of(tenant, "ideas_campaign", await make_campaign(tenant))
    bodies = [
        (await client.get(f"/api3/campaign{place}", headers=admin)).json()
        for place in (f"/{uuid}", f"/{str(uuid).upper()}/", f"//{uuid}")
    ]
    assert bodies[0]["campaign"]["id"] == str(uuid).upper()
    assert bodies[0] == bodies[1] == bodies[2]


async def test_a_hidden_idea_counts_for_those_who_see_it(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    person = await make_person(tenant, "ann@x.org")
    campaign = await make_campaign(tenant)
    status = await put(tenant, "ideas_status", name="New")
    for visible in (True, False):
        idea = await put(
            tenant, "ideas_idea", campaign=campaign, status=status, person=person, title="Fans", visible=visible
        )
        await put(tenant, "ideas_vote", idea=idea, person=person, type="promote")
        await put(tenant, "ideas_comment", idea=idea, person=person, text="Yes", visible=visible)
    async with tenant.scope.begin() as tx:
        await recount(tx)
    ann = await token_of(client, app, "ann@x.org")
    counts = {}
    for name, header in (("admin", admin), ("regular", ann)):
        [body] = (await client.get("/api3/campaign?with=idea_count", headers=header)).json()["campaign_list"]
        counts[name] = (body["idea_count"], body["comment_count"], body["vote_count"])
    assert counts == {"admin": (2, 2, 2), "regular": (1, 1, 1)}


async def seen_by(client: httpx.AsyncClient, headers: dict[str, str]) -> set[str]:
    body = (await client.get("/api3/campaign?page_size=100", headers=headers)).json()
    return {campaign["name"] for campaign in body["campaign_list"]}


async def test_who_sees_which_campaign(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    ann = await make_person(tenant, "ann@x.org")
    await make_person(tenant, "bo@x.org")
    group = await put(tenant, "person_group", name="Plant 2")
    await put(tenant, "membership", person=ann, person_group=group)
    await make_campaign(tenant, name="public", public=True)
    await make_campaign(tenant, name="private")
    restricted = await make_campaign(tenant, name="restricted", restricted=True)
    draft = await make_campaign(tenant, name="draft", status="Draft")
    await put(tenant, "ideas_access", campaign=restricted, person_group=group)
    assert await seen_by(client, admin) == {"public", "private", "restricted", "draft"}
    assert await seen_by(client, {"Api-Key": tenant.api_key}) == {"public", "private", "restricted", "draft"}
    assert await seen_by(client, await token_of(client, app, "ann@x.org")) == {"public", "private", "restricted"}
    bo = await token_of(client, app, "bo@x.org")
    assert await seen_by(client, bo) == {"public", "private"}
    uuid = await uuid_of(tenant, "ideas_campaign", restricted)
    missing = await client.get("/api3/campaign/5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", headers=bo)
    refused = await client.get(f"/api3/campaign/{uuid}", headers=bo)
    assert (refused.status_code, refused.json()) == (missing.status_code, missing.json()) == (404, NOBODYS)
    person = await tenant.scope.direct().value("SELECT id FROM tenant.person WHERE email = 'bo@x.org'")
    await put(tenant, "ideas_role", campaign=draft, person=person, role="moderator")
    assert await seen_by(client, bo) == {"public", "private", "draft"}


async def test_the_neighbour_sees_nothing(
    client: httpx.AsyncClient, tenant: TestTenant, make_tenant: MakeTenant
) -> None:
    uuid = await uuid_of(tenant, "ideas_campaign", await make_campaign(tenant, public=True))
    neighbour = await make_tenant("joe@x.org")
    answer = await neighbour.http.get(f"/api3/campaign/{uuid}")
    assert (answer.status_code, answer.json()) == (404, NOBODYS)
    assert (await neighbour.http.get("/api3/campaign")).json()["campaign_list"] == []


async def test_without_a_credential_the_public_tenant_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api3/campaign")
    assert (answer.status_code, answer.json()["campaign_list"]) == (200, [])
