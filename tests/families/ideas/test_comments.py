"""comment: one and a list, whole; written as a client does, in the query; who may, and what is hidden."""

from typing import Any

from tests.families.ideas.ground import ABSENT, Ground, forbidden, get, refused
from tests.families.ideas.land import put, uuid_of
from tests.fixtures.tenants import MakeTenant

MISSING = refused(2001, "Missing required parameter")
UNKNOWN = "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"


async def comment(ground: Ground, idea: str, headers: dict[str, str], text: str = "Tried it") -> dict[str, Any]:
    # As a client does: all in the query, and an empty form.
    sent = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await ground.client.post("/api3/comment", params={"idea_id": idea, "comment": text}, headers=sent)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()["comment"]
    return body


def outline(idea: dict[str, Any]) -> dict[str, Any]:
    """The idea as its comments and votes show it."""
    names = ("id", "date_created", "date_modified", "title", "description", "visible", "anonymous", "idea_code")
    return {name: idea[name] for name in (*names, "stage_id", "step_id", "campaign")}


async def hide(ground: Ground, number: str) -> None:
    """Hides a comment with its counters, as a moderator's page does."""
    direct = ground.tenant.scope.direct()
    await direct.execute("UPDATE tenant.ideas_comment SET visible = false WHERE uuid = :uuid", uuid=number)
    for table in ("standing", "tally"):
        changes = "comments = comments - 1, hidden_comments = hidden_comments + 1"
        await direct.execute(f"UPDATE tenant.ideas_{table} SET {changes}")


async def test_a_comment_is_shown_whole(ground: Ground) -> None:
    idea = await ground.post()
    made = await comment(ground, idea["id"], ground.bo, "<b>Tried</b> it & more")
    expected = {
        "id": made["id"],
        "date_created": made["date_created"],
        "text": "<b>Tried</b> it & more",
        "visible": True,
        "admin": 0,
        "member": (await get(ground, "/api3/member/me", ground.bo))["member"],
        "idea": outline(idea),
    }
    assert made == expected
    assert await get(ground, f"/api3/comment/{made['id'].lower()}/", ground.bo) == {"comment": expected}
    stats = {"total": 1, "page_count": 1, "current_page": 1}
    listed = await get(ground, f"/api3/comment?idea_id={idea['id']}&order=date_created", ground.bo)
    assert listed == {"comment_list": [expected], "stats": stats}
    event = "SELECT type || ' ' || person || ' ' || comment FROM tenant.ideas_activity ORDER BY id DESC LIMIT 1"
    assert await ground.tenant.scope.direct().value(event) == f"POST_COMMENT {ground.people['bo']} 1"


async def test_a_comment_as_xml(ground: Ground) -> None:
    made = await comment(ground, (await ground.post())["id"], ground.bo, "a < b")
    answer = await ground.client.get(f"/api3/comment/{made['id']}?format=xml", headers=ground.ann)
    head = f'<?xml version="1.0" encoding="UTF-8"?><response><comment><id>{made["id"]}</id>'
    assert answer.text.startswith(head)
    assert "<text>a &lt; b</text><visible>true</visible><admin>0</admin><member>" in answer.text
    listed = (await ground.client.get("/api3/comment?format=xml", headers=ground.ann)).text
    assert "<response><comment_list><comment><id>" in listed
    assert listed.endswith(
        "<stats><total>1</total><page_count>1</page_count><current_page>1</current_page></stats></response>"
    )


async def test_an_administrators_comment_is_marked_and_a_file_is_shown(ground: Ground) -> None:
    made = await comment(ground, (await ground.post())["id"], ground.max)
    assert made["admin"] == 1
    file = {"stored": "x", "name": "a.PDF", "extension": "pdf", "media_type": "application/pdf", "size_bytes": 1}
    number = await put(ground.tenant, "ideas_file", comment=1, **file)
    file_id = str(await uuid_of(ground.tenant, "ideas_file", number)).upper()
    found = (await get(ground, f"/api3/comment/{made['id']}"))["comment"]
    assert found["attachment"] == {
        "id": file_id,
        "reference_id": made["id"],
        "extension": "pdf",
        "original_filename": "a.PDF",
        "grouping": "COMMENT",
        "url": f"http://127.0.0.1:8000/api3/file/{file_id}?format=binary",
        "type": "application/pdf",
    }


async def test_comments_are_filtered_ordered_and_paged(ground: Ground) -> None:
    first, second = await ground.post(), await ground.post()
    made = [
        await comment(ground, idea["id"], who, text)
        for idea, who, text in (
            (first, ground.bo, "1"),
            (first, ground.ann, "2"),
            (second, ground.bo, "3"),
            (first, ground.bo, "4"),
        )
    ]
    day = made[0]["date_created"]
    date = f"{day[5:7]}/{day[8:10]}/{day[:4]}"
    for query, expected in {
        "": "4321",
        f"idea_id={first['id']}": "421",
        f"idea_id={first['id']}&order=date_created": "124",
        f"member_id={await ground.id_of('ann')}": "2",
        f"idea_id={first['id']}&member_id={await ground.id_of('bo')}": "41",
        f"campaign_id={ground.campaign_id}&order=idea_id,date_created DESC": "4213",
        f"date_created={date}": "4321",
        "date_created=12/06/2009": "",
    }.items():
        body = await get(ground, f"/api3/comment?{query}")
        assert "".join(one["text"] for one in body["comment_list"]) == expected, query
        assert body["stats"]["total"] == len(expected), query
    body = await get(ground, "/api3/comment?page=2&page_size=3")
    assert [one["text"] for one in body["comment_list"]] == ["1"]
    assert body["stats"] == {"total": 4, "page_count": 2, "current_page": 2}


async def test_a_hidden_comment_is_shown_to_administrators_alone(ground: Ground) -> None:
    idea = await ground.post()
    made = await comment(ground, idea["id"], ground.bo)
    await hide(ground, made["id"])
    path = f"/api3/idea/{idea['id']}?with=comments"
    for headers, seen in ((ground.bo, 0), (ground.ann, 0), (ground.max, 1)):
        listed = await get(ground, "/api3/comment", headers)
        of_idea = await get(ground, f"/api3/comment?idea_id={idea['id']}", headers)
        within = (await get(ground, path, headers))["idea"]
        counts = [listed["stats"]["total"], of_idea["stats"]["total"], within["comment_count"], len(within["comments"])]
        assert counts == [seen] * 4
        status = (await ground.client.get(f"/api3/comment/{made['id']}", headers=headers)).status_code
        assert status == (200 if seen else 404)


async def test_what_is_refused(ground: Ground) -> None:
    idea = (await ground.post())["id"]

    async def post(headers: dict[str, str], **data: str) -> tuple[int, Any]:
        answer = await ground.client.post("/api3/comment", data=data, headers=headers)
        return answer.status_code, answer.json()

    assert await post(ground.bo, idea_id=idea) == (400, MISSING)
    assert await post(ground.bo, comment="A") == (400, MISSING)
    assert await post(ground.bo, idea_id=idea, comment="  ") == (400, MISSING)
    assert await post(ground.bo, idea_id="none", comment="A") == (400, refused(2007, "Invalid GUID received"))
    assert await post(ground.bo, idea_id=UNKNOWN, comment="A") == (404, ABSENT)
    too_long = refused(2007, "comment has at most 50000 characters")
    assert await post(ground.bo, idea_id=idea, comment="x" * 50_001) == (400, too_long)
    assert await post({"Api-Key": ground.tenant.api_key}, idea_id=idea, comment="A") == (403, forbidden())
    await ground.set(commenting=False)
    off = (403, forbidden("Commenting is disabled in this campaign"))
    assert await post(ground.bo, idea_id=idea, comment="A") == off
    assert (await post(ground.max, idea_id=idea, comment="A"))[0] == 200
    await ground.set(commenting=True, status="Closed")
    closed = (403, forbidden("This campaign takes no contributions now"))
    assert await post(ground.bo, idea_id=idea, comment="A") == closed
    await ground.set(status="Active", restricted=True)
    assert await post(ground.bo, idea_id=idea, comment="A") == (404, ABSENT)
    answer = await ground.client.delete(f"/api3/comment/{UNKNOWN}", headers=ground.max)
    assert answer.status_code == 405


async def test_the_neighbour_sees_no_comment(ground: Ground, make_tenant: MakeTenant) -> None:
    await ground.set(public=True)
    idea = await ground.post()
    made = await comment(ground, idea["id"], ground.bo)
    neighbour = await make_tenant("joe@x.org")
    for path in (f"comment/{made['id']}", f"comment?idea_id={idea['id']}"):
        answer = await neighbour.http.get(f"/api3/{path}")
        assert (answer.status_code, answer.json()) == (404, ABSENT)
    assert (await neighbour.http.get("/api3/comment")).json()["comment_list"] == []
