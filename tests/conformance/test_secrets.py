"""Known secrets pass through every part, and stand nowhere in clear: not in logs, tables, answers or metrics."""

import base64
import hashlib
import hmac
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import httpx
import pytest
import structlog

from clerestory.app import Application, running
from clerestory.families.bots.settings import BotsSettings
from clerestory.families.bots.signin.breaker import FAILURES
from clerestory.platform.database import Database
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.http.operations import OperationsSettings
from clerestory.platform.observe import logs
from clerestory.platform.tokens import Vault, keys
from tests.fixtures.application import SECRET, settings_for
from tests.fixtures.tenants import TestTenant, tenant_of
from tests.standins.facebook import APP_ID, APP_SECRET, Facebook
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
METRICS_TOKEN = "metrics-token-33ee7f"
FACEBOOK_TOKEN, UNKNOWN_TOKEN = "EAAfacebook-token-61d9e0", "EAAtoken-of-nobody-417aa0"
OWN_APP_SECRET, PAGE_TOKEN, SHOP_KEY = "own-app-secret-0c55d1", "EAApage-token-2290fe", "vtex-key-7710bc"
PERSON = {"first_name": "Ann", "last_name": "Byron", "phone_number": "+447772572105"}
ALL = {"EMAIL": True, "SMS": True, "WHATSAPP": True}
LOG = {"code": "500", "application": "ExampleApp", "message": "broken", "severity": "MAJOR"}

USER_TABLES = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
  FROM pg_catalog.pg_class
  JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'p', 'm') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
 ORDER BY 1
"""


@dataclass
class Watch:
    """What was sent with secrets in it, and everything that was answered where none may stand."""

    application: Application
    tenant: TestTenant
    log: io.StringIO
    secrets: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.application.parts.find(Database)

    async def ask(self, http: httpx.AsyncClient, method: str, path: str, **sent: object) -> httpx.Response:
        """A request whose answer may hold no secret."""
        answer = await http.request(method, path, **sent)  # type: ignore[arg-type]  # httpx types each keyword
        self.answers.append(f"{method} {path.partition('?')[0]}\n{answer.headers}\n{answer.text}")
        return answer

    def found_in(self, text: str) -> list[str]:
        """The names of the secrets that stand in the text, in clear or in a spelling of it."""
        return [name for name, secret in self.secrets.items() if any(form in text for form in spellings(secret))]


def spellings(secret: str) -> set[str]:
    raw = secret.encode()
    return {secret, quote(secret, safe=""), raw.hex(), base64.b64encode(raw).decode()}


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


def listening(form: str) -> io.StringIO:
    """Everything that is logged from now on, as it would be written."""
    stream = io.StringIO()
    logs.configure(logs.LogSettings(form, "debug"), stream)
    # Else the product's loggers would keep this stream for the tests that come after.
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    return stream


@asynccontextmanager
async def watched(url: str, form: str, facebook: Facebook) -> AsyncIterator[Watch]:
    stream = listening(form)
    operations, bots = OperationsSettings(metrics_token=METRICS_TOKEN), BotsSettings(facebook.url, APP_ID, APP_SECRET)
    delivery = DeliverySettings(outbound_allow_private=True)
    settings = replace(settings_for(url), operations=operations, delivery=delivery, bots=bots)
    async with running(settings) as application:
        tenant = await tenant_of(application, "founder@x.org")
        async with tenant.http:
            yield Watch(application, tenant, stream)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_secret_stands_nowhere_in_clear(database_url: str, form: str) -> None:
    with Mail(auth=True) as mail, Twilio() as twilio, Facebook() as facebook:
        async with watched(database_url, form, facebook) as watch:
            remember_what_is_known(watch)
            await sign_in_and_fail_to(watch)
            await configure_bots_and_fail_to(watch, facebook)
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


async def every_row(database: Database) -> str:
    """All rows of all tables as text; bytes stand there in hexadecimal digits."""
    found: list[str] = []
    for table in await database.direct().values(USER_TABLES):
        found += await database.direct().values(f"SELECT t::text FROM {table} AS t")
    return "\n".join(found)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
