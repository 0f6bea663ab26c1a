"""activity: one event and a list, whole; what of it is hidden with its idea, its comment, its anonymous submitter."""

from typing import Any

import httpx
import pytest

from clerestory.families.ideas.activity import store
from clerestory.families.ideas.activity.model import Event, Happening, Wanted
from clerestory.families.ideas.activity.record import moved, record
from clerestory.families.ideas.rights.model import Viewer
from tests.families.ideas.land import MADE, MADE_ON_WIRE, App, make_campaign, make_person, put, token_of, uuid_of
from tests.families.ideas.test_campaigns import NOBODYS
from tests.families.ideas.test_forms import id_of, make_idea
from tests.fixtures.tenants import MakeTenant, TestTenant


async def happen(tenant: TestTenant, type: Happening, **about: Any) -> str:
    """Records an event; its id on the wire."""
    async with tenant.scope.begin() as tx:
        await record(tx, Event(type, about.pop("person", None), **about), MADE)
    newest = await tenant.scope.direct().value("SELECT max(id) FROM tenant.ideas_activity")
    return await id_of(tenant, "ideas_activity", newest)


@pytest.fixture
async def ann(tenant: TestTenant) -> int:
    return await make_person(tenant, "ann@x.org")


async def opened(tenant: TestTenant) -> int:
    """A private campaign, and a status for its ideas."""
    await put(tenant, "ideas_status", name="New")
    return await make_campaign(tenant)


@pytest.fixture
async def campaign(tenant: TestTenant) -> int:
    return await opened(tenant)


async def types(client: httpx.AsyncClient, headers: dict[str, str], query: str = "") -> list[str]:
    body = (await client.get(f"/api3/activity{query}", headers=headers)).json()
    assert body["stats"]["total"] == len(body["activity_list"])
    return [one["type"] for one in body["activity_list"]]


async def test_an_event_is_shown_whole(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, ann: int, campaign: int
) -> None:
    category = await put(tenant, "ideas_category", campaign=campaign, name="Noise")
    idea = await make_idea(tenant, campaign, person=ann, category=category, title="Quieter <fans>")
    about = {"campaign": campaign, "idea": idea, "person": ann}
    event = await happen(tenant, Happening.POST_IDEA, **about)
    token = await token_of(client, app, "ann@x.org")
    member = (await client.get("/api3/member/me", headers=token)).json()["member"]
    expected = {
        "type": "POST_IDEA",
        "id": event,
        "date_created": MADE_ON_WIRE,
        "idea_id": await id_of(tenant, "ideas_idea", idea),
        "campaign_id": await id_of(tenant, "ideas_campaign", campaign),
        "campaign_name": "Safer plant",
        "idea_title": "Quieter <fans>",
        "category_name": "Noise",
        "anonymous": False,
        "team_submission": False,
        "member": member,
    }
    answer = await client.get(f"/api3/activity/{event}/", headers=token)
    assert (answer.status_code, answer.json()) == (200, {"activity": expected})
    listed = (await client.get("/api3/activity?page_size=5", headers=token)).json()
    stats = {"total": 1, "page_count": 1, "current_page": 1}
    assert listed == {"activity_list": [expected], "stats": stats}
    xml = await client.get(f"/api3/activity//{event}?format=xml", headers=token)
    assert xml.text.startswith(
        '<?xml version="1.0" encoding="UTF-8"?><response><activity><type>POST_IDEA</type>'
        f"<id>{event}</id><date_created>{MADE_ON_WIRE}</date_created><idea_id>{expected['idea_id']}</idea_id>"
        f"<campaign_id>{expected['campaign_id']}</campaign_id><campaign_name>Safer plant</campaign_name>"
        "<idea_title>Quieter &lt;fans&gt;</idea_title><category_name>Noise</category_name><anonymous>false</anonymous>"
        f"<team_submission>false</team_submission><member><id>{member['id']}</id>"
    )


async def test_each_event_names_what_it_is_about(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], ann: int, campaign: int
) -> None:
    idea = await make_idea(tenant, campaign, person=ann)
    comment = await put(tenant, "ideas_comment", idea=idea, person=ann, text="Yes")
    status = await put(tenant, "ideas_status", name="Built")
    update = await put(tenant, "ideas_update", person=ann, message="Pilot")
    about = {"campaign": campaign, "idea": idea, "person": ann}
    await happen(tenant, Happening.POST_COMMENT, **about, comment=comment)
    await happen(tenant, Happening.STATUS_CHANGE, **{**about, "person": None}, status=status)
    await happen(tenant, Happening.POST_UPDATE, person=ann, update=update)
    for type in (Happening.PROMOTE_IDEA, Happening.DEMOTE_IDEA, Happening.CHIP_VOTE):
        await happen(tenant, type, **about)
    body = (await client.get("/api3/activity", headers=admin)).json()
    found = {one["type"]: one for one in body["activity_list"]}
    assert set(found) == set(Happening) - {"POST_IDEA"}
    told = found["POST_COMMENT"]
    assert (told["comment_id"], told["comment"]) == (await id_of(tenant, "ideas_comment", comment), "Yes")
    told = found["STATUS_CHANGE"]
    assert (told["status_id"], told["status_name"]) == (await id_of(tenant, "ideas_status", status), "Built")
    assert (told["member"]["id"], told["member"]["screen_name"]) == ("", "")
    told = found["POST_UPDATE"]
    assert (told["update_id"], told["message"]) == (await id_of(tenant, "ideas_update", update), "Pilot")
    assert not {"idea_id", "campaign_id", "comment", "status_id"} & set(told)


async def test_a_list_is_filtered_and_the_newest_comes_first(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], ann: int, campaign: int
) -> None:
    other = await make_campaign(tenant, "Other")
    idea = await make_idea(tenant, campaign, person=ann)
    elsewhere = await make_idea(tenant, other)
    await happen(tenant, Happening.POST_IDEA, campaign=campaign, idea=idea, person=ann)
    await happen(tenant, Happening.CHIP_VOTE, campaign=other, idea=elsewhere)
    assert await types(client, admin) == ["CHIP_VOTE", "POST_IDEA"]
    assert await types(client, admin, "?order=type DESC") == ["POST_IDEA", "CHIP_VOTE"]
    assert await types(client, admin, f"?campaign_id={await uuid_of(tenant, 'ideas_campaign', other)}") == ["CHIP_VOTE"]
    assert await types(client, admin, f"?idea_id={await uuid_of(tenant, 'ideas_idea', idea)}") == ["POST_IDEA"]
    assert await types(client, admin, f"?member_id={await uuid_of(tenant, 'person', ann)}") == ["POST_IDEA"]
    assert await types(client, admin, "?type=post_idea") == ["POST_IDEA"]
    assert len(await types(client, admin, "?date_created=02/01/2024")) == 2
    assert await types(client, admin, "?date_created=02/02/2024") == []
    for name in ("campaign_id", "idea_id", "member_id"):
        for asked in ("5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", "none"):
            answer = await client.get(f"/api3/activity?{name}={asked}", headers=admin)
            assert (answer.status_code, answer.json()) == (404, NOBODYS)


async def test_what_is_hidden_is_hidden_in_the_activity_too(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], ann: int
) -> None:
    campaign = await opened(tenant)
    closed = await make_campaign(tenant, "Closed", restricted=True)
    hidden = await make_idea(tenant, campaign, visible=False)
    shown = await make_idea(tenant, campaign)
    comment = await put(tenant, "ideas_comment", idea=shown, person=ann, text="Hush", visible=False)
    inside = await make_idea(tenant, closed)
    secret = [
        await happen(tenant, Happening.POST_IDEA, campaign=campaign, idea=hidden),
        await happen(tenant, Happening.POST_COMMENT, campaign=campaign, idea=shown, comment=comment),
        await happen(tenant, Happening.PROMOTE_IDEA, campaign=closed, idea=inside),
    ]
    token = await token_of(client, app, "ann@x.org")
    assert await types(client, token) == []
    assert await types(client, admin) == ["PROMOTE_IDEA", "POST_COMMENT", "POST_IDEA"]
    for event in secret:
        answer = await client.get(f"/api3/activity/{event}", headers=token)
        assert (answer.status_code, answer.json()) == (404, NOBODYS)
        assert (await client.get(f"/api3/activity/{event}", headers=admin)).status_code == 200
    await put(tenant, "ideas_role", campaign=campaign, person=ann, role="moderator")
    assert await types(client, token) == ["POST_COMMENT", "POST_IDEA"]


async def test_an_anonymous_submitter_is_told_to_those_the_campaign_tells(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], ann: int
) -> None:
    campaign = await opened(tenant)
    await make_person(tenant, "bo@x.org")
    bo, own = await token_of(client, app, "bo@x.org"), await token_of(client, app, "ann@x.org")
    idea = await make_idea(tenant, campaign, person=ann, anonymous=True)
    await happen(tenant, Happening.POST_IDEA, campaign=campaign, idea=idea, person=ann)
    member = f"?member_id={await uuid_of(tenant, 'person', ann)}"
    [event] = (await client.get("/api3/activity", headers=bo)).json()["activity_list"]
    assert (event["anonymous"], event["member"]["id"], event["member"]["screen_name"]) == (True, "", "")
    assert await types(client, bo, member) == []
    for headers in (own, admin):
        [event] = (await client.get("/api3/activity", headers=headers)).json()["activity_list"]
        assert event["member"]["screen_name"] == "Ann Lee"
        assert await types(client, headers, member) == ["POST_IDEA"]
    await tenant.scope.direct().execute("UPDATE tenant.ideas_campaign SET revealing = true")
    assert await types(client, bo, member) == ["POST_IDEA"]


async def test_events_follow_an_idea_that_is_moved(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], campaign: int
) -> None:
    other = await make_campaign(tenant, "Other")
    idea = await make_idea(tenant, campaign)
    await happen(tenant, Happening.POST_IDEA, campaign=campaign, idea=idea)
    async with tenant.scope.begin() as tx:
        await tx.execute("UPDATE tenant.ideas_idea SET campaign = :other", other=other)
        await moved(tx, idea, other)
    for row, expected in ((campaign, []), (other, ["POST_IDEA"])):
        assert await types(client, admin, f"?campaign_id={await uuid_of(tenant, 'ideas_campaign', row)}") == expected


async def test_without_a_token_public_campaigns_are_told_of(tenant: TestTenant, ann: int, campaign: int) -> None:
    public = await make_campaign(tenant, "Public", public=True)
    for number in (campaign, public):
        idea = await make_idea(tenant, number, title=f"Idea {number}")
        await happen(tenant, Happening.POST_IDEA, campaign=number, idea=idea)
    update = await put(tenant, "ideas_update", person=ann, message="Pilot")
    await happen(tenant, Happening.POST_UPDATE, person=ann, update=update)

    async def seen() -> list[str | None]:
        page = await store.page(tenant.scope.direct(), Viewer(), Wanted(), store.DEFAULT_ORDER, (20, 0))
        return [one.idea_title or one.message for one in page]

    assert await seen() == [f"Idea {public}"]
    await put(tenant, "ideas_entrant", campaign=public, person=ann)
    assert await seen() == ["Pilot", f"Idea {public}"]


async def test_the_neighbour_sees_nothing(tenant: TestTenant, make_tenant: MakeTenant, ann: int, campaign: int) -> None:
    idea = await make_idea(tenant, campaign)
    event = await happen(tenant, Happening.POST_IDEA, campaign=campaign, idea=idea, person=ann)
    neighbour = await make_tenant("joe@x.org")
    answer = await neighbour.http.get(f"/api3/activity/{event}")
    assert (answer.status_code, answer.json()) == (404, NOBODYS)
    assert (await neighbour.http.get("/api3/activity")).json()["activity_list"] == []
