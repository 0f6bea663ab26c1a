"""The page of a log: what it shows, to whom, and what it keeps to itself."""

import re

import httpx
import pytest

from clerestory.families.escalation.logs.limit import PageLimit
from tests.families.escalation.people import DEV, LOG, Person, add, log_keys, page
from tests.fixtures.clocks import own_application, visitor
from tests.fixtures.tenants import TestTenant

HOSTILE = "<script>alert('x')</script>&\"{{ 7*7 }}"


def visible(html: str) -> list[str]:
    """The texts of the page's body, in order."""
    body = html.partition("<main>")[2].partition("</main>")[0]
    return [line for line in (re.sub(r"<[^>]+>", " ", body)).split("\n") if line.strip()]


async def test_the_page_shows_the_log_and_its_issue_without_a_key(
    client: httpx.AsyncClient, tenant: TestTenant
) -> None:
    await add(tenant, Person("Andy Zane", "EMAIL WHATSAPP", "+447772572105"))
    body = {**LOG, "user_ref": "u-17", "user_agent": "Phone/1.0", "trace": "line 1\n  line 2"}
    await tenant.http.post("/escalate", json=body)
    (key,) = await log_keys(tenant)
    answer = await client.get(f"/log/{key}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    text = answer.text
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="UTF-8">\n')
    assert "<title>Log Details</title>" in text
    assert "<pre>line 1\n  line 2</pre>" in text
    lines = [" ".join(line.split()) for line in visible(text)]
    moments = [line for line in lines if re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", line)]
    assert [line.partition(" ")[0] for line in moments] == ["Time", "First", "Last"]
    assert [line for line in lines if line not in moments] == [
        "Log Details",
        "MAJOR Critical bug detected",
        "Application ExampleApp",
        "Code 500",
        "Environment PROD",
        "User u-17",
        "User agent Phone/1.0",
        "Trace",
        "line 1",
        "line 2",
        "Issue",
        "Seen 1 time",
        "Notifications",
        "EMAIL Kept in the inbox: no EMAIL transport is configured",
        "a•••@example.org",
        "WHATSAPP Kept in the inbox: no WHATSAPP transport is configured",
        "+44•••105",
    ]


async def test_the_page_may_be_kept_and_framed_and_followed_by_nobody(tenant: TestTenant) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=DEV)
    answer = await tenant.http.get(f"/log/{(await log_keys(tenant))[0]}")
    headers = answer.headers
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; frame-ancestors 'none'",
        headers["content-security-policy"],
    )
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    assert "prefers-color-scheme:dark" in answer.text
    assert 'name="viewport"' in answer.text


async def test_every_value_is_escaped(tenant: TestTenant) -> None:
    body = dict.fromkeys(("code", "application", "message", "user_ref", "user_agent", "trace"), HOSTILE)
    await tenant.http.post("/escalate", json={**body, "severity": "LOW"}, headers=DEV)
    text = await page(tenant)
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&#34;{{ 7*7 }}") == 6


async def test_dev_says_that_nothing_was_sent(tenant: TestTenant) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=DEV)
    assert "<p>Nothing was sent: DEV environment.</p>" in await page(tenant)
    await tenant.http.post("/escalate", json=LOG)
    assert "<p>Nobody was told.</p>" in await page(tenant)


@pytest.mark.parametrize("key", ["x", "A" * 22, "A" * 23, "...", "%00", "ä" * 22, "A" * 5000])
async def test_a_key_that_shows_nothing_has_one_answer(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.get(f"/log/{key}")
    unknown = await client.get("/log/BBBBBBBBBBBBBBBBBBBBBB")
    assert (answer.status_code, answer.text) == (404, unknown.text)
    assert visible(answer.text)[-1].strip() == "There is no such log."
    assert "<h1>Log Details</h1>" in answer.text
    ours = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    assert ours == {name: value for name, value in unknown.headers.items() if name != "x-request-id"}


async def test_a_deleted_log_is_like_one_that_never_was(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=DEV)
    (key,) = await log_keys(tenant)
    async with tenant.scope.begin() as tx:
        await tx.execute("DELETE FROM tenant.escalation_log")
    answer = await client.get(f"/log/{key}")
    assert (answer.status_code, answer.text) == (404, (await client.get("/log/x")).text)


async def test_the_id_of_a_log_is_no_key(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=DEV)
    log = (await tenant.http.get("/api/v1/escalation/logs/")).json()["results"][0]
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", log["log_key"])
    assert (await client.get(f"/log/{log['id']}")).status_code == 404


async def test_an_empty_post_with_a_key_is_the_same_page(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=DEV)
    (key,) = await log_keys(tenant)
    page = (await client.get(f"/log/{key}")).text
    for headers in ({}, {"Authorization": "Bearer unknown"}):
        answer = await client.post("/escalate", params={"log_key": key}, headers=headers)
        assert (answer.status_code, answer.text) == (200, page)
    assert (await client.post("/escalate", params={"log_key": "x"})).status_code == 404


async def test_with_a_body_it_is_an_escalation_and_the_key_is_ignored(
    client: httpx.AsyncClient, tenant: TestTenant
) -> None:
    parameters = {"log_key": "whatever"}
    answer = await tenant.http.post("/escalate", params=parameters, json=LOG, headers=DEV)
    assert answer.json() == {"status": 201, "data": [], "code": 201}
    answer = await client.post("/escalate", params=parameters, json=LOG, headers=DEV)
    assert answer.json()["error"]["code"] == "AUTH_INVALID"


async def test_an_address_that_asks_too_often_has_to_wait(database_url: str) -> None:
    async with own_application(database_url) as application, visitor(application) as client:
        application.parts.find(PageLimit).per_window = 2
        answers = [await client.get("/log/x") for _ in range(3)]
        while answers[-1].status_code != 429:
            # The window turned just then.
            answers.append(await client.get("/log/x"))
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert visible(answers[-1].text)[-1].strip() == "Too many requests. Try again in a minute."
        assert (await client.get("/status")).status_code == 200
