"""Known secrets pass through every part, and stand nowhere in clear: not in logs, tables, answers or metrics."""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import structlog

from clerestory.families.bots.signin.breaker import FAILURES
from clerestory.families.ideas.apps.journal import Journal
from clerestory.platform.tokens import Vault, keys
from tests.conformance.watching import METRICS_TOKEN, Watch, bearer, every_row, watched
from tests.families.ideas.land import make_app
from tests.fixtures.application import SECRET
from tests.standins.facebook import APP_SECRET, Facebook
from tests.standins.mail import PASSWORD as MAIL_PASSWORD
from tests.standins.mail import USER as MAIL_USER
from tests.standins.mail import Mail
from tests.standins.server import Answer
from tests.standins.twilio import Twilio

PASSWORD = "five green umbrellas"
TYPED = "never anybody's password"
WRONG_MAIL_PASSWORD = "mail-password-b71c2e"
TWILIO_TOKEN = "twilio-token-d02ab9"
META_TOKEN = "meta-token-8f11c0"
META_SECRET = "meta-secret-5a5a1e"
CLICKUP_TOKEN = "pk_clickup_90ad3c"
FACEBOOK_TOKEN, UNKNOWN_TOKEN = "EAAfacebook-token-61d9e0", "EAAtoken-of-nobody-417aa0"
OWN_APP_SECRET, PAGE_TOKEN, SHOP_KEY = "own-app-secret-0c55d1", "EAApage-token-2290fe", "vtex-key-7710bc"
PERSON = {"first_name": "Ann", "last_name": "Byron", "phone_number": "+447772572105"}
ALL = {"EMAIL": True, "SMS": True, "WHATSAPP": True}
LOG = {"code": "500", "application": "ExampleApp", "message": "broken", "severity": "MAJOR"}


@pytest.fixture
def restored() -> Iterator[None]:
    """The logging of the other tests, put back."""
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)
    structlog.contextvars.clear_contextvars()
    logging.captureWarnings(capture=False)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_secret_stands_nowhere_in_clear(database_url: str, form: str) -> None:
    with Mail(auth=True) as mail, Twilio() as twilio, Facebook() as facebook:
        async with watched(database_url, form, facebook) as watch:
            remember_what_is_known(watch)
            await sign_in_and_fail_to(watch)
            await configure_bots_and_fail_to(watch, facebook)
            await sign_in_by_an_app(watch)
            await send_and_fail_to(watch, mail, twilio)
            await show_keys_wherever_they_are_read(watch)
            await meet_a_bug(watch)
            shown = await watch.ask(watch.tenant.http, "GET", "/metrics", headers=bearer(METRICS_TOKEN))
            assert (shown.status_code, "clerestory_requests" in shown.text) == (200, True)
            rows = await every_row(watch.database)
    assert mail.logins
    assert twilio.heard
    assert len(facebook.heard) > FAILURES
    written = watch.log.getvalue()
    # The watch itself sees: what is no secret is found in the same places.
    assert "request.broken" in written
    assert "founder@x.org" in rows
    assert watch.found_in(watch.tenant.api_key) == ["key"]
    assert watch.found_in(written) == []
    assert watch.found_in(rows) == []
    assert [(answer.partition("\n")[0], found) for answer in watch.answers if (found := watch.found_in(answer))] == []


def remember_what_is_known(watch: Watch) -> None:
    watch.secrets |= {
        "server": SECRET,
        "key": watch.tenant.api_key,
        "founder's password": watch.tenant.password,
        "member's password": PASSWORD,
        "typed password": TYPED,
        "mail password": MAIL_PASSWORD,
        "wrong mail password": WRONG_MAIL_PASSWORD,
        "twilio": TWILIO_TOKEN,
        "meta": META_TOKEN,
        "meta's app": META_SECRET,
        "clickup": CLICKUP_TOKEN,
        "metrics": METRICS_TOKEN,
        "facebook's app": APP_SECRET,
        "own app": OWN_APP_SECRET,
        "page": PAGE_TOKEN,
        "shop": SHOP_KEY,
    }
    for token in (FACEBOOK_TOKEN, UNKNOWN_TOKEN):
        watch.secrets |= {token[:12]: token, f"proof of {token[:12]}": proof_of(token)}


def proof_of(token: str) -> str:
    return hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


async def sign_in_and_fail_to(watch: Watch) -> None:
    """Log-ins by form and by API, right and wrong, and what they hand out used well and badly."""
    tenant, http = watch.tenant, watch.tenant.http
    typed = {"client": tenant.client, "email": tenant.email, "password": tenant.password}
    opened = await http.post("/login/", data=typed)
    watch.secrets["session"] = opened.cookies["sessionid"]
    http.cookies.clear()
    pair = (await http.post("/api/v1/auth/login/", json=typed)).json()
    watch.secrets |= {"access token": pair["access"], "refresh token": pair["refresh"]}
    await watch.ask(http, "POST", "/login/", data={**typed, "password": TYPED})
    await watch.ask(http, "POST", "/api/v1/auth/login/", json={**typed, "password": TYPED})
    await watch.ask(http, "POST", "/api/v1/auth/login/", content=f'{{"password": "{TYPED}"')
    await watch.ask(http, "POST", "/register/", data={"email": "nobody", "password": TYPED})
    await watch.ask(http, "POST", "/api/v1/clients/", json={"email": "nobody", "password": TYPED})
    await watch.ask(http, "POST", "/api/v1/auth/token/verify/", json={"token": pair["refresh"]})
    await watch.ask(http, "POST", "/api/v1/auth/token/verify/", json={"token": pair["refresh"] + "x"})
    await watch.ask(http, "POST", "/api/v1/auth/token/refresh/", json={"refresh": pair["access"]})
    await watch.ask(http, "GET", "/api/v1/users/profile/", headers=bearer(pair["access"]))
    await watch.ask(http, "GET", "/profile", headers=bearer(pair["access"]))
    member = {"email": "ann@x.org", "password": PASSWORD, **PERSON}
    made = await watch.ask(http, "POST", "/api/v1/people/", json=member)
    contact = {"person": made.json()["id"], "consents": ALL, "preferences": ["MAJOR"]}
    await watch.ask(http, "POST", "/api/v1/escalation/contacts/", json=contact)
    await watch.ask(http, "POST", "/api/v1/people/", json=member)
    await watch.ask(http, "GET", f"/api/v1/people/?password={quote(PASSWORD)}&ordering=password_hash")


async def sign_in_by_an_app(watch: Watch) -> None:
    """Tokens of the ideas API, handed out, renewed, used well and badly, in header and parameter."""
    tenant, http = watch.tenant, watch.tenant.http
    app = await make_app(tenant)
    watch.secrets["app"] = app.secret
    fields = app.fields("password", username=tenant.email, password=tenant.password)
    pair = (await http.post("/_oauth2/token", data=fields)).json()
    renewed = (
        await http.post("/_oauth2/token", data=app.fields("refresh_token", refresh_token=pair["refresh_token"]))
    ).json()
    for name, given in (("first", pair), ("second", renewed)):
        watch.secrets |= {f"{name} {kind}": given[kind] for kind in ("access_token", "refresh_token")}
    await watch.ask(http, "POST", "/_oauth2/token", data={**fields, "password": TYPED})
    await watch.ask(http, "POST", "/_oauth2/token", data={**fields, "client_secret": TYPED})
    await watch.ask(http, "POST", "/_oauth2/token", json=app.fields("authorization_code", code=TYPED))
    for token in (pair["access_token"], renewed["refresh_token"], app.secret):
        await watch.ask(http, "GET", "/api3/member/me", headers=bearer(token))
        await watch.ask(http, "GET", f"/api3/campaign?access_token={token}&format=xml")
    await tenant.scope.part(Journal).flush()


async def send_and_fail_to(watch: Watch, mail: Mail, twilio: Twilio) -> None:
    """Escalations that leave by transports of the tenant's own: taken, refused, and set wrongly."""
    http, server = watch.tenant.http, mail.url.removeprefix("smtp://")
    good = f"smtp://{MAIL_USER}:{quote(MAIL_PASSWORD, safe='')}@{server}?security=none"
    bad = f"smtp://{MAIL_USER}:{WRONG_MAIL_PASSWORD}@{server}?security=none"
    own = {
        "delivery_smtp_url": good,
        "delivery_smtp_from": "ops@example.org",
        "delivery_twilio_url": twilio.url,
        "delivery_twilio_account_sid": "AC1",
        "delivery_twilio_auth_token": TWILIO_TOKEN,
        "delivery_twilio_from": "+15005550006",
        "delivery_whatsapp_url": twilio.url,
        "delivery_whatsapp_token": META_TOKEN,
        "delivery_whatsapp_phone_number_id": "1",
        "delivery_whatsapp_app_secret": META_SECRET,
        "delivery_clickup_token": CLICKUP_TOKEN,
        "bots_facebook_app_id": "1",
        "bots_facebook_app_secret": OWN_APP_SECRET,
    }
    assert (await watch.ask(http, "PATCH", "/api/v1/settings/", json=own)).status_code == 200
    assert (await watch.ask(http, "POST", "/escalate", json=LOG)).status_code == 201
    await watch.ask(http, "PATCH", "/api/v1/settings/", json={"delivery_smtp_url": bad})
    await watch.ask(http, "POST", "/escalate", json=LOG)
    for wrong in (bad.replace("smtp:", "http:"), bad.replace(server, "127.0.0.1:99999"), bad + "&x=1", "smtp://@"):
        answer = await watch.ask(http, "PATCH", "/api/v1/settings/", json={"delivery_smtp_url": wrong})
        assert answer.status_code == 400
    await watch.ask(http, "GET", "/api/v1/settings/")
    await watch.ask(http, "GET", "/api/v1/escalation/jobs/")
    key = (await http.get("/api/v1/escalation/logs/")).json()["results"][0]["log_key"]
    await watch.ask(http, "GET", f"/log/{key}", headers={"Api-Key": ""})


async def configure_bots_and_fail_to(watch: Watch, facebook: Facebook) -> None:
    """A bot with secrets, which its admins alone are shown; Facebook that refuses the token, repeats it, is down."""
    http, good = watch.tenant.http, bearer(facebook.join(FACEBOOK_TOKEN, "1015", "Ann", "ann@facebook.org"))
    customer = (await watch.ask(http, "POST", "/v1/customers", headers=good)).json()
    bot = f"/v1/bots/{customer['bots'][0]}"
    body = {"facebook": {"pageAccessToken": PAGE_TOKEN}, "vtex": {"apiKey": SHOP_KEY}, "inviteCode": "new"}
    shown = (await http.put(bot, json=body, headers=good)).json()
    watch.secrets["invitation"] = shown["inviteCode"]
    invited = {"admins": "me", "inviteCode": shown["inviteCode"], "customerId": customer["id"]}
    assert (await watch.ask(http, "PUT", bot, json=invited, headers=good)).status_code == 200
    for wrong in ({"id": PAGE_TOKEN}, {**body, "a": "\0"}, {**invited, "inviteCode": PAGE_TOKEN}):
        await watch.ask(http, "PUT", bot, json=wrong, headers=good)
    await watch.ask(http, "PUT", bot, content=f'{{"token": "{PAGE_TOKEN}"', headers=good)
    bad, repeated = bearer(UNKNOWN_TOKEN), {"error": {"message": f"{UNKNOWN_TOKEN} {proof_of(UNKNOWN_TOKEN)}"}}
    facebook.script(Answer(400, repeated))
    assert (await watch.ask(http, "GET", bot, headers=bad)).json()["error"]["message"] == "[cut] [cut]"
    facebook.script(*[Answer(drop=True), Answer(500, UNKNOWN_TOKEN)] * FAILURES)
    for number in range(FAILURES + 1):
        another = {"Authorization": f"Bearer {UNKNOWN_TOKEN}{number}"}
        assert (await watch.ask(http, "GET", bot, headers=another)).headers["content-type"] == "text/plain"


async def show_keys_wherever_they_are_read(watch: Watch) -> None:
    """The key in all its headers, in places where it does not belong, and a second one that is revoked."""
    key, http = watch.tenant.api_key, watch.tenant.http
    async with watch.tenant.scope.begin() as tx:
        issued = await keys.issue(tx, watch.tenant.scope.part(Vault), watch.tenant.tenant.id, "another")
        await keys.revoke(tx, watch.tenant.tenant.id, issued.id, watch.tenant.scope.now)
    watch.secrets["revoked key"] = issued.text
    for good in (key, issued.text, f"{key}x", f" {key}"):
        for headers in ({"Api-Key": good}, {"X-Api-Key": good}, bearer(good), {"Authorization": f"Basic {good}"}):
            await watch.ask(http, "GET", "/members", headers={"Api-Key": "", **headers})
            await watch.ask(http, "GET", "/api/v1/people/", headers={"Api-Key": "", **headers})
    for path in (f"/?key={key}", f"/docs/{key}/", f"/log/{key}", f"/escalate/{key}", f"/api/v1/{key}/"):
        # Whoever writes a key into an address has shown it; it is kept nowhere all the same.
        assert (await http.get(path)).status_code in (200, 404)
    await watch.ask(http, "GET", "/api/v1/keys/")
    await watch.ask(http, "POST", "/escalate", json={**LOG, "code": 5}, headers={"Environment": key})


async def meet_a_bug(watch: Watch) -> None:
    """A tenant without its tables: the database's fault, and a bug, with secrets in the request."""
    async with watch.database.begin(watch.tenant.schema) as tx:
        await tx.script("ALTER TABLE tenant.setting RENAME TO settings_elsewhere")
    body = {"delivery_clickup_token": CLICKUP_TOKEN, "delivery_smtp_url": f"smtp://u:{WRONG_MAIL_PASSWORD}@mail.test"}
    answer = await watch.ask(watch.tenant.http, "PATCH", "/api/v1/settings/", json=body)
    assert answer.status_code == 500
    async with watch.database.begin(watch.tenant.schema) as tx:
        await tx.script(
            "ALTER TABLE tenant.settings_elsewhere RENAME TO setting;"
            "INSERT INTO tenant.setting (name, value) VALUES ('escalation_channels_off', '5')"
        )
    broken = await watch.ask(watch.tenant.http, "POST", "/escalate", json={**LOG, "message": "a bug"})
    assert broken.status_code == 500
