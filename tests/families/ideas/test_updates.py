"""update and updateComment: posted, read, taken back; whole bodies, and who may do what."""

import httpx
import pytest

from clerestory.families.ideas.recount import recount
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.updates import store
from clerestory.families.ideas.updates.comments import store as comment_store
from clerestory.families.ideas.updates.model import Wanted, may_link
from tests.families.ideas.land import MADE, MADE_ON_WIRE, App, make_campaign, make_person, put, token_of, uuid_of
from tests.families.ideas.test_campaigns import NOBODYS
from tests.families.ideas.test_forms import id_of
from tests.families.ideas.test_groups import FORM, REFUSED
from tests.fixtures.tenants import MakeTenant, TestTenant

STATS = {"total": 1, "page_count": 1, "current_page": 1}


@pytest.fixture
async def ann(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> dict[str, str]:
    """The token of a regular member."""
    await make_person(tenant, "ann@x.org")
    return await token_of(client, app, "ann@x.org")


async def person_of(tenant: TestTenant, email: str = "ann@x.org") -> int:
    number: int = await tenant.scope.direct().value("SELECT id FROM tenant.person WHERE email = :email", email=email)
    return number


async def test_an_update_with_its_comments_is_shown_whole(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str]
) -> None:
    person = await person_of(tenant)
    update = await put(tenant, "ideas_update", person=person, message="Pilot starts", created=MADE)
    comment = await put(tenant, "ideas_update_comment", about=update, person=person, text="Great", created=MADE)
    async with tenant.scope.begin() as tx:
        await recount(tx)
    uuid = await id_of(tenant, "ideas_update", update)
    member = (await client.get("/api3/member/me", headers=ann)).json()["member"]
    plain = {"id": uuid, "message": "Pilot starts", "date_created": MADE_ON_WIRE, "video_link": None, "member": member}
    said = {
        "id": await id_of(tenant, "ideas_update_comment", comment),
        "comment": "Great",
        "date_created": MADE_ON_WIRE,
        "update_id": uuid,
        "member": member,
    }
    for path in (f"/api3/update/{uuid.lower()}", f"/api3/update//{uuid}", f"/api3/update/{uuid}/"):
        answer = await client.get(path, headers=ann)
        assert (answer.status_code, answer.json()) == (200, {"update": plain})
    whole = {**plain, "comment_count": 1, "comments": [said]}
    for query in (
        "?with=comment_count,comments",
        "?with=comments&comment_count",
        "?with[]=comments&with=comment_count",
    ):
        assert (await client.get(f"/api3/update/{uuid}{query}", headers=ann)).json() == {"update": whole}
        assert (await client.get(f"/api3/update{query}", headers=ann)).json() == {
            "update_list": [whole],
            "stats": STATS,
        }
    answer = await client.get(f"/api3/updateComment/{said['id']}", headers=ann)
    assert (answer.status_code, answer.json()) == (200, {"updateComment": said})
    listed = (await client.get(f"/api3/updateComment?update_id={uuid}", headers=ann)).json()
    assert listed == {"updateComment_list": [said], "stats": STATS}
    xml = (await client.get("/api3/updateComment?format=xml", headers=ann)).text
    assert xml.startswith(
        '<?xml version="1.0" encoding="UTF-8"?><response><updateComment_list><updateComment>'
        f"<id>{said['id']}</id><comment>Great</comment><date_created>{MADE_ON_WIRE}</date_created>"
        f"<update_id>{uuid}</update_id><member>"
    )
    xml = (await client.get(f"/api3/update/{uuid}?format=xml&comments", headers=ann)).text
    assert f"</member><comments><comment><id>{said['id']}</id><comment>Great</comment>" in xml


async def test_the_first_20_comments_are_the_newest(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str]
) -> None:
    person = await person_of(tenant)
    update = await put(tenant, "ideas_update", person=person, message="Pilot")
    for number in range(22):
        await put(tenant, "ideas_update_comment", about=update, person=person, text=f"{number}", created=MADE)
    [body] = (await client.get("/api3/update?comments", headers=ann)).json()["update_list"]
    assert [one["comment"] for one in body["comments"]] == [str(number) for number in range(21, 1, -1)]


async def test_updates_are_posted_and_told_in_the_activity(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str]
) -> None:
    query = "?message=Pilot%20starts&video_link=https%3A%2F%2Fexample.org%2Fv"
    answer = await client.post(f"/api3/update/{query}", headers={**ann, **FORM})
    body = answer.json()["update"]
    assert (answer.status_code, body["message"], body["video_link"]) == (200, "Pilot starts", "https://example.org/v")
    said = await client.post("/api3/updateComment", json={"update_id": body["id"], "comment": "Great"}, headers=ann)
    assert (said.json()["updateComment"]["comment"], said.json()["updateComment"]["update_id"]) == ("Great", body["id"])
    shown = (await client.get(f"/api3/update/{body['id']}?comment_count", headers=ann)).json()["update"]
    assert shown == {**body, "comment_count": 1}
    [event] = (await client.get("/api3/activity", headers=ann)).json()["activity_list"]
    assert (event["type"], event["update_id"], event["message"]) == ("POST_UPDATE", body["id"], "Pilot starts")


async def test_what_cannot_be_posted_is_refused(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str]
) -> None:
    update = await id_of(
        tenant, "ideas_update", await put(tenant, "ideas_update", person=await person_of(tenant), message="Pilot")
    )
    nobody, missing, long = "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", "Missing required parameter", "x" * 4001
    refusals = [
        ("update", {}, 400, 2001, missing),
        ("update", {"message": long}, 400, 2007, "At most 4000 characters are allowed."),
        (
            "update",
            {"message": "Pilot", "video_link": "javascript:alert(1)"},
            400,
            2007,
            "video_link must be an address of the web",
        ),
        ("updateComment", {"comment": "Great"}, 400, 2001, missing),
        ("updateComment", {"update_id": update, "comment": " "}, 400, 2001, missing),
        ("updateComment", {"update_id": update, "comment": long}, 400, 2007, "At most 4000 characters are allowed."),
        ("updateComment", {"update_id": nobody, "comment": "Great"}, 404, 2004, NOBODYS["message"]),
        ("updateComment", {"update_id": "none", "comment": "Great"}, 404, 2004, NOBODYS["message"]),
    ]
    for name, body, status, code, message in refusals:
        answer = await client.post(f"/api3/{name}", data=body, headers=ann)
        found = answer.json()
        assert (answer.status_code, found["errorCode"], found["message"]) == (status, code, message), (name, body)
    assert await tenant.scope.direct().value("SELECT count(*) FROM tenant.ideas_update_comment") == 0


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://example.org/v", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("https://example.org/a b", False),
    ],
)
def test_where_a_link_may_lead(address: str, allowed: bool) -> None:
    assert may_link(address) is allowed


async def test_who_takes_back_what(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], ann: dict[str, str]
) -> None:
    await make_person(tenant, "bo@x.org")
    bo = await token_of(client, app, "bo@x.org")
    update = (await client.post("/api3/update", data={"message": "Pilot"}, headers=ann)).json()["update"]["id"]
    said = [
        (await client.post("/api3/updateComment", data={"update_id": update, "comment": "Yes"}, headers=who)).json()
        for who in (bo, ann)
    ]
    theirs, own = (one["updateComment"]["id"] for one in said)
    for path in (f"update/{update}", f"updateComment/{own}"):
        answer = await client.delete(f"/api3/{path}", headers=bo)
        assert (answer.status_code, answer.json()) == (403, REFUSED)
        assert (await client.delete(f"/api3/{path}")).status_code == 401
    for path, who in ((f"updateComment/{theirs}", bo), (f"updateComment/{own}", admin)):
        answer = await client.delete(f"/api3/{path}", headers=who)
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        assert (await client.delete(f"/api3/{path}", headers=who)).status_code == 404
    shown = (await client.get(f"/api3/update/{update}?comment_count", headers=ann)).json()["update"]
    assert shown["comment_count"] == 0
    assert (await client.delete(f"/api3/update/{update}/", headers=ann)).json() == {"success": True}
    assert (await client.get(f"/api3/update/{update}", headers=ann)).json() == NOBODYS
    assert (await client.get("/api3/activity", headers=ann)).json()["activity_list"] == []


async def test_the_system_itself_posts_nothing(tenant: TestTenant) -> None:
    answer = await tenant.http.post("/api3/update", data={"message": "Pilot"})
    assert (answer.status_code, answer.json()) == (403, REFUSED)


async def test_lists_are_filtered(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], ann: dict[str, str]
) -> None:
    person, jane = await person_of(tenant), await person_of(tenant, tenant.email)
    first = await put(tenant, "ideas_update", person=person, message="One", created=MADE)
    await put(tenant, "ideas_update", person=jane, message="Two")
    await put(tenant, "ideas_update_comment", about=first, person=jane, text="Yes")

    async def found(query: str) -> list[str]:
        body = (await client.get(f"/api3/{query}", headers=ann)).json()
        return [one.get("message") or one["comment"] for one in body.get("update_list") or body["updateComment_list"]]

    assert await found("update") == ["Two", "One"]
    assert await found("update?order=date_created") == ["One", "Two"]
    assert await found(f"update?member_id={await uuid_of(tenant, 'person', person)}") == ["One"]
    assert await found("update?date_created=02/01/2024") == ["One"]
    assert await found(f"updateComment?member_id={await uuid_of(tenant, 'person', jane)}") == ["Yes"]
    for query in ("update?member_id=none", "updateComment?update_id=5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"):
        answer = await client.get(f"/api3/{query}", headers=ann)
        assert (answer.status_code, answer.json()) == (404, NOBODYS)


async def test_without_a_token_those_are_seen_whose_member_entered_a_public_campaign(
    tenant: TestTenant, ann: dict[str, str]
) -> None:
    person = await person_of(tenant)
    update = await put(tenant, "ideas_update", person=person, message="Pilot")
    await put(tenant, "ideas_update_comment", about=update, person=person, text="Great")

    async def seen() -> tuple[int, int]:
        runner = tenant.scope.direct()
        return await store.count(runner, Viewer(), Wanted()), await comment_store.count(runner, Viewer(), Wanted())

    assert await seen() == (0, 0)
    await put(tenant, "ideas_entrant", campaign=await make_campaign(tenant, public=True), person=person)
    assert await seen() == (1, 1)


async def test_the_neighbour_has_none_of_it(tenant: TestTenant, make_tenant: MakeTenant, ann: dict[str, str]) -> None:
    person = await person_of(tenant)
    update = await put(tenant, "ideas_update", person=person, message="Pilot")
    comment = await put(tenant, "ideas_update_comment", about=update, person=person, text="Great")
    neighbour = await make_tenant("joe@x.org")
    paths = [
        f"update/{await uuid_of(tenant, 'ideas_update', update)}",
        f"updateComment/{await uuid_of(tenant, 'ideas_update_comment', comment)}",
    ]
    for path in paths:
        for method in ("GET", "DELETE"):
            answer = await neighbour.http.request(method, f"/api3/{path}")
            assert (answer.status_code, answer.json()) == (404, NOBODYS)
    assert (await neighbour.http.get("/api3/update")).json()["update_list"] == []
    assert await tenant.scope.direct().value("SELECT count(*) FROM tenant.ideas_update_comment") == 1
