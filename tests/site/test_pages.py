"""The pages that anyone may open."""

from dataclasses import replace

import httpx
import pytest

from clerestory.app import Application, running
from clerestory.site import Documents
from tests.fixtures.application import settings_for

OPEN = ["/", "/instructions/", "/register/", "/login/", "/docs/", "/docs/workspace/", "/docs/escalation/"]


@pytest.mark.parametrize("path", OPEN)
async def test_a_page_is_html_with_the_headers_that_keep_it_safe(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert '<html lang="en">' in answer.text
    assert "<h1>" in answer.text


async def test_browsers_are_told_to_keep_to_https_where_it_is_spoken(
    client: httpx.AsyncClient, database_url: str
) -> None:
    name = "strict-transport-security"
    assert name not in (await client.get("/login/")).headers
    async with running(replace(settings_for(database_url), public_url="https://c.example.org")) as application:
        transport = httpx.ASGITransport(application.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="https://c.example.org") as browser:
            for path in ("/login/", "/admin/", "/static/mark.svg"):
                assert (await browser.get(path)).headers[name] == "max-age=31536000"


@pytest.mark.parametrize("path", OPEN)
async def test_a_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient, path: str) -> None:
    text = (await client.get(path)).text
    for mark in ('src="http', 'src="//', '<link rel="stylesheet" href="http', "<style", "onclick="):
        assert mark not in text


@pytest.mark.parametrize("path", ["/static/clerestory.css", "/static/clerestory.js", "/static/mark.svg"])
async def test_static_files_are_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_the_viewers_files_are_served_from_here(client: httpx.AsyncClient) -> None:
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert (await client.get(f"/static/viewer/{name}")).status_code == 200


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/dialect.py", "/static/viewer/../__init__.py"])
async def test_static_files_end_at_their_folder(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_instructions_without_a_log_in_name_no_key(client: httpx.AsyncClient) -> None:
    assert "Bearer YOUR-API-KEY" in (await client.get("/instructions/")).text


async def test_every_document_is_linked_and_served(application: Application, client: httpx.AsyncClient) -> None:
    index = (await client.get("/docs/")).text
    for surface in application.parts.find(Documents).surfaces:
        assert f'href="/openapi/{surface.name}.json"' in index
        document = (await client.get(f"/openapi/{surface.name}.json")).json()
        assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": "/"}])


async def test_an_unknown_document_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/openapi/nothing.json")).status_code == 404
    assert (await client.get("/docs/nothing/")).status_code == 404


async def test_an_unknown_path_is_a_page_for_browsers_and_json_for_programs(client: httpx.AsyncClient) -> None:
    page = await client.get("/nowhere", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    program = await client.get("/nowhere")
    assert (program.status_code, program.json()["error"]["code"]) == (404, "NOT_FOUND")


async def test_who_is_not_signed_in_is_sent_to_the_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/admin/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login/?next=/admin/")
