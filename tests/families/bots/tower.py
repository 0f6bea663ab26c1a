"""Customers of the bots API for tests: who calls, what they were given, and how a refusal is worded."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from clerestory.app import Application, running
from clerestory.families.bots.settings import BotsSettings
from clerestory.kernel.clock import Clock, utc_now
from clerestory.platform.tokens import GateSettings
from tests.fixtures.application import settings_for
from tests.fixtures.tenants import TestTenant, tenant_of
from tests.standins.facebook import APP_ID, APP_SECRET, REFUSALS, Facebook

ANN, BOB, CID, DAN = "EAAann-token-5e1f", "EAAbob-token-77c2", "EAAcid-token-09ab", "EAAdan-token-d41d"
PEOPLE = {
    ANN: ("10154544223979636", "Ann Campos Byron", "ann@example.org"),
    BOB: ("10154544223979637", "Bob Müller", "bob@example.org"),
    CID: ("10154544223979638", "Cid", None),  # granted no e-mail
    DAN: ("10154544223979639", "Dan Stone", "dan@example.org"),
}
NO_ONE = "048c37f5-17fb-4f3f-82de-8014230d3922"
"""An id that nobody has."""

NO_HEADER = ("noAuthorizationHeaderError", "No authorization header")
UNKNOWN_CUSTOMER = ("unknownCustomerIdError", "Invalid customerId")
UNKNOWN_BOT = ("unknownBotIdError", "Invalid botId")
WRONG_CODE = ("invalidIviteCodeError", "Invalid invite code")
NOT_ADMIN = ("customerNotAdminError", "You are not on the admins team for this bot")
NOTHING = ("invalidRequestError", "There is nothing to change.")
NO_BOT_NAMED = ("invalidRequestError", "The botId is missing.")
READ_ONLY = ("readOnlyError", "The public data is read-only. Send the key of a tenant to write.")

UUID_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

Json = dict[str, Any]


@dataclass(frozen=True)
class Customer:
    """Who has signed in once, with the bot that came of it."""

    token: str
    id: str
    bot: str

    @property
    def facebook_id(self) -> str:
        return PEOPLE[self.token][0]


@dataclass(frozen=True)
class Tower:
    """A tenant, its application, and the Facebook that is asked about tokens."""

    tenant: TestTenant
    application: Application
    facebook: Facebook

    async def call(self, method: str, path: str, as_: str | Customer | None = None, **sent: Any) -> httpx.Response:
        """A request by the token, or by that of the customer; `sent` as httpx has it."""
        headers = dict(sent.pop("headers", {}))
        if as_ is not None:
            headers["Authorization"] = f"Bearer {as_ if isinstance(as_, str) else as_.token}"
        return await self.tenant.http.request(method, path, headers=headers, **sent)

    async def got(self, method: str, path: str, as_: str | Customer, **sent: Any) -> Any:
        """The body of an answer that is a success."""
        answer = await self.call(method, path, as_, **sent)
        assert answer.status_code == (201 if method == "POST" else 200), answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    async def customer(self, token: str) -> Customer:
        """The customer of this token, with a first bot."""
        made = await self.got("POST", "/v1/customers", token)
        return Customer(token, made["id"], made["bots"][-1])

    async def invited(self, owner: Customer, token: str) -> Customer:
        """The customer of this token as an admin of the owner's bot too."""
        guest = await self.customer(token)
        code = (await self.got("GET", f"/v1/bots/{owner.bot}", owner))["inviteCode"]
        body = {"admins": "me", "inviteCode": code, "customerId": owner.id}
        await self.got("PUT", f"/v1/bots/{owner.bot}", guest, json=body)
        return guest

    async def user(self, owner: Customer, **attributes: Any) -> str:
        """A new user of the owner's bot; its id."""
        made = await self.got("POST", "/v1/users", owner, json={"botId": owner.bot})
        if attributes:
            await self.got("PUT", f"/v1/users/{made['id']}", owner, json={"botId": owner.bot, **attributes})
        found: str = made["id"]
        return found

    async def count(self, table: str) -> int:
        """How many rows the tenant has there."""
        found: int = await self.tenant.scope.direct().value(f"SELECT count(*) FROM tenant.{table}")
        return found

    async def stored(self) -> str:
        """Every row of the tenant's tables of bots as text."""
        tables = ("bots_customer", "bots_bot", "bots_admin", "bots_user", "bots_status")
        rows: list[str] = []
        for table in tables:
            rows += await self.tenant.scope.direct().values(f"SELECT t::text FROM tenant.{table} AS t ORDER BY id")
        return "\n".join(rows)


def failure(words: tuple[str, str]) -> str:
    """The text of a failure, byte for byte."""
    name, message = words
    return json.dumps({"error": {"message": message, "name": name}}, separators=(",", ":"), ensure_ascii=False)


def refused(answer: httpx.Response, words: tuple[str, str]) -> None:
    """The answer is this failure, and nothing beside it."""
    plain(answer, failure(words))


def plain(answer: httpx.Response, text: str) -> None:
    """The answer is a 500 with this text."""
    found = (answer.status_code, answer.headers["content-type"], answer.text)
    assert found == (500, "text/plain", text)
    assert answer.headers["access-control-allow-origin"] == "*"


DOWN = "Facebook cannot be asked about this token at the moment. Try again shortly."


async def sign_in(tower: Tower, token: str) -> httpx.Response:
    """The first call of this token."""
    return await tower.call("POST", "/v1/customers", token)


def as_facebook_said(token: str) -> str:
    """What a refused token is answered with: the document, without spaces."""
    return json.dumps(REFUSALS[token], separators=(",", ":"))


def asked(tower: Tower) -> int:
    """How often Facebook was asked."""
    return len(tower.facebook.heard)


@asynccontextmanager
async def tower_app(
    url: str, facebook: Facebook, default_tenant: str | None = None, clock: Clock = utc_now
) -> AsyncIterator[Application]:
    """An application whose Facebook is the stand-in."""
    app = BotsSettings(facebook.url, APP_ID, APP_SECRET)
    settings = replace(settings_for(url), bots=app, gate=GateSettings(default_tenant))
    async with running(settings, clock=clock) as application:
        yield application


@asynccontextmanager
async def tower_of(application: Application, facebook: Facebook) -> AsyncIterator[Tower]:
    """A fresh tenant of the application."""
    tenant = await tenant_of(application)
    async with tenant.http:
        yield Tower(tenant, application, facebook)


def facebook_of_all() -> Facebook:
    """A Facebook, not yet listening, that knows all of PEOPLE."""
    standin = Facebook()
    for token, (facebook_id, name, email) in PEOPLE.items():
        standin.join(token, facebook_id, name, email)
    return standin
