"""/api/v1/ideas/…: campaigns and what they ask are written there, by administrators; contributions are only read."""

from typing import Any

import httpx
import pytest

from tests.families.ideas.land import MADE, make_campaign, make_person, put
from tests.families.ideas.test_forms import make_idea
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn

CAMPAIGN = {
    "name": "Safer plant",
    "description": "Ideas for the shop floor",
    "status": "Closed",
    "scheduled": True,
    "starts": "2024-02-01T14:00:00Z",
    "ends": "2024-05-01T04:00:00Z",
    "public": True,
    "restricted": True,
    "voting": False,
    "demoting": False,
    "commenting": False,
    "tagging": False,
    "anonymous": True,
    "revealing": True,
    "category_required": False,
    "promote_points": 2,
    "demote_points": -3,
    "comment_points": 4,
    "chip_points": 5,
    "chips": 50,
    "language": "french",
    "title_label": "What?",
    "description_label": "How?",
}
RESOURCES = (
    "campaigns",
    "categories",
    "statuses",
    "questions",
    "question-options",
    "roles",
    "chip-budgets",
    "apps",
    "ideas",
    "comments",
    "votes",
)


async def made(tenant: TestTenant, resource: str, **body: Any) -> dict[str, Any]:
    answer = await tenant.http.post(f"/api/v1/ideas/{resource}/", json=body)
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


async def refusal(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json()["errors"][0]["attr"]


async def test_a_campaign_is_made_whole_and_is_that_of_the_ideas_api(tenant: TestTenant) -> None:
    sponsor = await make_person(tenant, "ann@x.org")
    group = await put(tenant, "person_group", name="Plant 2")
    campaign = await made(tenant, "campaigns", **CAMPAIGN, sponsor=sponsor, groups=[group])
    given = {"id": campaign["id"], "uuid": campaign["uuid"], "sponsor": sponsor, "groups": [group], "members": 0}
    times = {"created": campaign["created"], "modified": campaign["modified"]}
    assert campaign == {**CAMPAIGN, **given, **times}
    [shown] = (await tenant.http.get("/api3/campaign")).json()["campaign_list"]
    assert (shown["id"], shown["start_date"]) == (campaign["uuid"].upper(), "2024-02-01 09:00:00.000")
    assert [one["option_enabled"] for one in shown["campaign_options"]] == [True, True, False, True, True]
    path = f"/api/v1/ideas/campaigns/{campaign['id']}/"
    assert (await tenant.http.get(path)).json() == campaign
    changed = (await tenant.http.patch(path, json={"groups": [], "sponsor": None})).json()
    assert (changed["groups"], changed["sponsor"], changed["name"]) == ([], None, "Safer plant")
    assert (await tenant.http.delete(path)).status_code == 204
    assert (await tenant.http.get("/api/v1/ideas/campaigns/")).json()["count"] == 0


async def test_campaigns_are_listed_filtered_and_searched(tenant: TestTenant) -> None:
    for name, public in (("Safer plant", True), ("Better products", False)):
        await made(tenant, "campaigns", name=name, public=public)

    async def names(query: str) -> list[str]:
        return [one["name"] for one in (await tenant.http.get(f"/api/v1/ideas/campaigns/{query}")).json()["results"]]

    assert await names("?ordering=name") == ["Better products", "Safer plant"]
    assert await names("?public=true") == ["Safer plant"]
    assert await names("?search=PROD") == ["Better products"]
    assert await names("list-cursor/?ordering=-id&limit=1") == ["Better products"]


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"name": " "}, "name"),
        ({"status": "Running"}, "status"),
        ({"sponsor": 4711}, "sponsor"),
        ({"groups": [4711]}, "groups"),
        ({"chips": -1}, "chips"),
        ({"promote_points": 1001}, "promote_points"),
        ({"language": "klingon"}, "language"),
        ({"starts": "2024-05-01T00:00:00Z", "ends": "2024-02-01T00:00:00Z"}, "ends"),
    ],
)
async def test_a_campaign_that_cannot_be_is_refused(tenant: TestTenant, change: dict[str, Any], attr: str) -> None:
    answer = await tenant.http.post("/api/v1/ideas/campaigns/", json={"name": "Safer plant", **change})
    assert await refusal(answer) == (400, attr)
    assert (await tenant.http.get("/api/v1/ideas/campaigns/")).json()["count"] == 0


async def test_what_a_campaign_asks_is_made_and_changed(tenant: TestTenant) -> None:
    campaign = (await made(tenant, "campaigns", name="Safer plant"))["id"]
    question = await made(tenant, "questions", campaign=campaign, type="radio", description="Which shift?")
    option = await made(tenant, "question-options", question=question["id"], description="Early", place=2)
    category = await made(tenant, "categories", campaign=campaign, name="Noise", place=1)
    status = await made(tenant, "statuses", name="New")
    assert (question["asked"], question["required"], option["place"]) == ("everybody", False, 2)
    assert (category["campaign"], status["campaign"]) == (campaign, None)
    for resource, record, change in (
        ("question-options", option, {"description": "Late"}),
        ("questions", question, {"asked": "administrators"}),
        ("categories", category, {"name": "Heat", "campaign": campaign}),
        ("statuses", status, {"name": "Planned", "campaign": None}),
    ):
        path = f"/api/v1/ideas/{resource}/{record['id']}/"
        changed = (await tenant.http.patch(path, json=change)).json()
        assert changed == {**record, **change, "modified": changed["modified"]}
        assert (await tenant.http.delete(path)).status_code == 204


async def test_names_are_taken_once_in_a_campaign(tenant: TestTenant) -> None:
    campaigns = [(await made(tenant, "campaigns", name=name))["id"] for name in ("One", "Two")]
    person = await make_person(tenant, "ann@x.org")
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("categories", "name", {"name": "Noise"}),
        ("statuses", "name", {"name": "New"}),
        ("roles", "person", {"person": person, "role": "moderator"}),
        ("chip-budgets", "person", {"person": person, "budget": 5}),
    ]
    for resource, attr, body in bodies:
        for campaign in campaigns:
            await made(tenant, resource, campaign=campaign, **body)
        answer = await tenant.http.post(f"/api/v1/ideas/{resource}/", json={**body, "campaign": campaigns[0]})
        assert await refusal(answer) == (400, attr)


async def test_what_a_record_belongs_to_stays(tenant: TestTenant) -> None:
    one, two = [(await made(tenant, "campaigns", name=name))["id"] for name in ("One", "Two")]
    ann, bo = await make_person(tenant, "ann@x.org"), await make_person(tenant, "bo@x.org")
    question = {"type": "text", "description": "Why?"}
    first, second = [(await made(tenant, "questions", campaign=one, **question))["id"] for _ in "12"]
    cases: list[tuple[str, str, dict[str, Any], int | None]] = [
        ("categories", "campaign", {"campaign": one, "name": "Noise"}, two),
        ("statuses", "campaign", {"campaign": one, "name": "New"}, None),
        ("questions", "campaign", {"campaign": one, **question}, two),
        ("question-options", "question", {"question": first, "description": "Early"}, second),
        ("roles", "person", {"campaign": one, "person": ann, "role": "moderator"}, bo),
        ("chip-budgets", "campaign", {"campaign": one, "person": ann}, two),
    ]
    for resource, field, body, other in cases:
        record = await made(tenant, resource, **body)
        path = f"/api/v1/ideas/{resource}/{record['id']}/"
        assert await refusal(await tenant.http.patch(path, json={field: other})) == (400, field)
        assert (await tenant.http.put(path, json=record)).status_code == 200


async def test_a_budget_shows_what_was_spent_and_is_not_removed(tenant: TestTenant) -> None:
    person, campaign = await make_person(tenant, "ann@x.org"), await make_campaign(tenant)
    row = await put(tenant, "ideas_chip_budget", campaign=campaign, person=person, spent=7)
    path = f"/api/v1/ideas/chip-budgets/{row}/"
    changed = (await tenant.http.patch(path, json={"budget": 20, "spent": 0})).json()
    assert (changed["budget"], changed["spent"]) == (20, 7)
    assert (await tenant.http.delete(path)).status_code == 405


async def test_contributions_are_only_read(tenant: TestTenant) -> None:
    person, campaign = await make_person(tenant, "ann@x.org"), await make_campaign(tenant)
    status = await put(tenant, "ideas_status", name="New")
    idea = await make_idea(tenant, campaign, person=person, visible=False, anonymous=True, created=MADE)
    comment = await put(tenant, "ideas_comment", idea=idea, person=person, text="Hush", visible=False)
    vote = await put(tenant, "ideas_vote", idea=idea, person=person, type="promote")
    found = {}
    for resource, row in (("ideas", idea), ("comments", comment), ("votes", vote)):
        path = f"/api/v1/ideas/{resource}/"
        [record] = (await tenant.http.get(path)).json()["results"]
        assert (await tenant.http.get(f"{path}{row}/")).json() == record
        for method in ("PUT", "PATCH", "DELETE"):
            assert (await tenant.http.request(method, f"{path}{row}/", json={})).status_code == 405
        assert (await tenant.http.post(path, json={})).status_code == 405
        found[resource] = {name: record[name] for name in set(record) - {"uuid", "created", "modified"}}
    assert found["ideas"] == {
        "id": idea,
        "code": f"D{idea}",
        "campaign": campaign,
        "category": None,
        "status": status,
        "person": person,
        "title": "Fans",
        "description": "",
        "visible": False,
        "anonymous": True,
        "merged_into": None,
        "changed": None,
    }
    assert found["comments"] == {
        "id": comment,
        "idea": idea,
        "person": person,
        "answers": None,
        "text": "Hush",
        "visible": False,
        "promotes": 0,
        "demotes": 0,
    }
    assert found["votes"] == {"id": vote, "idea": idea, "person": person, "type": "promote"}


async def test_they_are_for_administrators_alone(
    client: httpx.AsyncClient, tenant: TestTenant, sign_in: SignIn
) -> None:
    member, administrator = await sign_in(tenant, member=True), await sign_in(tenant)
    for resource in RESOURCES:
        path = f"/api/v1/ideas/{resource}/"
        assert (await administrator.get(path)).status_code == 200
        assert (await member.get(path)).status_code == 403
        assert (await client.get(path)).status_code == 401


async def test_the_neighbour_has_none_of_it(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    campaign = await make_campaign(tenant)
    neighbour = await make_tenant("joe@x.org")
    path = f"/api/v1/ideas/campaigns/{campaign}/"
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await neighbour.http.request(method, path, json={"name": "Theirs"})
        assert answer.status_code == 404
    answer = await neighbour.http.post("/api/v1/ideas/categories/", json={"campaign": campaign, "name": "Noise"})
    assert await refusal(answer) == (400, "campaign")
    assert await tenant.scope.direct().values("SELECT name FROM tenant.ideas_campaign") == ["Safer plant"]
