"""The page of delivery: an organisation's transports, tests of each channel, and what became of the latest messages."""

import html
import re
from dataclasses import replace

import httpx
import pytest

from clerestory.app import running
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.identity import organisation
from clerestory.platform.tokens import Vault
from tests.fixtures.application import settings_for
from tests.fixtures.tenants import MakeTenant, TestTenant, tenant_of
from tests.fixtures.visitors import SignIn
from tests.standins.mail import Mail

SCRIPT = "<script>alert(1)</script>"
SECRET = "smtp://ops:a%20secret@mail.example.org:587"
MINE = "/delivery/?done=saved"


async def _shown(tenant: TestTenant) -> dict[str, object]:
    """What the API says of the settings of delivery that are not as they come."""
    settings = (await tenant.http.get("/api/v1/settings/")).json()
    return {name: value for name, value in settings.items() if name.startswith("delivery_") and value}


async def _secret(tenant: TestTenant, name: str) -> str:
    stored = await organisation.read(tenant.scope.direct())
    return tenant.scope.part(Vault).unseal(stored.sealed[name])


async def test_without_settings_the_page_says_that_messages_are_kept(tenant: TestTenant, sign_in: SignIn) -> None:
    page = await (await sign_in(tenant)).get("/delivery/")
    assert page.status_code == 200
    assert page.text.count("<dd>Kept in the inbox: no transport is set up</dd>") == 3
    assert "<dd>None are made: no list is set up</dd>" in page.text
    assert "Server (not set)" in page.text
    assert "No message was sent or kept yet." in page.text


async def test_the_addresses_that_providers_call_are_shown_to_administrators(
    make_tenant: MakeTenant, sign_in: SignIn, client: httpx.AsyncClient
) -> None:
    tenant, neighbour = await make_tenant(), await make_tenant("joe@x.org")
    page = html.unescape((await (await sign_in(tenant)).get("/delivery/")).text)
    address, token = re.findall(r"<code>(?:http://127\.0\.0\.1:8000(/callbacks/whatsapp/.+?)|(\d+-\w+))</code>", page)
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": token[1]}
    answer = await client.get(address[0], params=asked)
    assert (answer.status_code, answer.text) == (200, "42")
    assert f"/callbacks/twilio/{token[1]}</code>" in page
    assert token[1] not in (await (await sign_in(neighbour)).get("/delivery/")).text
    assert (await (await sign_in(tenant, member=True)).get("/delivery/")).status_code == 403


async def test_settings_are_saved_and_secrets_never_shown(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    form: dict[str, str | list[str]] = {
        "delivery_smtp_url": SECRET,
        "delivery_smtp_from": "Ops <ops@example.org>",
        "delivery_whatsapp_treat_131026_as_blocked": "yes",
    }
    assert (await visit.post("/delivery/", form)).headers["location"] == MINE
    assert await _shown(tenant) == {
        "delivery_smtp_url": "set",
        "delivery_smtp_from": "Ops <ops@example.org>",
        "delivery_whatsapp_treat_131026_as_blocked": True,
    }
    page = await visit.get(MINE)
    assert "The settings were saved." in page.text
    assert "a%20secret" not in page.text
    assert "Server (set)" in page.text
    assert 'value="Ops &lt;ops@example.org&gt;"' in page.text
    assert "By SMTP, with your own settings" in page.text


async def test_an_empty_secret_is_kept_and_a_ticked_box_clears_it(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    sender = "ops@example.org"
    await visit.post("/delivery/", {"delivery_smtp_url": SECRET, "delivery_smtp_from": sender})
    await visit.post("/delivery/", {"delivery_smtp_url": "", "delivery_smtp_from": "Other <ops@example.org>"})
    assert await _secret(tenant, "delivery_smtp_url") == SECRET
    await visit.post("/delivery/", {"clear_delivery_smtp_url": "yes", "delivery_smtp_from": ""})
    assert await _shown(tenant) == {}


async def test_a_refused_form_names_the_fields_and_keeps_what_was_typed(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    form: dict[str, str | list[str]] = {
        "delivery_smtp_url": "http://a-secret@example.org",
        "delivery_twilio_url": "ftp://example.org",
        "delivery_twilio_from": SCRIPT,
    }
    answer = await visit.post("/delivery/", form)
    assert answer.status_code == 400
    assert 'role="alert">Nothing was saved yet' in answer.text
    assert 'id="delivery_smtp_url-fault">The URL must begin with smtp:// or smtps://.<' in answer.text
    assert 'id="delivery_twilio_url-fault"' in answer.text
    assert 'value="ftp://example.org"' in answer.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text
    assert "a-secret" not in answer.text
    assert SCRIPT not in answer.text
    assert await _shown(tenant) == {}


async def test_settings_that_contradict_each_other_are_refused(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    answer = await visit.post("/delivery/", {"delivery_twilio_account_sid": "AC1", "delivery_whatsapp_token": "t"})
    assert answer.status_code == 400
    assert 'id="delivery_twilio_auth_token-fault">Auth token is needed beside Account SID.<' in answer.text
    assert (
        'id="delivery_whatsapp_phone_number_id-fault">Id of the number is needed beside Access token.<' in answer.text
    )
    assert 'value="AC1"' in answer.text
    assert await _shown(tenant) == {}


@pytest.mark.parametrize(("channel", "address"), [("EMAIL", "ann@example.org"), ("SMS", "+447772572105")])
async def test_a_test_message_without_a_transport_is_told_to_be_kept(
    tenant: TestTenant, sign_in: SignIn, channel: str, address: str
) -> None:
    visit = await sign_in(tenant)
    answer = await visit.post("/delivery/test/", {"channel": channel, "address": address})
    assert answer.status_code == 200
    assert f"to {address}: KEPT</strong><br>Kept in the inbox: no {channel} transport is configured" in answer.text
    assert 'aria-live="polite"' in answer.text
    assert '<span class="badge kept">kept</span>' in answer.text
    assert "A test message" in (await visit.get("/inbox/")).text


async def test_a_person_who_tests_too_often_has_to_wait(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    form: dict[str, str | list[str]] = {"channel": "SMS", "address": "+447772572105"}
    for _ in range(10):
        assert (await visit.post("/delivery/test/", form)).status_code == 200
    refused = await visit.post("/delivery/test/", form)
    assert refused.status_code == 429
    assert 590 <= int(refused.headers["retry-after"]) <= 600
    assert "Nothing was sent. Too many test messages. Try again in some minutes." in refused.text
    kept = await tenant.scope.direct().value("SELECT count(*) FROM tenant.delivery_message")
    assert kept == 10


async def test_a_test_message_that_fails_is_told_to_have_failed(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    # An address of the server's own network: a tenant's settings may not lead there.
    own: dict[str, str | list[str]] = {
        "delivery_smtp_url": "smtp://127.0.0.1:9",
        "delivery_smtp_from": "ops@example.org",
    }
    await visit.post("/delivery/", own)
    answer = await visit.post("/delivery/test/", {"channel": "EMAIL", "address": "ann@example.org"})
    assert answer.status_code == 200
    assert '<p class="notice bad" role="alert"><strong>E-mail to ann@example.org: ' in answer.text
    assert "SENT" not in answer.text
    assert "SMTP: " in answer.text


async def test_a_test_message_that_a_server_takes_is_told_to_be_sent(database_url: str, sign_in: SignIn) -> None:
    delivery = DeliverySettings(outbound_allow_private=True)
    with Mail() as mail:
        async with running(replace(settings_for(database_url), delivery=delivery)) as application:
            tenant = await tenant_of(application)
            visit = await sign_in(tenant, at=application)
            await visit.post("/delivery/", {"delivery_smtp_url": mail.url, "delivery_smtp_from": "ops@example.org"})
            answer = await visit.post("/delivery/test/", {"channel": "EMAIL", "address": "ann@example.org"})
            await tenant.http.aclose()
        assert "E-mail to ann@example.org: SENT</strong><br>Sent successfully" in answer.text
        assert '<span class="badge sent">sent</span>' in answer.text
        assert [taken.recipients for taken in mail.taken] == [["ann@example.org"]]


async def test_the_page_says_what_the_operator_lends(database_url: str, sign_in: SignIn) -> None:
    delivery = DeliverySettings(smtp_url="smtp://127.0.0.1:9", smtp_from="ops@example.org", clickup_token="pk_1")
    async with running(replace(settings_for(database_url), delivery=delivery)) as application:
        tenant = await tenant_of(application)
        visit = await sign_in(tenant, at=application)
        await visit.post("/delivery/", {"delivery_clickup_list_id": "900000000001"})
        page = (await visit.get("/delivery/")).text
        await tenant.http.aclose()
    assert "<dt>E-mail</dt><dd>By SMTP, with the server’s settings: at most 200 messages a day in all</dd>" in page
    words = "Token is needed beside List: tasks go to a list of your own by a token of your own."
    assert f"<dt>Tasks</dt><dd>Cannot be made: {words}</dd>" in page


async def test_a_test_to_a_strange_address_is_refused_and_kept_in_its_field(
    tenant: TestTenant, sign_in: SignIn
) -> None:
    visit = await sign_in(tenant)
    answer = await visit.post("/delivery/test/", {"channel": "SMS", "address": SCRIPT})
    assert answer.status_code == 400
    assert "Enter a phone number with its country code." in answer.text
    assert (
        'id="test-sms-address" name="address" type="tel" value="&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text
    )
    assert SCRIPT not in answer.text
    assert (await visit.post("/delivery/test/", {"channel": "PIGEON", "address": "x"})).status_code == 400
    assert "Nothing was kept yet." in (await visit.get("/inbox/")).text


async def test_a_form_without_the_sessions_token_is_refused(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant)
    for path in ("/delivery/", "/delivery/test/"):
        form = {"delivery_smtp_from": "ops@example.org", "channel": "EMAIL", "address": "ann@example.org"}
        assert (await visit.http.post(path, data=form)).status_code == 403
        assert (await visit.http.post(path, data={**form, "csrf": "guessed"})).status_code == 403
    assert await _shown(tenant) == {}


async def test_who_does_not_administer_is_refused(tenant: TestTenant, sign_in: SignIn) -> None:
    visit = await sign_in(tenant, member=True)
    assert (await visit.get("/delivery/")).status_code == 403
    assert (await visit.post("/delivery/", {"delivery_smtp_from": "ops@example.org"})).status_code == 403
    test: dict[str, str | list[str]] = {"channel": "EMAIL", "address": "ann@example.org"}
    assert (await visit.post("/delivery/test/", test)).status_code == 403
    assert await _shown(tenant) == {}


async def test_a_neighbours_settings_and_deliveries_are_not_seen(make_tenant: MakeTenant, sign_in: SignIn) -> None:
    mine, theirs = await sign_in(await make_tenant()), await sign_in(await make_tenant("joe@x.org"))
    await theirs.post("/delivery/", {"delivery_smtp_from": "joe@example.org"})
    await theirs.post("/delivery/test/", {"channel": "SMS", "address": "+447772572105"})
    page = (await mine.get("/delivery/")).text
    assert "joe@example.org" not in page
    assert "+447772572105" not in page
