"""What public shows of bots: once, without a secret, and in each new tenant a bot of its own that answers."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from clerestory.app import Application, demonstrate
from clerestory.families.bots.chats.config import config_of
from clerestory.families.bots.chats.converse import converse
from clerestory.families.bots.chats.intake import Arrival, Intake
from clerestory.families.bots.chats.intake_store import NewEvent
from clerestory.families.bots.objects.seal import Seals
from clerestory.platform.database import PUBLIC, Database, Direct
from tests.families.bots.tower import ANN, NO_ONE, Tower, tower_app, tower_of
from tests.fixtures.clocks import visitor
from tests.standins.facebook import Facebook, message, sign, webhook

TABLES = ("bots_customer", "bots_bot", "bots_admin", "bots_user", "bots_status", "bots_chat", "bots_message")


@dataclass(frozen=True)
class Shown:
    """An application whose public data is the demonstration's."""

    application: Application
    facebook: Facebook

    @property
    def public(self) -> Direct:
        return self.application.parts.find(Database).direct(PUBLIC)


@pytest.fixture
async def shown(database_url: str, facebook: Facebook) -> AsyncIterator[Shown]:
    async with tower_app(database_url, facebook) as application:
        await demonstrate(application.parts.find(Database))
        yield Shown(application, facebook)


async def rows(direct: Direct) -> dict[str, list[str]]:
    """Every row of bots as text."""
    return {table: await direct.values(f"SELECT t::text FROM tenant.{table} AS t ORDER BY id") for table in TABLES}


async def hear(tower: Tower, text: str, payload: str | None = None, key: str = "e1") -> list[str]:
    """Somebody says this to the tenant's first bot on the web; what was answered since the beginning."""
    scope = tower.tenant.scope
    bot = await scope.direct().value("SELECT min(id) FROM tenant.bots_bot")
    kept = json.dumps({"payload": payload})
    event = NewEvent(bot, "web", "a-browser", "message", key, text, kept, scope.now, speaks=True)
    [chat] = (await scope.part(Intake).take(Arrival(scope.tenant, [event], scope.now))).chats
    await converse(scope, chat)
    said = "SELECT text FROM tenant.bots_message WHERE chat = :chat AND author = 'bot' AND state = 'sent' ORDER BY id"
    found: list[str] = await scope.direct().values(said, chat=chat)
    return found


async def test_it_is_there_and_a_second_time_adds_nothing(shown: Shown) -> None:
    before = await rows(shown.public)
    counted = {table: len(found) for table, found in before.items()}
    assert counted == {
        "bots_customer": 1,
        "bots_bot": 1,
        "bots_admin": 1,
        "bots_user": 3,
        "bots_status": 3,
        "bots_chat": 3,
        "bots_message": 23,
    }
    await demonstrate(shown.application.parts.find(Database))
    assert await rows(shown.public) == before


async def test_it_holds_no_secret_and_no_address_outside_leads_to_it(shown: Shown) -> None:
    text = json.dumps(await rows(shown.public))
    assert not any(word in text for word in ("sealed:", "inviteCode", "Token", "apiKey"))
    assert await shown.public.value("SELECT count(*) FROM platform.bots_address") == 0
    whose = "SELECT email FROM tenant.person WHERE id IN (SELECT person FROM tenant.bots_customer)"
    assert await shown.public.values(whose) == ["andy.zane@example.org"]


async def test_public_shows_it_to_nobody_without_a_key(shown: Shown) -> None:
    async with visitor(shown.application) as anyone:
        for name in ("bots", "users", "chats", "messages"):
            assert (await anyone.get(f"/api/v1/bots/{name}/")).status_code == 401


async def test_in_public_it_can_be_looked_at_and_nothing_said_to_it(shown: Shown) -> None:
    """What is written there would be every new tenant's."""
    before = await rows(shown.public)
    bot = await shown.public.value("SELECT uuid::text FROM tenant.bots_bot")
    body = webhook(message("psid-eva", "hello", "m_1", at=1_700_000_000_000))
    async with visitor(shown.application) as anyone:
        page = await anyone.get(f"/chat/{bot}")
        assert (page.status_code, "Example Outfitters" in page.text) == (200, True)
        assert (await anyone.post(f"/chat/{bot}", data={"text": "hello"})).status_code == 403
        signed = {"X-Hub-Signature-256": sign(body)}
        assert (await anyone.post(f"/messenger/{bot}", content=body, headers=signed)).status_code == 403
    assert await rows(shown.public) == before


async def test_its_chats_are_what_the_bot_would_say_and_a_human_has_silenced_it_once(shown: Shown) -> None:
    told = "SELECT author || ': ' || text FROM tenant.bots_message WHERE chat = {} ORDER BY id"
    eva = await shown.public.values(told.format("(SELECT min(id) FROM tenant.bots_chat)"))
    assert [line.partition(":")[0] for line in eva] == ["person", "bot"] * 3
    assert eva[1].startswith("bot: Hello, and welcome to Example Outfitters!")
    assert eva[3].startswith("bot: Within two working days")
    statuses = await shown.public.values("SELECT status || ' by ' || source FROM tenant.bots_status ORDER BY id")
    assert statuses == ["muted by echo", "active by word", "muted by echo"]
    [muted] = await shown.public.values("SELECT name FROM tenant.bots_user WHERE status = 'muted'")
    gil = await shown.public.values(
        """
        SELECT m.author || ': ' || m.text
          FROM tenant.bots_message AS m
          JOIN tenant.bots_chat AS chat ON chat.id = m.chat
          JOIN tenant.bots_user AS u ON u.id = chat.bots_user
         WHERE u.name = :name
         ORDER BY m.id DESC
         LIMIT 2
        """,
        name=muted,
    )
    assert [line.partition(":")[0] for line in gil] == ["person", "human"]
    assert await shown.public.value("SELECT bool_and(state IN ('handled', 'sent')) FROM tenant.bots_message")


async def test_every_button_of_its_replies_leads_somewhere(shown: Shown) -> None:
    attributes = await shown.public.value("SELECT attributes::text FROM tenant.bots_bot")
    replies = config_of(attributes, shown.application.parts.find(Seals)).replies
    keys = {key for key, _ in replies.entries}
    for _, reply in replies.entries:
        for button in reply.buttons:
            assert len(button.title) <= 20
            assert button.url or button.payload in keys


async def test_a_new_tenant_has_the_bot_by_ids_of_its_own(shown: Shown) -> None:
    ids = "SELECT uuid::text FROM tenant.bots_bot UNION ALL SELECT uuid::text FROM tenant.bots_customer"
    ids += " UNION ALL SELECT key FROM tenant.bots_user"
    async with tower_of(shown.application, shown.facebook) as one, tower_of(shown.application, shown.facebook) as two:
        known = await shown.public.values(ids)
        for tower in (one, two):
            known += await tower.tenant.scope.direct().values(ids)
        assert len(set(known)) == len(known) == 3 * 5
        copied = await rows(one.tenant.scope.direct())
        assert {name: len(found) for name, found in copied.items()} == {
            name: len(found) for name, found in (await rows(shown.public)).items()
        }
        [customer] = (await one.tenant.http.get("/api/v1/bots/customers/")).json()["results"]
        assert (customer["name"], customer["person"], customer["facebook_id"]) == ("Example Outfitters", 1, None)


async def test_the_bot_of_a_new_tenant_answers(shown: Shown) -> None:
    async with tower_of(shown.application, shown.facebook) as tower:
        assert (await hear(tower, "hm"))[0].startswith("Hello, and welcome")
        assert (await hear(tower, "WHEN are you open?", key="e2"))[-1].startswith("We are open Monday to Saturday")
        assert (await hear(tower, "Delivery", "delivery", key="e3"))[-1].startswith("Within two working days")
        assert (await hear(tower, "Any shirts?", key="e4"))[-1].startswith("Linen shirt")
        assert (await hear(tower, "zebras", key="e5"))[-1].startswith("I have not learned that yet.")
        assert await tower.count("bots_user") == 4


async def test_whoever_signs_in_gets_a_bot_beside_it_and_nobody_is_invited_to_it(shown: Shown) -> None:
    async with tower_of(shown.application, shown.facebook) as tower:
        ann = await tower.customer(ANN)
        uuid: Any = await tower.tenant.scope.direct().value("SELECT uuid::text FROM tenant.bots_bot ORDER BY id")
        owner: Any = await tower.tenant.scope.direct().value("SELECT uuid::text FROM tenant.bots_customer ORDER BY id")
        assert uuid not in (ann.bot, NO_ONE)
        for code in ("", "null", "new", None):
            body = {"admins": "me", "inviteCode": code, "customerId": owner}
            refused = await tower.call("PUT", f"/v1/bots/{uuid}", ann, json=body)
            assert refused.json()["error"]["name"] == "invalidIviteCodeError"
        assert (await tower.call("GET", f"/v1/bots/{uuid}", ann)).json()["error"]["name"] == "customerNotAdminError"
