"""The pages of issues, as a browser without script sees them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import httpx

from clerestory.families.escalation.issues.model import DAYS, HEIGHT, line
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn

SCRIPT = "<script>alert(1)</script>"
LOG = {"code": "500", "application": "shop", "message": "Payment failed", "severity": "MAJOR"}


async def _report(tenant: TestTenant, environment: str = "PROD", **changes: str) -> None:
    answer = await tenant.http.post("/escalate", json={**LOG, **changes}, headers={"Environment": environment})
    assert answer.status_code == 201, answer.text


async def _tell(tenant: TestTenant, *severities: str) -> None:
    person = await tenant.http.post("/api/v1/people/", json={"email": "ann@example.org", "first_name": "Ann"})
    contact = {
        "person": person.json()["id"],
        "consents": {"EMAIL": True, "SMS": False, "WHATSAPP": False},
        "preferences": list(severities),
    }
    assert (await tenant.http.post("/api/v1/escalation/contacts/", json=contact)).status_code == 201


def _codes(page: httpx.Response) -> list[str]:
    return re.findall(r'<a href="/issues/\d+/">([^<]+)</a>', page.text)


async def _issue(tenant: TestTenant) -> int:
    return int(await tenant.scope.direct().value("SELECT max(id) FROM tenant.escalation_issue"))


async def test_without_issues_the_page_leads_to_the_line_that_makes_one(tenant: TestTenant, sign_in: SignIn) -> None:
    page = await (await sign_in(tenant)).get("/issues/")
    assert page.status_code == 200
    assert "No application has reported anything yet." in page.text
    assert '<a href="/instructions/">' in page.text
    assert "<table" not in page.text


async def test_an_issue_stands_in_the_list_with_its_counts(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant, user_ref="u1")
    await _report(tenant, severity="CRITICAL", user_ref="u2", message="The last one")
    page = await (await sign_in(tenant)).get("/issues/")
    assert _codes(page) == ["500"]
    assert '<span class="badge CRITICAL">CRITICAL</span>' in page.text
    assert page.text.count('<td data-label="Logs" class="number">2</td>') == 1
    assert page.text.count('<td data-label="Users" class="number">2</td>') == 1
    assert "The last one" in page.text
    assert "2 logs in the last 14 days, 2 today, at most 2 a day" in page.text
    assert page.text.count("<rect ") == DAYS


async def test_the_filter_lets_through_what_it_names(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant, code="a", message="100% of the disk is full")
    await _report(tenant, code="b", application="billing", severity="LOW")
    await _report(tenant, environment="DEV", code="c")
    visit = await sign_in(tenant)
    asked: Mapping[str, list[str]] = {
        "": ["c", "b", "a"],
        "?application=billing": ["b"],
        "?severity=LOW": ["b"],
        "?environment=DEV": ["c"],
        "?q=100%25+of": ["a"],
        "?q=100_": [],
        "?q=BILL": ["b"],
        "?period=1&severity=MAJOR": ["c", "a"],
    }
    assert {query: _codes(await visit.get(f"/issues/{query}")) for query in asked} == asked


async def test_a_filter_that_finds_nothing_says_so(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant)
    page = await (await sign_in(tenant)).get("/issues/?q=nothing+of+the+kind")
    assert "No issue is like that." in page.text
    assert 'value="nothing of the kind"' in page.text


async def test_strange_addresses_ask_for_nothing(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant)
    visit = await sign_in(tenant)
    for query in ("?severity=HIGH", "?page=-1", "?page=x", f"?page={'9' * 400}", "?q=%00", "?q=%ff", "?period=2"):
        answer = await visit.get(f"/issues/{query}")
        assert answer.status_code == 200, query


async def test_a_long_list_has_pages_that_keep_the_filter(tenant: TestTenant, sign_in: SignIn) -> None:
    await tenant.scope.direct().execute(
        """
        INSERT INTO tenant.escalation_issue
               (environment, application, code, first_seen, last_seen, count, low, minor, major, critical)
        SELECT 'PROD', 'shop', 'code ' || n, now(), now() - n * interval '1 minute', 1, 1, 0, 0, 0
          FROM generate_series(1, 26) AS n
        """
    )
    visit = await sign_in(tenant)
    first = await visit.get("/issues/?application=shop")
    assert _codes(first) == [f"code {number}" for number in range(1, 26)]
    assert 'href="/issues/?application=shop&amp;page=2"' in first.text
    second = await visit.get("/issues/?application=shop&page=2")
    assert _codes(second) == ["code 26"]
    assert 'href="/issues/?application=shop&amp;page=1"' in second.text


async def test_what_applications_say_is_escaped(tenant: TestTenant, sign_in: SignIn) -> None:
    await _tell(tenant, "MAJOR")
    await _report(tenant, code=SCRIPT, application=SCRIPT, message=SCRIPT, user_ref=SCRIPT)
    visit = await sign_in(tenant)
    for path in ("/issues/", f"/issues/?q={SCRIPT}&application={SCRIPT}", f"/issues/{await _issue(tenant)}/"):
        page = await visit.get(path)
        assert page.status_code == 200
        assert SCRIPT not in page.text
        assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2


async def test_an_issue_has_its_logs_with_what_came_of_their_messages(tenant: TestTenant, sign_in: SignIn) -> None:
    await _tell(tenant, "MAJOR")
    await _report(tenant, user_ref="u1", message="The first")
    await _report(tenant, severity="LOW", message="The second")
    page = await (await sign_in(tenant)).get(f"/issues/{await _issue(tenant)}/")
    assert page.status_code == 200
    assert "2: 1 MAJOR, 1 LOW" in page.text
    assert page.text.index("The second") < page.text.index("The first")
    assert len(re.findall(r'<a href="/log/[A-Za-z0-9_-]{22}">', page.text)) == 2
    words = "E-mail to 1 address: Kept in the inbox: no EMAIL transport is configured"
    assert page.text.count(words) == 1
    assert page.text.count("Nobody was told.") == 1


async def test_what_was_held_back_and_the_task_are_shown(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant, environment="DEV")
    run = tenant.scope.direct().execute
    await run("UPDATE tenant.escalation_log SET held = '1 member was not told again.'")
    await run(
        "UPDATE tenant.escalation_issue SET task_state = 'made', task_url = :url, task_note = 'Two tries'",
        url="https://tasks.example.org/t/1",
    )
    visit = await sign_in(tenant)
    page = await visit.get(f"/issues/{await _issue(tenant)}/")
    assert '<p class="held">1 member was not told again.</p>' in page.text
    assert '<a href="https://tasks.example.org/t/1" rel="noreferrer">Task</a>' in page.text
    assert "Two tries" in page.text
    assert "Nothing was sent: DEV environment." in page.text
    await run("UPDATE tenant.escalation_issue SET task_url = 'javascript:alert(1)'")
    assert "javascript:" not in (await visit.get("/issues/")).text


async def test_many_logs_have_pages(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant)
    issue = await _issue(tenant)
    await tenant.scope.direct().execute(
        """
        INSERT INTO tenant.escalation_log (issue, log_key, severity, message)
        SELECT :issue, 'key' || n, 'LOW', 'message ' || n
          FROM generate_series(1, 22) AS n
        """,
        issue=issue,
    )
    visit = await sign_in(tenant)
    first = await visit.get(f"/issues/{issue}/")
    assert first.text.count('<li class="log">') == 20
    older = re.search(r'href="(/issues/\d+/\?before=\d+)#logs"', first.text)
    assert older is not None
    second = await visit.get(older[1])
    assert second.text.count('<li class="log">') == 3
    assert "Payment failed" in second.text
    assert f'href="/issues/{issue}/#logs"' in second.text


async def test_a_neighbours_issue_is_not_found(make_tenant: MakeTenant, sign_in: SignIn) -> None:
    mine, theirs = await make_tenant(), await make_tenant("joe@x.org")
    await _report(theirs, code="secret")
    visit = await sign_in(mine)
    assert "secret" not in (await visit.get("/issues/")).text
    for issue in (await _issue(theirs), 0, 2**63, 10**30):
        assert (await visit.get(f"/issues/{issue}/")).status_code == 404


async def test_a_member_who_administers_nothing_may_look(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant)
    visit = await sign_in(tenant, member=True)
    page = await visit.get("/issues/")
    assert _codes(page) == ["500"]
    assert 'href="/people/"' in page.text
    assert 'href="/inbox/"' not in page.text
    assert (await visit.get(f"/issues/{await _issue(tenant)}/")).status_code == 200


async def test_who_is_not_signed_in_is_sent_to_the_log_in(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    answer = await client.get("/issues/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login/?next=/issues/")
    by_key = await tenant.http.get("/issues/")
    assert by_key.status_code == 303


def test_a_line_has_a_bar_for_each_day_and_a_stroke_for_an_empty_one() -> None:
    today = datetime(2026, 3, 14, tzinfo=UTC).date()
    counts: dict[date, int] = {today: 1, today - timedelta(days=13): 400, today - timedelta(days=14): 7}
    drawn = line(counts, today)
    assert [bar.count for bar in drawn.bars] == [400, *[0] * 12, 1]
    assert [bar.height for bar in drawn.bars] == [HEIGHT, *[1] * 12, 3]
    assert all(bar.y + bar.height == HEIGHT for bar in drawn.bars)
    assert drawn.words == "401 logs in the last 14 days, 1 today, at most 400 a day"


async def test_an_issue_offers_what_can_be_made_of_it(tenant: TestTenant, sign_in: SignIn) -> None:
    await _report(tenant, message="Payment <b>failed</b>")
    page = await (await sign_in(tenant)).get(f"/issues/{await _issue(tenant)}/")
    address = "/ideas/new?title=500+in+shop&amp;text=Payment+%3Cb%3Efailed%3C%2Fb%3E"
    assert f'<a class="button plain" href="{address}">Make an idea of this</a>' in page.text
