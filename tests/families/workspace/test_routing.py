"""Which tenant a request is for when no key says so, and what a member of it may do."""

from clerestory.platform.tokens import GateSettings
from tests.families.workspace.words import BAD_TOKEN, DENIED, NO_CREDENTIAL
from tests.fixtures.clocks import own_application, visitor
from tests.fixtures.tenants import tenant_of

LOGIN = "/api/v1/auth/login/"
REGISTER = "/api/v1/auth/register/"
PROFILE = "/api/v1/users/profile/"
UPDATE = "/api/v1/users/update-profile/"


def bearing(access: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access}"}


async def test_a_host_name_picks_the_tenant(database_url: str) -> None:
    gate = GateSettings(domain="clerestory.test")
    async with own_application(database_url, gate=gate) as application:
        ours, theirs = await tenant_of(application), await tenant_of(application)
        async with ours.http, theirs.http, visitor(application) as http:
            body = {"email": ours.email, "password": ours.password}
            host = {"Host": f"{ours.schema}.clerestory.test"}
            tokens = (await http.post(LOGIN, json=body, headers=host)).json()
            current = await http.get("/api/v1/clients/current/", headers={**host, **bearing(tokens["access"])})
            assert current.json() == {"client": ours.client, "schema": ours.schema, "state": "READY"}
            other = {"Host": f"{theirs.schema}.clerestory.test"}
            assert (await http.get(PROFILE, headers={**other, **bearing(tokens["access"])})).json() == BAD_TOKEN
            assert (await http.get("/api/v1/people/", headers=host)).json() == NO_CREDENTIAL
            keyed = await theirs.http.get("/api/v1/clients/current/", headers=host)
            assert keyed.json()["client"] == theirs.client


async def test_a_default_tenant_serves_who_names_none(database_url: str) -> None:
    async with own_application(database_url) as application:
        ours = await tenant_of(application)
        await ours.http.aclose()
    gate = GateSettings(default_tenant=ours.client)
    async with own_application(database_url, gate=gate) as application, visitor(application) as http:
        tokens = (await http.post(LOGIN, json={"email": ours.email, "password": ours.password})).json()
        assert (await http.get(PROFILE, headers=bearing(tokens["access"]))).json()["email"] == ours.email
        assert (await http.get("/api/v1/people/")).json() == NO_CREDENTIAL
        registering = await http.post(REGISTER, json={"email": "ann@x.org", "password": "four grey herons"})
        assert (registering.status_code, registering.json()) == (403, DENIED)


async def test_a_member_reads_and_writes_the_own_profile_alone(database_url: str) -> None:
    async with own_application(database_url) as application:
        ours = await tenant_of(application)
        async with ours.http as http:
            body = {"email": "ann@x.org", "password": "four grey herons"}
            assert (await http.post(REGISTER, json=body)).status_code == 201
    gate = GateSettings(default_tenant=ours.client)
    async with own_application(database_url, gate=gate) as application, visitor(application) as http:
        tokens = (await http.post(LOGIN, json=body)).json()
        http.headers.update(bearing(tokens["access"]))
        assert (await http.get("/api/v1/people/")).json()["count"] == 2
        assert (await http.patch(UPDATE, json={"first_name": "Ann"})).status_code == 200
        refused = [
            await http.post("/api/v1/people/", json={"email": "bob@x.org"}),
            await http.patch("/api/v1/people/1/", json={"administrator": True}),
            await http.delete("/api/v1/people/1/"),
            await http.post("/api/v1/groups/", json={"name": "Mine"}),
            await http.get("/api/v1/settings/"),
            await http.patch("/api/v1/settings/", json={}),
            await http.get("/api/v1/keys/"),
            await http.post("/api/v1/keys/", json={}),
            await http.delete("/api/v1/keys/1/"),
        ]
        for answer in refused:
            assert (answer.status_code, answer.json()) == (403, DENIED)
