"""/status, /profile, /members and /error, their bodies whole."""

import httpx

from tests.families.escalation.people import Person, add, put_settings
from tests.fixtures.tenants import MakeTenant, TestTenant


async def test_the_status_needs_no_key(client: httpx.AsyncClient) -> None:
    answer = await client.get("/status")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {"status": 200, "data": {"message": "API up and running"}, "code": 200}


async def test_the_error_is_a_sample(client: httpx.AsyncClient) -> None:
    answer = await client.get("/error")
    error = {
        "code": "FIELD_MISSING",
        "message": "Bad Request",
        "details": "The provided data is invalid or incomplete.",
    }
    assert (answer.status_code, answer.json()) == (400, {"status": 400, "error": error, "code": 400})


async def test_the_profile_names_the_organisation_its_owner_and_its_representative(tenant: TestTenant) -> None:
    (other,) = await add(tenant, Person("Rita Rep", ""))
    owner = 1
    answer = await tenant.http.get("/profile")
    name = tenant.client
    assert answer.json() == {"status": 200, "data": {"name": name, "ba_rep": owner, "owner": owner}, "code": 200}
    await put_settings(tenant, organisation_name="Acme Inc.", organisation_representative=other)
    answer = await tenant.http.get("/profile")
    data = {"name": "Acme Inc.", "ba_rep": other, "owner": owner}
    assert answer.json() == {"status": 200, "data": data, "code": 200}


async def test_a_posted_profile_is_answered_whatever_its_body(tenant: TestTenant) -> None:
    printed = '{\n"name": "Example Company",\n}'
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {tenant.api_key}"}
    answer = await tenant.http.post("/profile", content=printed, headers=headers)
    assert answer.status_code == 200
    assert answer.json() == (await tenant.http.get("/profile")).json()


async def test_an_organisation_without_anybody_in_charge_lacks_data(tenant: TestTenant) -> None:
    async with tenant.scope.begin() as tx:
        await tx.execute("UPDATE tenant.person SET administrator = false")
    answer = await tenant.http.get("/profile")
    error = {"code": "DATA_MISSING", "message": "Not Found", "details": "The organisation has no owner."}
    assert (answer.status_code, answer.json()) == (404, {"status": 404, "error": error, "code": 404})


async def test_a_representative_who_is_gone_is_missing_data(tenant: TestTenant) -> None:
    await put_settings(tenant, organisation_representative=4711)
    answer = await tenant.http.get("/profile")
    details = "The organisation's account representative is not among its people."
    error = {"code": "DATA_MISSING", "message": "Not Found", "details": details}
    assert (answer.status_code, answer.json()) == (404, {"status": 404, "error": error, "code": 404})


async def test_members_are_the_active_people_with_their_contacts(tenant: TestTenant) -> None:
    andy = Person("Andy Zane", "EMAIL WHATSAPP", "+44 7772 572105", ("CRITICAL", "MINOR", "MAJOR"))
    _, gone = await add(tenant, andy, Person("Gone Girl", "EMAIL"))
    await tenant.http.patch(f"/api/v1/people/{gone}/", json={"active": False})
    org_id = tenant.tenant.id
    answer = await tenant.http.get("/members")
    registrant = {
        "consents": {"EMAIL": False, "SMS": False, "WHATSAPP": False},
        "email": "jane.doe@x.org",
        "name": "Jane Doe",
        "org_id": org_id,
        "phone_number": None,
        "preferences": [],
        "role": "",
    }
    member = {
        "consents": {"EMAIL": True, "SMS": False, "WHATSAPP": True},
        "email": "andy@example.org",
        "name": "Andy Zane",
        "org_id": org_id,
        "phone_number": "+447772572105",
        "preferences": ["MINOR", "MAJOR", "CRITICAL"],
        "role": "Founder",
    }
    assert (answer.status_code, answer.json()) == (200, {"status": 200, "data": [registrant, member], "code": 200})


async def test_members_of_the_neighbour_are_not_seen(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    neighbour = await make_tenant("neighbour@x.org")
    await add(neighbour, Person("Nina Next", "EMAIL"))
    names = [member["name"] for member in (await tenant.http.get("/members")).json()["data"]]
    assert names == ["Jane Doe"]


async def test_the_mirrored_code_can_be_switched_off(tenant: TestTenant) -> None:
    await put_settings(tenant, escalation_mirror_code=False)
    assert (await tenant.http.get("/members")).json().keys() == {"status", "data"}
    assert (await tenant.http.get("/profile")).json().keys() == {"status", "data"}
    assert (await tenant.http.post("/escalate", json={})).json().keys() == {"status", "error"}
