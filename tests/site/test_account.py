"""Registration, log-in, log-out and the key's menu, as a browser without script uses them."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from clerestory.app import Application
from clerestory.platform import provisioning
from clerestory.platform.database import Database
from tests.fixtures.tenants import PASSWORD, MakeTenant, TestTenant
from tests.standins.server import eventually

FORM = {"email": "ada.byron@example.org", "password": PASSWORD, "first_name": "Ada", "last_name": "Byron"}


@pytest.fixture
async def browser(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies."""
    transport = httpx.ASGITransport(application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://clerestory.test") as client:
        yield client


def _key(page: str) -> str:
    found = re.search(r'id="api-key">([0-9a-f-]{36})<', page)
    assert found is not None
    return found[1]


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def _profile(browser: httpx.AsyncClient, key: str) -> int:
    return (await browser.get("/profile", headers={"Authorization": f"Bearer {key}"})).status_code


async def _log_in(browser: httpx.AsyncClient, tenant: TestTenant, **changes: str) -> httpx.Response:
    typed = {"client": tenant.client, "email": tenant.email, "password": tenant.password, "next": ""} | changes
    return await browser.post("/login/", data=typed)


async def test_who_registers_is_signed_in_and_has_a_key_that_works(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/register/", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "sessionid=" in cookie
    home = (await browser.get("/admin/")).text
    assert re.search(r"ada\.byron_\d{6}", home)
    assert await _profile(browser, _key(home)) == 200


async def test_a_refused_registration_keeps_what_was_typed_but_the_password(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/register/", data=FORM | {"email": "no address", "password": "12345678"})
    assert answer.status_code == 400
    assert 'value="no address"' in answer.text
    assert "12345678" not in answer.text
    assert "Enter a valid email address." in answer.text
    assert 'id="password-fault"' in answer.text
    assert "set-cookie" not in answer.headers


async def test_what_is_typed_comes_back_escaped(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/register/", data=FORM | {"first_name": '"><script>x</script>', "password": "1"})
    assert "<script>x" not in answer.text
    assert "&lt;script&gt;x" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        # Over plain http browsers say only this.
        {"Origin": "http://evil.example"},
        {"Origin": "http://clerestory.test:81"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/register/", "/login/"])
async def test_a_form_from_another_site_is_refused(
    browser: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    assert (await browser.post(path, data=FORM, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://clerestory.test"},
        {"Origin": "http://clerestory.test"},
        # By the name that providers and people use, behind a proxy that calls the server by another.
        {"Origin": "http://127.0.0.1:8000"},
        {},
    ],
)
async def test_a_form_of_ours_is_taken(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await browser.post("/login/", data=FORM, headers=headers)).status_code == 401


async def test_nobody_is_shown_the_key_of_a_suspended_client(
    application: Application, browser: httpx.AsyncClient, tenant: TestTenant
) -> None:
    body = {"email": "member@x.org", "password": tenant.password}
    assert (await tenant.http.post("/api/v1/auth/register/", json=body)).status_code == 201
    await _log_in(browser, tenant, email="member@x.org")
    member = (await browser.get("/")).text
    assert (tenant.client in member, tenant.api_key in member) == (True, False)
    await provisioning.suspend(application.parts, tenant.tenant.id)
    # Every process is told, and it takes a moment until it has heard.
    for _ in eventually():
        await asyncio.sleep(0.005)
        suspended = (await browser.get("/")).text
        if (tenant.client in suspended, tenant.api_key in suspended) == (False, False):
            break
    await provisioning.resume(application.parts, tenant.tenant.id)
    for _ in eventually():
        await asyncio.sleep(0.005)
        if (await browser.get("/")).text == member:
            break


@pytest.mark.parametrize("wrong", ["client", "email", "password"])
async def test_every_wrong_part_of_a_log_in_has_the_same_answer(
    browser: httpx.AsyncClient, tenant: TestTenant, make_tenant: MakeTenant, wrong: str
) -> None:
    neighbour = await make_tenant("joe@x.org")
    changes = {"client": neighbour.client, "email": "nobody@x.org", "password": "another password"}
    answer = await _log_in(browser, tenant, **{wrong: changes[wrong]})
    assert answer.status_code == 401
    assert "No active account was found with the given credentials." in answer.text
    assert "set-cookie" not in answer.headers
    assert tenant.password not in answer.text


async def test_a_log_in_that_fails_too_often_has_to_wait(application: Application, tenant: TestTenant) -> None:
    transport = httpx.ASGITransport(application.asgi, client=("10.7.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://clerestory.test") as browser:
        for _ in range(10):
            assert (await _log_in(browser, tenant, password="wrong")).status_code == 401
        answer = await _log_in(browser, tenant)
    assert answer.status_code == 429
    assert 290 <= int(answer.headers["retry-after"]) <= 300
    assert "Too many attempts to log in." in answer.text
    assert f'value="{tenant.email}"' in answer.text


async def test_a_log_in_leads_on_within_the_site_only(browser: httpx.AsyncClient, tenant: TestTenant) -> None:
    assert (await _log_in(browser, tenant, next="/docs/")).headers["location"] == "/docs/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert (await _log_in(browser, tenant, next=elsewhere)).headers["location"] == "/admin/"


async def test_the_picker_lists_clients_that_are_served(browser: httpx.AsyncClient, tenant: TestTenant) -> None:
    assert f"<option>{tenant.client}</option>" in (await browser.get("/login/")).text


async def test_many_clients_are_asked_for_by_name(application: Application, browser: httpx.AsyncClient) -> None:
    database = application.parts.find(Database)
    many = """
        INSERT INTO platform.tenant (client, schema, state, email)
        SELECT 'many_' || n, 'many_' || n, 'READY', 'x'
          FROM generate_series(1, 501) AS n
    """
    await database.direct().execute(many)
    try:
        page = (await browser.get("/login/")).text
    finally:
        await database.direct().execute("DELETE FROM platform.tenant WHERE client LIKE 'many_%'")
    assert "many_1" not in page
    assert 'name="client" type="text"' in page


async def test_a_renewed_key_takes_the_place_of_the_old_one_at_once(
    browser: httpx.AsyncClient, tenant: TestTenant
) -> None:
    await _log_in(browser, tenant)
    home = (await browser.get("/admin/")).text
    assert _key(home) == tenant.api_key
    assert await _profile(browser, tenant.api_key) == 200
    assert (await browser.post("/key/renew/", data={"csrf": _csrf(home)})).status_code == 303
    renewed = _key((await browser.get("/admin/")).text)
    assert renewed != tenant.api_key
    assert await _profile(browser, renewed) == 200
    for _ in eventually():
        await asyncio.sleep(0.005)
        if await _profile(browser, tenant.api_key) == 401:
            break


async def test_a_revoked_key_is_gone_and_another_can_be_made(browser: httpx.AsyncClient, tenant: TestTenant) -> None:
    await _log_in(browser, tenant)
    csrf = _csrf((await browser.get("/admin/")).text)
    assert (await browser.post("/key/revoke/", data={"csrf": csrf})).status_code == 303
    home = (await browser.get("/admin/")).text
    assert "There is no active key." in home
    assert await _profile(browser, tenant.api_key) == 401
    assert (await browser.post("/key/renew/", data={"csrf": csrf})).status_code == 303
    assert await _profile(browser, _key((await browser.get("/admin/")).text)) == 200


@pytest.mark.parametrize("path", ["/key/renew/", "/key/revoke/", "/logout/", "/logout/everywhere/"])
async def test_nothing_is_done_without_the_forms_own_token(
    browser: httpx.AsyncClient, tenant: TestTenant, path: str
) -> None:
    await _log_in(browser, tenant)
    assert (await browser.post(path, data={"csrf": "x"})).status_code == 403
    assert (await browser.post(path)).status_code == 403
    assert _key((await browser.get("/admin/")).text) == tenant.api_key


async def test_a_log_in_ends_the_session_that_the_browser_showed(
    browser: httpx.AsyncClient, tenant: TestTenant
) -> None:
    for sign_in in (_log_in(browser, tenant), browser.post("/register/", data=FORM)):
        await _log_in(browser, tenant)
        earlier = {"Cookie": f"sessionid={browser.cookies['sessionid']}"}
        assert (await sign_in).status_code == 303
        assert (await browser.get("/admin/")).status_code == 200
        browser.cookies.clear()
        assert (await browser.get("/admin/", headers=earlier)).status_code == 303


async def test_a_log_in_that_fails_ends_nothing(browser: httpx.AsyncClient, tenant: TestTenant) -> None:
    await _log_in(browser, tenant)
    assert (await _log_in(browser, tenant, password="another one")).status_code == 401
    assert (await browser.get("/admin/")).status_code == 200


async def test_a_log_out_ends_the_session_and_everywhere_ends_all(
    application: Application, browser: httpx.AsyncClient, tenant: TestTenant
) -> None:
    transport = httpx.ASGITransport(application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://clerestory.test") as other:
        await _log_in(browser, tenant)
        await _log_in(other, tenant)
        csrf = _csrf((await browser.get("/admin/")).text)
        cookie = browser.cookies["sessionid"]
        assert (await browser.post("/logout/", data={"csrf": csrf})).status_code == 303
        assert (await browser.get("/admin/", headers={"Cookie": f"sessionid={cookie}"})).status_code == 303
        assert (await other.get("/admin/")).status_code == 200
        csrf = _csrf((await other.get("/admin/")).text)
        cookie = other.cookies["sessionid"]
        await _log_in(browser, tenant)
        await other.post("/logout/everywhere/", data={"csrf": csrf})
        assert (await browser.get("/admin/")).status_code == 303


async def test_a_session_sees_its_own_tenant_whatever_the_cookie_jar_says(
    browser: httpx.AsyncClient, tenant: TestTenant, make_tenant: MakeTenant
) -> None:
    neighbour = await make_tenant("joe@x.org")
    await _log_in(browser, tenant)
    answer = await browser.get("/api/v1/clients/current/")
    assert answer.json()["client"] == tenant.client
    named = await browser.get("/api/v1/clients/current/", headers={"Api-Key": neighbour.api_key})
    assert named.json()["client"] == neighbour.client


async def test_a_session_writes_to_the_api_only_with_the_pages_token(
    browser: httpx.AsyncClient, tenant: TestTenant
) -> None:
    await _log_in(browser, tenant)
    person = {"email": "new@x.org", "first_name": "New", "last_name": "One"}
    assert (await browser.post("/api/v1/people/", json=person)).status_code == 403
    csrf = _csrf((await browser.get("/admin/")).text)
    answer = await browser.post("/api/v1/people/", json=person, headers={"X-CSRFToken": csrf})
    assert (answer.status_code, answer.json()["email"]) == (201, "new@x.org")
