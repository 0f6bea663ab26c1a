"""A bot with a page at the stand-in's Messenger, and people who write to it: what is told, and what came of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx

from clerestory.platform.tenancy import SYSTEM, Scope
from tests.families.bots.tower import ANN, Customer, Tower, tower_app, tower_of
from tests.fixtures.clocks import TurnedClock
from tests.standins import facebook as standin
from tests.standins.facebook import PAGE, PAGE_TOKEN, Facebook, sign, webhook
from tests.standins.server import eventually

EVA, GIL = "psid-eva", "psid-gil"
REPLIES = {
    "welcome": {"text": "Hello! Ask me about our opening hours."},
    "default": {"text": "I did not understand that."},
    "opening hours": {"text": "Nine to five."},
    "shirts": {
        "title": "Shirts",
        "subtitle": "Of linen",
        "url": "https://shop.example.org/shirts",
        "buttons": [{"title": "Sizes", "payload": "sizes"}],
    },
    "sizes": "S, M and L",
}


@dataclass
class Talk:
    """The bot and its owner; `at` is the moment that the next events bear, by the clock of the application."""

    tower: Tower
    owner: Customer
    clock: TurnedClock
    mids: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def facebook(self) -> Facebook:
        return self.tower.facebook

    @property
    def scope(self) -> Scope:
        return Scope(self.tower.tenant.tenant, SYSTEM, self.clock, self.tower.application.parts)

    @property
    def at(self) -> int:
        return int(self.clock.now.timestamp() * 1000)

    @property
    def said(self) -> list[tuple[str, Any]]:
        """What the page has said so far: to whom, and the text or the attachment."""
        return [(one.to, one.message.get("text") or one.message["attachment"]) for one in self.facebook.sent]

    def mid(self) -> str:
        self.mids += 1
        return f"m_{self.mids}"

    def message(self, psid: str, text: str, **more: Any) -> dict[str, Any]:
        return standin.message(psid, text, self.mid(), at=self.at, **more)

    def by_human(self, psid: str, text: str, app_id: Any = int(standin.INBOX_APP)) -> dict[str, Any]:
        """What somebody wrote in the page's inbox."""
        return {**standin.echo(psid, text, self.mid(), app_id), "timestamp": self.at}

    async def tell(self, *items: dict[str, Any], standby: bool = False, page: str = PAGE) -> httpx.Response:
        """Tells the webhook, and waits until everything is handled. Each event has a moment of its own."""
        answer = await self.post(webhook(*items, page=page, standby=standby))
        assert (answer.status_code, answer.text) == (200, "EVENT_RECEIVED")
        self.clock.turn(timedelta(seconds=1))
        await self.quiet()
        return answer

    async def post(self, body: bytes, signature: str | None = None, bot: str | None = None) -> httpx.Response:
        headers = {"X-Hub-Signature-256": sign(body) if signature is None else signature, "Api-Key": ""}
        return await self.tower.tenant.http.post(f"/messenger/{bot or self.owner.bot}", content=body, headers=headers)

    async def quiet(self) -> None:
        """Waits until nothing is open in any chat but what waits for its time."""
        for _ in eventually():
            await asyncio.sleep(0.005)
            if not await self.rows("SELECT id FROM tenant.bots_message WHERE state IN ('waiting', 'sending')"):
                busy = "SELECT id FROM tenant.bots_chat WHERE busy_until IS NOT NULL"
                planned = """
                    SELECT chat
                      FROM tenant.bots_message
                     WHERE state = 'planned'
                     GROUP BY chat
                    HAVING max(due) IS NULL
                """
                if not await self.rows(busy) and not await self.rows(planned):
                    return

    async def rows(self, sql: str, **args: object) -> list[Any]:
        return await self.scope.direct().values(sql, **args)

    async def change(self, **attributes: Any) -> None:
        """Attributes of the bot, as its front-end writes them."""
        await self.tower.got("PUT", f"/v1/bots/{self.owner.bot}", self.owner, json=attributes)

    async def user(self, psid: str = EVA) -> dict[str, Any]:
        """The bot's user with this Facebook id, as the API shows it."""
        [key] = await self.rows("SELECT key FROM tenant.bots_user WHERE facebook_id = :psid ORDER BY id", psid=psid)
        shown: dict[str, Any] = await self.tower.got("GET", f"/v1/users/{key}?botId={self.owner.bot}", self.owner)
        return shown

    async def set_status(self, status: str, psid: str = EVA) -> None:
        """The status of a user, as a client sets it."""
        key = (await self.user(psid))["id"]
        body = {"botId": self.owner.bot, "botStatus": status}
        await self.tower.got("PUT", f"/v1/users/{key}", self.owner, json=body)

    async def history(self) -> list[tuple[str | None, str]]:
        """Every status that was set, and by what."""
        sql = "SELECT status, source FROM tenant.bots_status ORDER BY id"
        return await self.scope.direct().rows(sql, lambda status, source: (status, source))

    async def states(self) -> list[tuple[str, str, str]]:
        """What was said: by whom, the text, and what became of it."""
        sql = """
            SELECT author, text, state
              FROM tenant.bots_message
             WHERE state NOT IN ('waiting', 'handled')
             ORDER BY id
        """
        return await self.scope.direct().rows(sql, lambda author, text, state: (author, text, state))


@asynccontextmanager
async def talking(url: str, facebook: Facebook) -> AsyncIterator[Talk]:
    """An application by a clock that is turned, and a bot that is connected to the stand-in's page."""
    clock = TurnedClock()
    facebook.know(EVA, "Eva", "Estrada")
    facebook.know(GIL, "Gil", "Gomes")
    async with tower_app(url, facebook, clock=clock) as application, tower_of(application, facebook) as tower:
        owner = await tower.customer(ANN)
        talk = Talk(replace(tower), owner, clock)
        page = {"pageId": PAGE, "pageName": "A page", "pageAccessToken": PAGE_TOKEN}
        await talk.change(facebook=page, replies=json.dumps(REPLIES))
        yield talk
