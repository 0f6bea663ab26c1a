"""idea: submitted and changed, by every shape of request; what is missing or wrong; custom questions; moving."""

from typing import Any

import pytest

from tests.families.ideas.ground import ABSENT, Ground, forbidden, get, refused
from tests.families.ideas.land import make_campaign, put, uuid_of

MISSING = refused(2001, "Missing required parameter")
BAD_GUID = refused(2007, "Invalid GUID received")
UNKNOWN = "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"


def given(ground: Ground, **fields: Any) -> dict[str, Any]:
    whole = {"campaign_id": ground.campaign_id, "title": "Quieter fans", "description": "Swap the bearings."}
    return {name: text for name, text in {**whole, "category_id": ground.category_id, **fields}.items() if text != "-"}


async def ask(ground: Ground, method: str, path: str, headers: dict[str, str], **sent: Any) -> tuple[int, Any]:
    answer = await ground.client.request(method, f"/api3/{path}", headers=headers, **sent)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("shape", ["form", "json", "parts", "query", "slash"])
async def test_an_idea_is_submitted_in_every_shape(ground: Ground, shape: str) -> None:
    fields = given(ground, tags="fan, Cost,FAN ,", title="  Quieter fans ", anonymous="0", stray="1")
    sent: dict[str, Any] = {
        "form": {"data": fields},
        "json": {"json": {**fields, "anonymous": False, "tags": ["fan", "Cost"], "member_id": None}},
        "parts": {"files": {name: (None, text) for name, text in fields.items()}},
        "query": {"params": fields, "headers": {**ground.ann, "Content-Type": "application/x-www-form-urlencoded"}},
        "slash": {"data": fields},
    }[shape]
    path = "/api3/idea/" if shape == "slash" else "/api3/idea"
    answer = await ground.client.post(path, **{"headers": ground.ann, **sent})
    assert answer.status_code == 200, answer.text
    idea = answer.json()["idea"]
    assert (await get(ground, f"/api3/idea/{idea['id']}?with=tags"))["idea"] == idea
    assert [idea[name] for name in ("title", "description", "visible", "anonymous", "date_modified")] == [
        "Quieter fans",
        "Swap the bearings.",
        True,
        False,
        None,
    ]
    assert [tag["name"] for tag in idea["tags"]] == ["Cost", "fan"]
    assert (idea["category"]["name"], idea["status"]["name"]) == ("Noise", "New")
    event = "SELECT type || ' ' || person || ' ' || idea FROM tenant.ideas_activity"
    assert await ground.tenant.scope.direct().values(event) == [f"POST_IDEA {ground.people['ann']} 1"]
    assert await ground.tenant.scope.direct().values("SELECT person FROM tenant.ideas_entrant") == [
        ground.people["ann"]
    ]


WRONG: list[tuple[dict[str, str], int, object]] = [
    ({"campaign_id": "-"}, 400, MISSING),
    ({"title": "-"}, 400, MISSING),
    ({"title": "  "}, 400, MISSING),
    ({"description": ""}, 400, MISSING),
    ({"category_id": "-"}, 400, MISSING),
    ({"campaign_id": "none"}, 400, BAD_GUID),
    ({"category_id": "none"}, 400, BAD_GUID),
    ({"campaign_id": UNKNOWN}, 404, ABSENT),
    ({"category_id": UNKNOWN}, 404, ABSENT),
    ({"title": "x" * 256}, 400, refused(2007, "title has at most 255 characters")),
    ({"description": "x" * 50_001}, 400, refused(2007, "description has at most 50000 characters")),
    ({"tags": "x" * 101}, 400, refused(2007, "A tag has at most 100 characters")),
    ({"tags": ",".join(map(str, range(51)))}, 400, refused(2007, "An idea has at most 50 tags")),
    ({"anonymous": "1"}, 400, refused(2007, "This campaign takes no anonymous ideas")),
    ({"anonymous": "perhaps"}, 400, refused(2007, "anonymous must be 1 or 0")),
    ({"visible": "0"}, 403, forbidden()),
    ({"status_id": UNKNOWN}, 404, ABSENT),
    ({"member_id": UNKNOWN}, 404, ABSENT),
]


async def test_what_an_idea_may_not_be(ground: Ground) -> None:
    for fields, status, body in WRONG:
        answer = await ask(ground, "POST", "idea", ground.ann, data=given(ground, **fields))
        assert answer == (status, body), fields
    assert await ground.tenant.scope.direct().value("SELECT count(*) FROM tenant.ideas_idea") == 0


async def test_what_only_administrators_give_a_new_idea(ground: Ground) -> None:
    fields = given(ground, status_id=ground.later_id, visible="0", member_id=await ground.id_of("bo"))
    assert await ask(ground, "POST", "idea", ground.ann, data=fields) == (403, forbidden())
    status, body = await ask(ground, "POST", "idea", ground.max, data=fields)
    idea = body["idea"]
    assert (status, idea["status"]["name"], idea["visible"], idea["member"]["first_name"]) == (
        200,
        "Planned",
        False,
        "Bo",
    )
    # What it would be anyway, anybody may say.
    fields = given(ground, status_id=ground.status_id, visible="1", member_id=await ground.id_of("ann"))
    assert (await ask(ground, "POST", "idea", ground.ann, data=fields))[0] == 200


async def test_the_system_submits_for_somebody(ground: Ground) -> None:
    key = {"Api-Key": ground.tenant.api_key}
    assert await ask(ground, "POST", "idea", key, data=given(ground)) == (400, MISSING)
    status, body = await ask(ground, "POST", "idea", key, data=given(ground, member_id=await ground.id_of("bo")))
    assert (status, body["idea"]["member"]["screen_name"]) == (200, "Bo Lee")


async def test_rules_of_the_campaign(ground: Ground) -> None:
    await ground.set(tagging=False, anonymous=True, category_required=False)
    assert await ask(ground, "POST", "idea", ground.ann, data=given(ground, tags="fan")) == (
        400,
        refused(2007, "This campaign has no tags"),
    )
    status, body = await ask(ground, "POST", "idea", ground.ann, data=given(ground, anonymous="1", category_id="-"))
    assert (status, body["idea"]["anonymous"], body["idea"]["category"]) == (200, True, {"id": "", "name": ""})
    ended: dict[str, object] = {"status": "Active", "scheduled": True, "ends": ground.tenant.scope.now}
    for rules in ({"status": "Closed"}, ended):
        await ground.set(**rules)
        closed = (403, forbidden("This campaign takes no contributions now"))
        assert await ask(ground, "POST", "idea", ground.ann, data=given(ground)) == closed
        assert await ask(ground, "PUT", f"idea/{body['idea']['id']}", ground.ann, data={"title": "New"}) == closed
        assert (await ask(ground, "POST", "idea", ground.max, data=given(ground)))[0] == 200


async def make_question(ground: Ground, type: str, *options: str, **more: object) -> str:
    values: dict[str, object] = {"type": type, "description": f"A {type}", **more}
    row = await put(ground.tenant, "ideas_question", campaign=ground.campaign, **values)
    for place, text in enumerate(options):
        await put(ground.tenant, "ideas_question_option", question=row, description=text, place=place)
    return str(await uuid_of(ground.tenant, "ideas_question", row)).upper()


async def test_custom_questions_are_answered(ground: Ground) -> None:
    select = await make_question(ground, "select", "Early", "Late, or later", place=1)
    boxes = await make_question(ground, "checkbox", "Oil", "Water, hot", "Air", place=2)
    number = await make_question(ground, "number", place=3)
    day = await make_question(ground, "date", place=4)
    text = await make_question(ground, "textarea", place=5, required=True)
    secret = await make_question(ground, "text", asked="administrators", required=True)
    answers = {select.lower(): "early", boxes: "Air, oil", number: "-2.50", day: "3/2/2024", secret: "x", UNKNOWN: "y"}
    assert await ask(ground, "POST", "idea", ground.ann, data=given(ground, **answers)) == (400, MISSING)
    status, body = await ask(ground, "POST", "idea", ground.ann, data=given(ground, **answers, **{text: " Yes\n"}))
    assert status == 200
    path = f"idea/{body['idea']['id']}"

    async def told() -> dict[str, str]:
        found = await get(ground, f"/api3/{path}?with=additional_questions,admin_fields", ground.max)
        lists = (*found["idea"]["additional_questions"], *found["idea"]["admin_fields"])
        return {one["id"]: one["response_text"] for one in lists}

    first = {select: "Early", boxes: "Oil, Air", number: "-2.50", day: "03/02/2024", text: "Yes"}
    assert await told() == first
    changes = {boxes: "water, hot", number: "", secret: "Ours"}
    assert (await ask(ground, "PUT", path, ground.max, json={**changes, select: "LATE, or later"}))[0] == 200
    del first[number]
    assert await told() == {**first, select: "Late, or later", boxes: "Water, hot", secret: "Ours"}
    for question, wrong, why in (
        (select, "Noon", "is no option of its question"),
        (boxes, "Oil, Fire", "is no option of its question"),
        (number, "1e5", "must be a number"),
        (day, "2024-03-02", "must be a date as MM/DD/YYYY"),
        (text, "x" * 50_001, "has at most 50000 characters"),
    ):
        expected = (400, refused(2007, f"{question} {why}"))
        assert await ask(ground, "PUT", path, ground.ann, data={question: wrong}) == expected


async def test_an_idea_is_changed(ground: Ground) -> None:
    idea = await ground.post(tags="fan")
    path = f"idea/{idea['id']}"
    status, body = await ask(ground, "PUT", f"{path}/?title=Quieter%20extractor%20fans", ground.ann, content=b"")
    assert (status, body["idea"]["title"], body["idea"]["description"]) == (
        200,
        "Quieter extractor fans",
        idea["description"],
    )
    assert body["idea"]["date_modified"] > idea["date_created"]
    assert (await ask(ground, "PUT", path, ground.ann, json={"tags": "cost"}))[1]["idea"]["tags"][0]["name"] == "cost"
    assert (await ask(ground, "PUT", path, ground.ann, json={"tags": ""}))[1]["idea"]["tags"] == []
    status, body = await ask(ground, "PUT", f"{path}?status_id={ground.later_id}", ground.max, content=b"")
    assert body["idea"]["status"] == {"id": ground.later_id, "name": "Planned"}
    event = "SELECT type || ' ' || person || ' ' || status FROM tenant.ideas_activity ORDER BY id DESC LIMIT 1"
    assert await ground.tenant.scope.direct().value(event) == f"STATUS_CHANGE {ground.people['max']} 2"
    for fields, expected in (
        ({"title": " "}, (400, MISSING)),
        ({"status_id": "none"}, (400, BAD_GUID)),
        ({"status_id": UNKNOWN}, (404, ABSENT)),
        ({"campaign_id": UNKNOWN}, (404, ABSENT)),
    ):
        assert await ask(ground, "PUT", path, ground.max, data=fields) == expected
    assert await ask(ground, "PUT", f"idea/{UNKNOWN}", ground.max, data={"title": "A"}) == (404, ABSENT)
    assert (await ask(ground, "DELETE", path, ground.max))[0] == 405


async def test_an_idea_moves_with_all_that_is_on_it(ground: Ground) -> None:
    other = await make_campaign(ground.tenant, name="Other", promote_points=10)
    own = await put(ground.tenant, "ideas_status", campaign=other, name="new", place=0)
    await put(ground.tenant, "ideas_category", campaign=other, name="NOISE")
    target = str(await uuid_of(ground.tenant, "ideas_campaign", other)).upper()
    idea = await ground.post()
    path = f"idea/{idea['id']}"
    await ask(ground, "POST", "vote", ground.bo, data={"idea_id": idea["id"], "type": "promote"})
    await ask(ground, "POST", "chipVote", ground.bo, data={"idea_id": idea["id"], "chips": "7"})
    # Max administers only where it comes from.
    assert await ask(ground, "PUT", path, ground.max, data={"campaign_id": target}) == (403, forbidden())
    await put(ground.tenant, "ideas_role", campaign=other, person=ground.people["max"], role="administrator")
    status, body = await ask(ground, "PUT", path, ground.max, data={"campaign_id": target})
    moved = body["idea"]
    assert (status, moved["campaign"]["id"], moved["category"]["name"]) == (200, target, "NOISE")
    # Its status is offered in all campaigns, so it stays; what was called the same there is not taken for it.
    assert (moved["status"]["id"], moved["score"], own) == (ground.status_id, 10, 3)
    direct = ground.tenant.scope.direct()
    budgets = "SELECT campaign || ' ' || spent FROM tenant.ideas_chip_budget ORDER BY campaign"
    assert await direct.values(budgets) == [f"{ground.campaign} 0", f"{other} 7"]
    assert await direct.values("SELECT DISTINCT campaign FROM tenant.ideas_activity") == [other]
