"""The token endpoint: four grants, three encodings of the body, rotation, and every refusal."""

import base64
import re
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from clerestory.app import Application
from clerestory.families.ideas.apps.register import remove
from clerestory.families.ideas.oauth.model import ACCESS_LIFE, GRACE
from clerestory.platform.database import Database
from tests.families.ideas.land import App, make_app, make_person, token_of
from tests.fixtures.clocks import TurnedClock, own_application, visitor
from tests.fixtures.tenants import PASSWORD, MakeTenant, TestTenant, tenant_of
from tests.platform.jobs.crew import until

TOKEN = "/_oauth2/token"
INVALID = {"error": "invalid_grant", "error_description": "The access token provided is invalid"}
EXPIRED = {"error": "invalid_grant", "error_description": "The access token provided has expired"}


def four(code: int, error: str, message: str) -> dict[str, object]:
    return {"errorCode": code, "message": message, "error": error, "error_description": message}


async def test_a_password_is_exchanged_for_tokens(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> None:
    fields = app.fields("password", username=tenant.email.upper(), password=tenant.password)
    answer = await client.post(TOKEN, data=fields)
    body = answer.json()
    access, refresh = body.pop("access_token"), body.pop("refresh_token")
    assert re.fullmatch("[0-9a-f]{40}", access)
    assert re.fullmatch("[0-9a-f]{40}", refresh)
    systems = [{"host_name": "clerestory.test"}]
    assert (answer.status_code, body) == (
        200,
        {"expires_in": 3600, "token_type": "Bearer", "scope": None, "systems": systems},
    )
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("encoding", ["form", "json", "multipart", "basic"])
async def test_the_body_comes_in_any_of_its_encodings(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, encoding: str
) -> None:
    fields = app.fields("password", username=tenant.email, password=tenant.password)
    match encoding:
        case "json":
            answer = await client.post(TOKEN, json=fields)
        case "multipart":
            answer = await client.post(TOKEN, files={name: (None, value) for name, value in fields.items()})
        case "basic":
            pair = f"{fields.pop('client_id')}:{fields.pop('client_secret')}".encode()
            header = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
            answer = await client.post(TOKEN, data=fields, headers=header)
        case _:
            answer = await client.post(TOKEN, data=fields)
    assert answer.status_code == 200, answer.text


async def test_a_refresh_takes_no_notice_of_the_expired_token_in_the_header(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    fields = app.fields("password", username=tenant.email, password=tenant.password)
    first = (await client.post(TOKEN, data=fields)).json()
    renewal = app.fields("refresh_token", refresh_token=first["refresh_token"], redirect_uri="ignored")
    answer = await client.post(TOKEN, data=renewal, headers={"Authorization": "Bearer of-long-ago"})
    second = answer.json()
    assert answer.status_code == 200
    assert second["refresh_token"] != first["refresh_token"]
    good = await client.get("/api3/member/me", headers={"Authorization": f"Bearer {second['access_token']}"})
    assert good.status_code == 200


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": "no\0body"}, "invalid_request"),
        ({"password": "wrong"}, "invalid_grant"),
        ({"username": "nobody@x.org"}, "invalid_grant"),
        ({"grant_type": "device"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "0" * 40}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "0" * 40}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
    ],
)
async def test_a_refusal_has_status_400_and_the_words_of_the_standard(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, change: dict[str, str], error: str
) -> None:
    fields = app.fields("password", username=tenant.email, password=tenant.password)
    answer = await client.post(TOKEN, data={**fields, **change})
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert set(answer.json()) == {"error", "error_description"}


async def test_an_app_alone_acts_as_the_system_and_gets_no_refresh_token(
    client: httpx.AsyncClient, tenant: TestTenant, master: App
) -> None:
    answer = await client.post(TOKEN, data=master.fields("client_credentials"))
    assert (answer.status_code, "refresh_token" in answer.json()) == (200, False)
    header = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    members = (await client.get("/api3/member", headers=header)).json()
    assert members["member_list"][0]["email"] == tenant.email
    assert (await client.get("/api3/member/me", headers=header)).status_code == 404


async def test_an_app_acts_as_a_member_by_e_mail(client: httpx.AsyncClient, tenant: TestTenant, master: App) -> None:
    answer = await client.post(TOKEN, data=master.fields("client_credentials", email=tenant.email))
    header = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await client.get("/api3/member/me", headers=header)).json()
    assert me["member"]["email"] == tenant.email


async def test_a_member_that_is_not_there_has_a_number(
    client: httpx.AsyncClient, tenant: TestTenant, master: App
) -> None:
    answer = await client.post(TOKEN, data=master.fields("client_credentials", email="nobody@x.org"))
    assert (answer.status_code, answer.json()) == (404, four(1003, "invalid_request", "Member does not exist"))


async def test_a_token_sits_in_the_header_or_in_a_parameter(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    text = admin["Authorization"].removeprefix("Bearer ")
    for name in ("access_token", "accesstoken"):
        assert (await client.get(f"/api3/member/me?{name}={text}")).status_code == 200
    answer = await client.get("/api3/member/me?access_token=wrong", headers=admin)
    assert answer.status_code == 200


async def test_a_bad_token_is_refused_even_where_none_is_needed(client: httpx.AsyncClient) -> None:
    for path in ("/api3/campaign", "/api3/member/me"):
        answer = await client.get(path, headers={"Authorization": "Bearer nobodys"})
        expected = four(1002, "invalid_grant", INVALID["error_description"])
        assert (answer.status_code, answer.json(), answer.headers["www-authenticate"]) == (401, expected, "Bearer")


async def test_no_token_where_one_is_needed_is_said_as_a_bad_one(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api3/member/me")
    assert (answer.status_code, answer.json()) == (401, four(1002, "invalid_grant", INVALID["error_description"]))


async def test_a_token_of_another_tenant_does_not_agree_with_the_key(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], make_tenant: MakeTenant
) -> None:
    other = await make_tenant("joe@x.org")
    answer = await client.get("/api3/member/me", headers={**admin, "Api-Key": other.api_key})
    assert answer.status_code == 401
    same = await client.get("/api3/member/me", headers={**admin, "Api-Key": tenant.api_key})
    assert same.json()["member"]["email"] == tenant.email


async def test_tokens_run_out_and_refresh_tokens_rotate_with_a_grace(database_url: str) -> None:
    clock = TurnedClock()
    async with own_application(database_url, clock) as application, visitor(application) as http:
        tenant = await tenant_of(application)
        app = await make_app(tenant)
        fields = app.fields("password", username=tenant.email, password=tenant.password)
        first = (await http.post(TOKEN, data=fields)).json()
        header = {"Authorization": f"Bearer {first['access_token']}"}
        clock.turn(ACCESS_LIFE)
        late = await http.get("/api3/member/me", headers=header)
        assert (late.status_code, late.json()["error_description"]) == (401, EXPIRED["error_description"])
        renewal = app.fields("refresh_token", refresh_token=first["refresh_token"])
        answers = [await http.post(TOKEN, data=renewal) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        newest = answers[1].json()
        clock.turn(GRACE + timedelta(seconds=1))
        stolen = await http.post(TOKEN, data=renewal)
        assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
        # Its use so late means theft, so all that came of it ends.
        end = await http.get("/api3/member/me", headers={"Authorization": f"Bearer {newest['access_token']}"})
        assert (end.status_code, end.json()["error_description"]) == (401, INVALID["error_description"])
        assert (await http.post(TOKEN, data={**renewal, "refresh_token": newest["refresh_token"]})).status_code == 400
        await tenant.http.aclose()


async def test_an_app_that_is_removed_is_refused_at_once(
    application: Application, client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    assert (await client.get("/api3/member/me", headers=admin)).status_code == 200
    await remove(tenant.scope, app.id)
    # Other processes hear of it; so does this one, and until then asks nobody.
    left = (
        await application.parts.find(Database)
        .direct()
        .values("SELECT 1 FROM platform.ideas_token WHERE tenant = :tenant", tenant=tenant.tenant.id)
    )
    assert left == []

    async def refused() -> bool:
        return (await client.get("/api3/member/me", headers=admin)).status_code == 401

    await until(refused)


async def test_a_member_who_is_deactivated_gets_no_token(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    person = await make_person(tenant, "ann@x.org")
    assert await token_of(client, app, "ann@x.org")
    assert (await tenant.http.patch(f"/api/v1/people/{person}/", json={"active": False})).status_code == 200
    fields = app.fields("password", username="ann@x.org", password=PASSWORD)
    assert (await client.post(TOKEN, data=fields)).json()["error"] == "invalid_grant"


async def test_a_secret_stands_nowhere_in_clear(tenant: TestTenant, app: App, admin: dict[str, str]) -> None:
    direct = tenant.scope.database.direct(tenant.schema)
    rows = await direct.values("SELECT t::text FROM tenant.ideas_app AS t")
    rows += await direct.values("SELECT t::text FROM platform.ideas_token AS t")
    text = "\n".join(rows)
    assert app.client_id in text
    assert app.secret not in text
    assert admin["Authorization"].removeprefix("Bearer ") not in text
    assert quote(app.secret) not in text
