"""idea: one and a list, whole, in JSON and XML and with all that it can be asked with."""

from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from clerestory.families.ideas.ideas.wire import WITH
from tests.families.ideas.ground import ABSENT, Ground, get
from tests.families.ideas.land import MADE_ON_WIRE, make_campaign, put, uuid_of
from tests.fixtures.tenants import MakeTenant

ONE = {"total": 1, "page_count": 1, "current_page": 1}


async def me(ground: Ground, headers: dict[str, str]) -> dict[str, Any]:
    member: dict[str, Any] = (await ground.client.get("/api3/member/me", headers=headers)).json()["member"]
    return member


async def without_email(ground: Ground, headers: dict[str, str]) -> dict[str, Any]:
    """The member as others see it."""
    return {name: value for name, value in (await me(ground, headers)).items() if name != "email"}


async def shown(ground: Ground, idea: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Ann's idea as she sees it in a list."""
    return {
        "id": idea["id"],
        "date_created": idea["date_created"],
        "date_modified": None,
        "title": "Quieter fans",
        "description": "<p>Swap the bearings.</p>",
        "visible": True,
        "anonymous": False,
        "idea_code": "D1",
        "score": 0,
        "step_score": 0,
        "vote_count": 0,
        "comment_count": 0,
        "chips": 0,
        "url": "http://127.0.0.1:8000/D1",
        "stage_id": None,
        "step_id": None,
        "member": await me(ground, ground.ann),
        "category": {"id": ground.category_id, "name": "Noise"},
        "status": {"id": ground.status_id, "name": "New"},
        "campaign": {
            "id": ground.campaign_id,
            "name": "Safer plant",
            "description": "Ideas for the shop floor",
            "date_created": MADE_ON_WIRE,
            "start_date": None,
            "end_date": None,
        },
        **more,
    }


async def test_an_idea_is_shown_whole(ground: Ground) -> None:
    idea = await ground.post()
    answer = await ground.client.get(f"/api3/idea/{idea['id']}", headers=ground.ann)
    assert (answer.status_code, answer.json()) == (200, {"idea": await shown(ground, idea, votes=[])})
    assert answer.headers["content-type"] == "application/json"


async def test_a_list_has_whole_ideas(ground: Ground) -> None:
    idea = await ground.post()
    body = await get(ground, "/api3/idea/")
    assert body == {"idea_list": [await shown(ground, idea)], "stats": ONE}


async def question(ground: Ground, **values: object) -> str:
    row = await put(ground.tenant, "ideas_question", campaign=ground.campaign, **values)
    return str(await uuid_of(ground.tenant, "ideas_question", row)).upper()


async def furnished(ground: Ground) -> tuple[dict[str, Any], str, str, str]:
    """An idea of Ann's with a part of each kind, and the ids of two questions and a file."""
    hall = await question(ground, type="text", description="Which hall?", place=3)
    values = {"type": "number", "description": "Cost", "asked": "administrators", "instruction": "In pounds"}
    cost = await question(ground, **values)
    idea = await ground.post(**{hall: "Hall 2"}, tags="fan,cost")
    client, on = ground.client, {"idea_id": idea["id"]}
    await client.put(f"/api3/idea/{idea['id']}", data={cost: "250"}, headers=ground.max)
    await client.post("/api3/vote", data={**on, "type": "promote"}, headers=ground.bo)
    await client.post("/api3/vote", data={**on, "type": "demote"}, headers=ground.max)
    await client.post("/api3/comment", data={**on, "comment": "Tried it"}, headers=ground.max)
    number = await ground.tenant.scope.direct().value("SELECT max(id) FROM tenant.ideas_idea")
    file = {"stored": "x", "name": "fan.JPG", "extension": "jpg", "media_type": "image/jpeg", "size_bytes": 1}
    row = await put(ground.tenant, "ideas_file", idea=number, **file)
    return idea, hall, cost, str(await uuid_of(ground.tenant, "ideas_file", row)).upper()


async def with_all(ground: Ground) -> dict[str, Any]:
    """An idea with a part of each kind, as Max has to see it, who administers the campaign."""
    idea, hall, cost, file = await furnished(ground)
    ann, bo = await without_email(ground, ground.ann), await without_email(ground, ground.bo)
    boss = await me(ground, ground.max)
    seen = (await get(ground, f"/api3/idea/{idea['id']}?with=promotes,demotes,comments,tags", ground.max))["idea"]
    # What only the clock and chance know is taken from there; everything else is said here.
    promote, demote, comment = (seen[name][0] for name in ("promotes", "demotes", "comments"))
    promote = {"date_created": promote["date_created"], "type": "promote", "member": bo}
    demote = {"date_created": demote["date_created"], "type": "demote", "member": boss}
    said = {"text": "Tried it", "visible": True, "admin": 1, "member": boss}
    tags = [
        {"id": tag["id"], "name": name, "tagCount": 1} for tag, name in zip(seen["tags"], ("cost", "fan"), strict=True)
    ]
    answer = {"response_text": "Hall 2", "type": "text", "order": 3, "instruction_text": ""}
    field = {"response_text": "250", "type": "number", "order": 0, "instruction_text": "In pounds"}
    attachment = {
        "id": file,
        "reference_id": idea["id"],
        "extension": "jpg",
        "original_filename": "fan.JPG",
        "grouping": "IDEA",
        "url": f"http://127.0.0.1:8000/api3/file/{file}?format=binary",
        "type": "image/jpeg",
    }
    return await shown(
        ground,
        idea,
        date_modified=seen["date_modified"],
        vote_count=2,
        comment_count=1,
        member=ann,
        votes=[demote, promote],
        additional_questions=[{"id": hall, "description": "Which hall?", **answer}],
        tags=tags,
        tag_count=2,
        promotes=[promote],
        promote_count=1,
        demotes=[demote],
        demote_count=1,
        comments=[{"id": comment["id"], "date_created": comment["date_created"], **said}],
        admin_fields=[{"id": cost, "description": "Cost", **field}],
        attachments=[attachment],
    )


async def test_an_idea_with_everything_alone_and_in_a_list(ground: Ground) -> None:
    expected = await with_all(ground)
    asked = ",".join(WITH)
    assert await get(ground, f"/api3/idea/{expected['id']}?with={asked}", ground.max) == {"idea": expected}
    body = await get(ground, f"/api3/idea?with={asked}", ground.max)
    assert body == {"idea_list": [expected], "stats": ONE}
    del expected["admin_fields"]
    own = await get(ground, f"/api3/idea/{expected['id']}?with={asked}", ground.ann)
    assert set(own["idea"]) == set(expected)


@pytest.mark.parametrize(
    "query", ["with=tags,tag_count", "with[]=tags&with[]=tag_count", "with=tags&with=tag_count", "with=tags&tag_count"]
)
async def test_what_is_asked_with_is_asked_in_many_ways(ground: Ground, query: str) -> None:
    idea = await ground.post(tags="fan")
    [found] = (await get(ground, f"/api3/idea/?{query}&with=idea_count"))["idea_list"]
    tags = [{"id": found["tags"][0]["id"], "name": "fan", "tagCount": 1}]
    assert found == await shown(ground, idea, tags=tags, tag_count=1)


async def test_an_idea_as_xml(ground: Ground) -> None:
    expected = await with_all(ground)
    answer = await ground.client.get(
        f"/api3/idea/{expected['id']}?with={','.join(WITH)}&format=xml", headers=ground.max
    )
    root = ElementTree.fromstring(answer.text)
    assert (root.tag, [one.tag for one in root]) == ("response", ["idea"])
    assert [one.tag for one in root[0]] == list(expected)
    entries = {one.tag: [inner.tag for inner in one] for one in root[0] if isinstance(expected[one.tag], list)}
    assert entries == {
        "votes": ["vote", "vote"],
        "additional_questions": ["additional_question"],
        "tags": ["tag", "tag"],
        "promotes": ["vote"],
        "demotes": ["vote"],
        "comments": ["comment"],
        "admin_fields": ["admin_field"],
        "attachments": ["attachment"],
    }
    texts = {one.tag: one.text for one in root[0] if not len(one)}
    assert texts == {
        name: None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in expected.items()
        if not isinstance(value, dict | list)
    }
    assert "<description>&lt;p&gt;Swap the bearings.&lt;/p&gt;</description>" in answer.text
    assert '<stage_id nil="true"/>' in answer.text


async def test_a_sub_object_shows_its_first_twenty(ground: Ground) -> None:
    idea = await ground.post(tags=",".join(f"tag {number:02}" for number in range(25)))
    for number in range(21):
        data = {"idea_id": idea["id"], "comment": f"Comment {number}"}
        await ground.client.post("/api3/comment", data=data, headers=ground.bo)
    found = (await get(ground, f"/api3/idea/{idea['id']}?with=comments,tags,tag_count"))["idea"]
    assert [one["text"] for one in found["comments"]] == [f"Comment {number}" for number in range(20, 0, -1)]
    assert (len(found["tags"]), found["tag_count"], found["comment_count"]) == (20, 25, 21)


async def test_the_neighbour_sees_nothing(ground: Ground, make_tenant: MakeTenant) -> None:
    await ground.set(public=True)
    idea = await ground.post()
    neighbour = await make_tenant("joe@x.org")
    for path in (f"/api3/idea/{idea['id']}", f"/api3/idea?campaign_id={ground.campaign_id}"):
        answer = await neighbour.http.get(path)
        assert (answer.status_code, answer.json()) == (404, ABSENT)
    empty = {"total": 0, "page_count": 0, "current_page": 1}
    assert (await neighbour.http.get("/api3/idea")).json() == {"idea_list": [], "stats": empty}
    answer = await neighbour.http.put(f"/api3/idea/{idea['id']}", data={"title": "Ours"})
    assert (answer.status_code, answer.json()) == (404, ABSENT)


async def test_an_idea_without_a_category_has_an_empty_one(ground: Ground, client: httpx.AsyncClient) -> None:
    campaign = await make_campaign(ground.tenant, name="Plain")
    given = {
        "campaign_id": str(await uuid_of(ground.tenant, "ideas_campaign", campaign)),
        "title": "A",
        "description": "B",
    }
    idea = (await client.post("/api3/idea", data=given, headers=ground.ann)).json()["idea"]
    assert idea["category"] == {"id": "", "name": ""}
