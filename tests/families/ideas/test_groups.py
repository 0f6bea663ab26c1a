"""group: made, changed and read, by administrators alone."""

import httpx
import pytest

from tests.families.ideas.land import MADE, MADE_ON_WIRE, App, make_person, put, token_of, uuid_of
from tests.families.ideas.test_campaigns import NOBODYS
from tests.fixtures.tenants import MakeTenant, TestTenant

REFUSED = {
    "errorCode": 2003,
    "message": "You are not authorized to perform this action",
    "error": "access_denied",
    "error_description": "You are not authorized to perform this action",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def group(tenant: TestTenant) -> str:
    """A group with one member."""
    row = await put(tenant, "person_group", name="Plant 2", created=MADE)
    await put(tenant, "membership", person=await make_person(tenant, "ann@x.org"), person_group=row)
    return str(await uuid_of(tenant, "person_group", row)).upper()


async def test_a_group_is_shown_whole(client: httpx.AsyncClient, admin: dict[str, str], group: str) -> None:
    plain = {"id": group, "group_name": "Plant 2", "date_created": MADE_ON_WIRE}
    answer = await client.get(f"/api3/group/{group}/", headers=admin)
    assert (answer.status_code, answer.json()) == (200, {"group": plain})
    for query in ("?with=members,member_count", "?with=members&member_count", "?with[]=members&with[]=member_count"):
        body = (await client.get(f"/api3/group/{group}{query}", headers=admin)).json()["group"]
        [member] = body.pop("members")
        assert body == {**plain, "member_count": 1}
        assert (member["email"], member["screen_name"]) == ("ann@x.org", "Ann Lee")
    xml = await client.get(f"/api3/group//{group}?format=xml&member_count", headers=admin)
    assert xml.text == (
        f'<?xml version="1.0" encoding="UTF-8"?><response><group><id>{group}</id><group_name>Plant 2</group_name>'
        f"<date_created>{MADE_ON_WIRE}</date_created><member_count>1</member_count></group></response>"
    )


async def test_groups_are_listed_with_their_counts(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], group: str
) -> None:
    await put(tenant, "person_group", name="Board")
    body = (await client.get("/api3/group?with=member_count", headers=admin)).json()
    assert [(one["group_name"], one["member_count"]) for one in body["group_list"]] == [("Board", 0), ("Plant 2", 1)]
    assert body["stats"] == {"total": 2, "page_count": 1, "current_page": 1}

    async def names(query: str) -> list[str]:
        listed = (await client.get(f"/api3/group?{query}", headers=admin)).json()
        return [one["group_name"] for one in listed["group_list"]]

    assert await names("group_name=PLANT") == ["Plant 2"]
    assert await names("date_created=02/01/2024") == ["Plant 2"]
    assert await names("order=group_name DESC") == ["Plant 2", "Board"]
    assert await names("page=2&page_size=1") == ["Plant 2"]


async def test_a_group_is_made_and_changed(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], group: str
) -> None:
    answer = await client.post("/api3/group/?group_name=Board", headers={**admin, **FORM})
    made = answer.json()["group"]
    assert (answer.status_code, made["group_name"], set(made)) == (200, "Board", {"id", "group_name", "date_created"})
    bo, cy = [
        await uuid_of(tenant, "person", await make_person(tenant, f"{name}@x.org", last_name=name))
        for name in ("bo", "cy")
    ]
    path = f"/api3/group/{made['id']}?with=members"
    body = [("add_member_id", str(bo)), ("add_member_id", str(cy))]
    shown = await client.put(path, content="&".join("=".join(pair) for pair in body), headers={**admin, **FORM})
    assert [one["last_name"] for one in shown.json()["group"]["members"]] == ["cy", "bo"]
    again = await client.put(path, json={"group_name": "The board", "remove_member_id": str(cy)}, headers=admin)
    assert (again.json()["group"]["group_name"], len(again.json()["group"]["members"])) == ("The board", 1)
    workspace = (await tenant.http.get("/api/v1/groups/?name=The board")).json()["results"]
    assert [len(one["members"]) for one in workspace] == [1]


async def test_what_is_refused_changes_nothing(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], group: str
) -> None:
    nobody = "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"
    made = (await client.post("/api3/group", data={"group_name": "Board"}, headers=admin)).json()["group"]["id"]
    refusals = [
        ("POST", "/api3/group", {}, 400, 2001, "Missing required parameter"),
        ("POST", "/api3/group", {"group_name": "Board"}, 400, 2007, "A group with this name exists already."),
        ("PUT", f"/api3/group/{made}", {"group_name": " "}, 400, 2007, "This field may not be blank."),
        ("PUT", f"/api3/group/{made}", {"group_name": "Plant 2"}, 400, 2007, "A group with this name exists already."),
        ("PUT", f"/api3/group/{made}", {"add_member_id": "none"}, 400, 2007, "Invalid GUID received"),
        ("PUT", f"/api3/group/{made}", {"group_name": "New", "add_member_id": nobody}, 404, 2004, NOBODYS["message"]),
        ("PUT", f"/api3/group/{nobody}", {"group_name": "New"}, 404, 2004, NOBODYS["message"]),
        ("DELETE", f"/api3/group/{made}", {}, 405, 2008, "This method is not allowed here."),
    ]
    for method, path, body, status, code, message in refusals:
        answer = await client.request(method, path, data=body, headers=admin)
        found = answer.json()
        assert (answer.status_code, found["errorCode"], found["message"]) == (status, code, message), (method, body)
    names = await tenant.scope.direct().values("SELECT name FROM tenant.person_group ORDER BY name")
    assert names == ["Board", "Plant 2"]


async def test_members_and_nobody_are_told_nothing(
    client: httpx.AsyncClient, app: App, tenant: TestTenant, group: str
) -> None:
    ann = await token_of(client, app, "ann@x.org")
    for method, path in (("GET", ""), ("GET", f"/{group}"), ("POST", ""), ("PUT", f"/{group}")):
        body = {"group_name": "Mine"} if method != "GET" else None
        answer = await client.request(method, f"/api3/group{path}", data=body, headers=ann)
        assert (answer.status_code, answer.json()) == (403, REFUSED)
        assert (await client.request(method, f"/api3/group{path}", data=body)).status_code == 401
    assert await tenant.scope.direct().values("SELECT name FROM tenant.person_group") == ["Plant 2"]


async def test_the_neighbour_has_none_of_it(make_tenant: MakeTenant, tenant: TestTenant, group: str) -> None:
    neighbour = await make_tenant("joe@x.org")
    for method in ("GET", "PUT"):
        answer = await neighbour.http.request(method, f"/api3/group/{group}?group_name=Theirs")
        assert (answer.status_code, answer.json()) == (404, NOBODYS)
    assert (await neighbour.http.get("/api3/group")).json()["stats"]["total"] == 0
    ann = await tenant.scope.direct().value("SELECT uuid FROM tenant.person WHERE email = 'ann@x.org'")
    theirs = (await neighbour.http.post("/api3/group", data={"group_name": "Theirs"})).json()["group"]["id"]
    answer = await neighbour.http.put(f"/api3/group/{theirs}", data={"add_member_id": str(ann)})
    assert (answer.status_code, answer.json()) == (404, NOBODYS)
