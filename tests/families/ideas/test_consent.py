"""A member lets an app in: by code, with and without PKCE, and by an implicit grant; refusals and strangers."""

import asyncio
import hashlib
import re
from base64 import urlsafe_b64encode
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest

from clerestory.platform.tokens import sessions
from tests.families.ideas.land import REDIRECT, App
from tests.fixtures.tenants import MakeTenant, TestTenant

AUTHORIZE = "/_oauth2/authorize"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def asked(app: App, **more: str) -> dict[str, str]:
    return {"client_id": app.client_id, "response_type": "code", "redirect_uri": REDIRECT, "state": "s 1", **more}


async def signed_in(tenant: TestTenant) -> tuple[dict[str, str], str]:
    """The cookie and the forms' token of the tenant's founder."""
    uuid = await tenant.scope.direct().value("SELECT uuid FROM tenant.person WHERE email = :email", email=tenant.email)
    opened = await sessions.begin(tenant.scope, tenant.tenant.id, uuid)
    return {"Cookie": f"sessionid={opened.text}"}, opened.csrf


async def decided(
    client: httpx.AsyncClient, tenant: TestTenant, query: dict[str, str], decision: str = "allow"
) -> httpx.Response:
    cookie, csrf = await signed_in(tenant)
    return await client.post(AUTHORIZE, params=query, data={"csrf": csrf, "decision": decision}, headers=cookie)


def told(answer: httpx.Response) -> dict[str, str]:
    """What the address that the browser is sent to says."""
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == REDIRECT
    return dict(parse_qsl(parts.fragment or parts.query))


async def test_who_is_not_signed_in_comes_back_after_the_log_in(client: httpx.AsyncClient, app: App) -> None:
    answer = await client.get(AUTHORIZE, params=asked(app))
    target = dict(parse_qsl(urlsplit(answer.headers["location"]).query))["next"]
    assert answer.status_code == 303
    assert dict(parse_qsl(urlsplit(target).query)) == asked(app)


async def test_the_page_names_the_app_and_lets_its_address_through(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    cookie, _ = await signed_in(tenant)
    answer = await client.get(AUTHORIZE, params=asked(app), headers=cookie)
    assert answer.status_code == 200
    assert "Let Dashboard in?" in answer.text
    assert "form-action 'self' https://app.example.org;" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("encoded", [False, True])
async def test_a_code_becomes_tokens_once(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, encoded: bool
) -> None:
    said = told(await decided(client, tenant, asked(app)))
    assert set(said) == {"code", "state"}
    assert said["state"] == "s 1"
    shown = quote(REDIRECT, safe="") if encoded else REDIRECT
    fields = app.fields("authorization_code", code=said["code"], redirect_uri=shown)
    answer = await client.post("/_oauth2/token", data=fields)
    assert answer.status_code == 200, answer.text
    header = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await client.get("/api3/member/me", headers=header)).json()["member"]["email"] == tenant.email
    again = await client.post("/_oauth2/token", data=fields)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    refresh = app.fields("refresh_token", refresh_token=answer.json()["refresh_token"])
    assert (await client.post("/_oauth2/token", data=refresh)).json()["error"] == "invalid_grant"


async def test_of_two_who_show_a_code_at_once_one_gets_tokens(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    code = told(await decided(client, tenant, asked(app)))["code"]
    fields = app.fields("authorization_code", code=code, redirect_uri=REDIRECT)
    answers = await asyncio.gather(*(client.post("/_oauth2/token", data=fields) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    assert {answer.json().get("error") for answer in answers} == {None, "invalid_grant"}


@pytest.mark.parametrize(
    ("verifier", "status"), [({"code_verifier": VERIFIER}, 200), ({"code_verifier": "w" * 43}, 400), ({}, 400)]
)
async def test_pkce_is_held_to(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, verifier: dict[str, str], status: int
) -> None:
    query = asked(app, code_challenge=CHALLENGE, code_challenge_method="S256")
    code = told(await decided(client, tenant, query))["code"]
    fields = app.fields("authorization_code", code=code, redirect_uri=REDIRECT, **verifier)
    assert (await client.post("/_oauth2/token", data=fields)).status_code == status


async def test_a_code_is_good_for_its_app_and_address_alone(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, master: App
) -> None:
    code = told(await decided(client, tenant, asked(app)))["code"]
    other = master.fields("authorization_code", code=code, redirect_uri=REDIRECT)
    elsewhere = app.fields("authorization_code", code=code, redirect_uri="https://elsewhere.example.org/")
    for fields in (other, elsewhere):
        answer = await client.post("/_oauth2/token", data=fields)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_an_implicit_grant_puts_the_token_into_the_fragment(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    said = told(await decided(client, tenant, asked(app, response_type="token")))
    token = said.pop("access_token")
    assert said == {"token_type": "Bearer", "expires_in": "3600", "state": "s 1"}
    assert re.fullmatch("[0-9a-f]{40}", token)
    me = await client.get(f"/api3/member/me?access_token={token}")
    assert me.json()["member"]["email"] == tenant.email


@pytest.mark.parametrize("response_type", ["code", "token"])
async def test_a_refusal_is_told_to_the_app(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, response_type: str
) -> None:
    said = told(await decided(client, tenant, asked(app, response_type=response_type), "deny"))
    assert (said["error"], said["state"]) == ("access_denied", "s 1")
    assert not {"code", "access_token"} & set(said)


@pytest.mark.parametrize(
    "change", [{"client_id": "nobody"}, {"redirect_uri": "https://evil.example.org/"}, {"client_id": ""}]
)
async def test_what_cannot_be_asked_sends_nobody_anywhere(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, change: dict[str, str]
) -> None:
    cookie, _ = await signed_in(tenant)
    answer = await client.get(AUTHORIZE, params={**asked(app), **change}, headers=cookie)
    assert answer.status_code == 400
    assert "This app cannot be let in" in answer.text
    assert (await decided(client, tenant, {**asked(app), **change})).status_code == 400


async def test_a_form_without_its_token_decides_nothing(
    client: httpx.AsyncClient, tenant: TestTenant, app: App
) -> None:
    cookie, _ = await signed_in(tenant)
    answer = await client.post(AUTHORIZE, params=asked(app), data={"decision": "allow"}, headers=cookie)
    assert answer.status_code == 403


async def test_a_neighbour_lets_no_app_of_ours_in(client: httpx.AsyncClient, app: App, make_tenant: MakeTenant) -> None:
    neighbour = await make_tenant("joe@x.org")
    cookie, _ = await signed_in(neighbour)
    page = await client.get(AUTHORIZE, params=asked(app), headers=cookie)
    assert "belongs to another organisation" in page.text
    assert (await decided(client, neighbour, asked(app))).status_code == 403
