"""member: one, `me`, and a list; which attributes are shown to whom."""

import httpx
import pytest

from clerestory.families.ideas.members import store
from clerestory.families.ideas.members.model import Wanted
from clerestory.families.ideas.rights.model import Viewer
from tests.families.ideas.land import MADE, MADE_ON_WIRE, App, make_campaign, make_person, put, token_of, uuid_of
from tests.fixtures.tenants import MakeTenant, TestTenant


@pytest.fixture
async def ann(tenant: TestTenant) -> int:
    """A regular member with everything filled in."""
    person = await make_person(tenant, "ann@x.org", role="Fitter")
    await tenant.scope.direct().execute(
        "UPDATE tenant.person SET created = :made WHERE id = :person", made=MADE, person=person
    )
    await put(
        tenant,
        "ideas_member",
        person=person,
        screen_name="annie",
        address="1 Mill Lane",
        phone="123",
        mobile_phone="456",
        external_user_id="E7",
        skills="Fans",
        work_history="Mill",
        department="Plant 2",
        changed=MADE,
    )
    return person


def regular(uuid: object) -> dict[str, object]:
    return {
        "id": str(uuid).upper(),
        "screen_name": "annie",
        "first_name": "Ann",
        "last_name": "Lee",
        "job_title": "Fitter",
        "address": "1 Mill Lane",
        "phone": "123",
        "mobile_phone": "456",
        "skills": "Fans",
        "work_history": "Mill",
        "photo_url": None,
        "date_created": MADE_ON_WIRE,
        "date_modified": MADE_ON_WIRE,
        "photo_file_id": None,
        "department": "Plant 2",
    }


async def test_who_sees_which_attributes(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], ann: int
) -> None:
    await make_person(tenant, "bo@x.org")
    uuid = await uuid_of(tenant, "person", ann)
    bo, own = await token_of(client, app, "bo@x.org"), await token_of(client, app, "ann@x.org")
    path = f"/api3/member/{uuid}"
    plain = regular(uuid)
    assert (await client.get(path, headers=bo)).json() == {"member": plain}
    assert (await client.get(path, headers=own)).json() == {"member": {**plain, "email": "ann@x.org"}}
    assert (await client.get("/api3/member/me/", headers=own)).json() == {"member": {**plain, "email": "ann@x.org"}}
    administered = {"email": "ann@x.org", "external_user_id": "E7", "active": True, "last_login_date": None}
    assert (await client.get(path, headers=admin)).json() == {"member": {**plain, **administered}}


@pytest.mark.parametrize("query", ["?with=groups,group_count", "?with=groups&group_count"])
async def test_groups_are_shown_to_administrators(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], ann: int, query: str
) -> None:
    group = await put(tenant, "person_group", name="Plant 2", created=MADE)
    await put(tenant, "membership", person=ann, person_group=group)
    path = f"/api3/member/{await uuid_of(tenant, 'person', ann)}{query}"
    body = (await client.get(path, headers=admin)).json()["member"]
    group_id = str(await uuid_of(tenant, "person_group", group)).upper()
    groups = [{"id": group_id, "group_name": "Plant 2", "date_created": MADE_ON_WIRE}]
    assert (body["groups"], body["group_count"]) == (groups, 1)


async def test_groups_are_not_shown_to_members(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, ann: int
) -> None:
    await put(tenant, "membership", person=ann, person_group=await put(tenant, "person_group", name="Plant 2"))
    own = await token_of(client, app, "ann@x.org")
    body = (await client.get("/api3/member/me?with=groups,group_count", headers=own)).json()["member"]
    assert not {"groups", "group_count"} & set(body)


async def test_a_list_is_filtered_by_last_name_whatever_its_letter_case(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], ann: int
) -> None:
    body = (await client.get("/api3/member?last_name=LEE", headers=admin)).json()
    assert [member["screen_name"] for member in body["member_list"]] == ["annie"]
    assert body["stats"] == {"total": 1, "page_count": 1, "current_page": 1}
    everybody = (await client.get("/api3/member?order=screen_name", headers=admin)).json()
    assert [member["screen_name"] for member in everybody["member_list"]] == ["annie", "Jane Doe"]


async def test_filters_by_what_is_not_seen_are_passed_over(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], ann: int
) -> None:
    own = await token_of(client, app, "ann@x.org")
    for query in ("email=jane.doe@x.org", "external_user_id=E7", "active=0"):
        body = (await client.get(f"/api3/member?{query}", headers=own)).json()
        assert body["stats"]["total"] == 2, query
    found = (await client.get("/api3/member?external_user_id=E7", headers=admin)).json()
    assert [member["screen_name"] for member in found["member_list"]] == ["annie"]


async def test_without_a_token_only_those_are_seen_who_entered_a_public_campaign(
    tenant: TestTenant, client: httpx.AsyncClient, ann: int
) -> None:
    async def seen() -> list[int]:
        page = await store.page(tenant.scope.direct(), Viewer(), Wanted(), store.DEFAULT_ORDER, (20, 0))
        return [member.id for member in page]

    private = await make_campaign(tenant)
    await put(tenant, "ideas_entrant", campaign=private, person=ann)
    assert await seen() == []
    public = await make_campaign(tenant, public=True)
    await put(tenant, "ideas_entrant", campaign=public, person=ann)
    assert await seen() == [ann]


async def test_the_neighbour_sees_nothing(tenant: TestTenant, make_tenant: MakeTenant, ann: int) -> None:
    uuid = await uuid_of(tenant, "person", ann)
    neighbour = await make_tenant("joe@x.org")
    assert (await neighbour.http.get(f"/api3/member/{uuid}")).status_code == 404
    assert (await neighbour.http.get("/api3/member")).json()["stats"]["total"] == 1
