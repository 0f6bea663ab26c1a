"""The inbox's pages: what was kept, for administrators, with mails that can do nothing."""

import re

import pytest

from clerestory.kernel.channels import Channel
from clerestory.platform import delivery
from clerestory.platform.delivery import NewMessage, Sender
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn

SCRIPT = "<script>alert(1)</script>"
MAIL = NewMessage(
    "tests",
    Channel.EMAIL,
    ("ann@example.org", "ben@example.org"),
    f"Fire {SCRIPT}",
    f"It burns. {SCRIPT} http://clerestory.test/log/abc",
    f"<p>It burns.</p>{SCRIPT}",
)
SMS = NewMessage("tests", Channel.SMS, ("+447772572105",), "", "It burns in text")


async def _keep(tenant: TestTenant, *messages: NewMessage) -> list[int]:
    async with tenant.scope.begin() as tx:
        ids = await delivery.record_all(tx, messages)
    for one in ids:
        await tenant.scope.part(Sender).attempt(tenant.scope, one)
    return list(ids)


async def test_an_empty_inbox_says_how_it_is_filled(tenant: TestTenant, sign_in: SignIn) -> None:
    page = await (await sign_in(tenant)).get("/inbox/")
    assert page.status_code == 200
    assert "Nothing was kept yet." in page.text
    assert '<a href="/instructions/">' in page.text


async def test_kept_messages_are_listed_the_latest_first(tenant: TestTenant, sign_in: SignIn) -> None:
    await _keep(tenant, MAIL, SMS)
    page = await (await sign_in(tenant)).get("/inbox/")
    assert "2 messages, 2 unread" in page.text
    assert re.findall(r'<a href="/inbox/\d+/">([^<]+)</a>', page.text) == [
        "It burns in text",
        "Fire &lt;script&gt;alert(1)&lt;/script&gt;",
    ]
    assert SCRIPT not in page.text
    assert "ann@example.org, ben@example.org" in page.text
    assert page.text.count('<tr class="unread">') == 2


async def test_a_message_that_was_looked_at_is_read(tenant: TestTenant, sign_in: SignIn) -> None:
    mail, _ = await _keep(tenant, MAIL, SMS)
    visit = await sign_in(tenant)
    page = await visit.get(f"/inbox/{mail}/")
    assert page.status_code == 200
    assert SCRIPT not in page.text
    assert "Kept in the inbox: no EMAIL transport is configured" in page.text
    assert '<a href="http://clerestory.test/log/abc" rel="noopener noreferrer">' in page.text
    assert "2 messages, 1 unread" in (await visit.get("/inbox/")).text


async def test_a_mails_html_is_framed_where_it_can_do_nothing(tenant: TestTenant, sign_in: SignIn) -> None:
    mail, text = await _keep(tenant, MAIL, SMS)
    visit = await sign_in(tenant)
    page = await visit.get(f"/inbox/{mail}/")
    assert f'<iframe class="mail" sandbox src="/inbox/{mail}/mail/"' in page.text
    assert page.headers["content-security-policy"].endswith("; frame-src 'self'")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    frame = await visit.get(f"/inbox/{mail}/mail/")
    assert frame.text == MAIL.html
    assert {name: frame.headers[name] for name in _GUARDS} == _GUARDS
    assert (await visit.get(f"/inbox/{text}/mail/")).status_code == 404
    assert "<iframe" not in (await visit.get(f"/inbox/{text}/")).text


_GUARDS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'"
    ),
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


async def test_all_are_marked_as_read_and_one_is_deleted(tenant: TestTenant, sign_in: SignIn) -> None:
    mail, _ = await _keep(tenant, MAIL, SMS)
    visit = await sign_in(tenant)
    answer = await visit.post("/inbox/read/", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox/")
    page = await visit.get("/inbox/")
    assert "2 messages, 0 unread" in page.text
    assert "Mark all as read" not in page.text
    assert (await visit.post(f"/inbox/{mail}/delete/", {})).headers["location"] == "/inbox/"
    assert "1 message, 0 unread" in (await visit.get("/inbox/")).text
    assert (await visit.get(f"/inbox/{mail}/")).status_code == 404
    assert (await visit.post(f"/inbox/{mail}/delete/", {})).status_code == 404


async def test_a_full_inbox_has_pages(tenant: TestTenant, sign_in: SignIn) -> None:
    await _keep(tenant, *[SMS] * 26)
    visit = await sign_in(tenant)
    first = await visit.get("/inbox/")
    assert "page 1 of 2" in first.text
    assert 'href="/inbox/?page=2"' in first.text
    assert (await visit.get("/inbox/?page=2")).text.count('<tr class="unread">') == 1
    assert "There is nothing on this page." in (await visit.get("/inbox/?page=3")).text
    for strange in ("0", "-1", "x", "9" * 400):
        assert (await visit.get(f"/inbox/?page={strange}")).status_code == 200


async def test_a_form_without_the_sessions_token_is_refused(tenant: TestTenant, sign_in: SignIn) -> None:
    (mail,) = await _keep(tenant, MAIL)
    visit = await sign_in(tenant)
    for path in ("/inbox/read/", f"/inbox/{mail}/delete/"):
        assert (await visit.http.post(path)).status_code == 403
        assert (await visit.http.post(path, data={"csrf": "guessed"})).status_code == 403
    assert "1 message, 1 unread" in (await visit.get("/inbox/")).text


@pytest.mark.parametrize("member", [True, False])
async def test_only_administrators_of_this_tenant_see_it(
    make_tenant: MakeTenant, sign_in: SignIn, member: bool
) -> None:
    """A member is refused; a neighbour, whose messages have ids of their own, finds nothing."""
    mine, theirs = await make_tenant(), await make_tenant("joe@x.org")
    (mail,) = await _keep(mine, MAIL)
    visit = await sign_in(mine if member else theirs, member=member)
    status = 403 if member else 404
    for path in (f"/inbox/{mail}/", f"/inbox/{mail}/mail/", f"/inbox/{2**63}/", "/inbox/0/"):
        assert (await visit.get(path)).status_code == status
    assert (await visit.post(f"/inbox/{mail}/delete/", {})).status_code == status
    assert (await visit.get("/inbox/")).status_code == (403 if member else 200)
    assert (await visit.post("/inbox/read/", {})).status_code == (403 if member else 303)
    assert "1 message, 1 unread" in (await (await sign_in(mine)).get("/inbox/")).text
