"""The pages of apps: registered, shown with credentials and log, removed; by administrators of the tenant alone."""

import httpx

from clerestory.families.ideas.apps.journal import Journal
from tests.families.ideas.land import REDIRECT, App, make_person, token_of
from tests.families.ideas.test_consent import signed_in
from tests.fixtures.tenants import MakeTenant, TestTenant

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
FORM = {"name": "Dashboard", "website": "https://app.example.org", "redirect_uris": f"{REDIRECT}\napp://back"}


async def test_an_app_is_registered_and_shown(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    cookie, csrf = await signed_in(tenant)
    form = {**FORM, "csrf": csrf, "per_hour": "50", "master": "yes"}
    made = await client.post("/apps/", data=form, files={"logo": ("a.txt", PNG)}, headers=cookie)
    assert made.status_code == 303, made.text
    page = await client.get(made.headers["location"], headers=cookie)
    sealed = "SELECT client_id FROM tenant.ideas_app"
    assert await tenant.scope.direct().value(sealed) in page.text
    for shown in ("Dashboard", "app://back", "data:image/png;base64,", "/_oauth2/token", "There was none yet"):
        assert shown in page.text
    assert "Dashboard" in (await client.get("/apps/", headers=cookie)).text


async def test_a_form_that_is_wrong_says_so(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    cookie, csrf = await signed_in(tenant)
    wrong = {"csrf": csrf, "name": "", "website": "x", "redirect_uris": "javascript:alert(1)//x", "per_hour": ""}
    answer = await client.post("/apps/", data=wrong, files={"logo": ("a.png", b"<svg>")}, headers=cookie)
    assert (answer.status_code, answer.text.count('class="fault"')) == (400, 4)
    limit = await client.post("/apps/", data={**FORM, "csrf": csrf, "per_hour": "many"}, headers=cookie)
    assert (limit.status_code, limit.text.count('class="fault"')) == (400, 1)


async def test_an_app_s_requests_stand_in_its_log(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str]
) -> None:
    for path in ("/api3/campaign?name=secret", "/api3/campaign/none"):
        await client.get(path, headers=admin)
    await tenant.scope.part(Journal).flush()
    cookie, _ = await signed_in(tenant)
    page = (await client.get(f"/apps/{app.id}/", headers=cookie)).text
    assert "GET /api3/campaign</code>" in page
    assert "GET /api3/campaign/{id}</code></td><td>404" in page
    assert tenant.email in page
    assert "secret" not in page.partition("Latest requests")[2]


async def test_only_administrators_of_the_tenant_come_here(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, make_tenant: MakeTenant
) -> None:
    neighbour = await make_tenant("joe@x.org")
    cookie, csrf = await signed_in(neighbour)
    assert (await client.get(f"/apps/{app.id}/", headers=cookie)).status_code == 404
    gone = await client.post(f"/apps/{app.id}/remove/", data={"csrf": csrf}, headers=cookie)
    assert gone.status_code == 404
    await make_person(tenant, "ann@x.org")
    assert await token_of(client, app, "ann@x.org")


async def test_a_removed_app_is_gone(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> None:
    cookie, csrf = await signed_in(tenant)
    assert (await client.post(f"/apps/{app.id}/remove/", data={"csrf": csrf}, headers=cookie)).status_code == 303
    assert (await client.get(f"/apps/{app.id}/", headers=cookie)).status_code == 404
    fields = app.fields("password", username=tenant.email, password=tenant.password)
    assert (await client.post("/_oauth2/token", data=fields)).json()["error"] == "invalid_client"
