"""What is watched while known secrets pass through the server: its log, its answers, every row."""

import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import httpx
import structlog

from clerestory.app import Application, running
from clerestory.families.bots.settings import BotsSettings
from clerestory.platform.database import Database
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.http.operations import OperationsSettings
from clerestory.platform.observe import logs
from tests.fixtures.application import settings_for
from tests.fixtures.tenants import TestTenant, tenant_of
from tests.standins.facebook import APP_ID, APP_SECRET, Facebook

METRICS_TOKEN = "metrics-token-33ee7f"

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


async def every_row(database: Database) -> str:
    """All rows of all tables as text; bytes stand there in hexadecimal digits."""
    found: list[str] = []
    for table in await database.direct().values(USER_TABLES):
        found += await database.direct().values(f"SELECT t::text FROM {table} AS t")
    return "\n".join(found)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
