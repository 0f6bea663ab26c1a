"""Somebody at the operator's pages of a bot, and somebody at its web chat."""

import json
import re
from typing import Any

import httpx

from tests.families.bots.talk import REPLIES
from tests.families.bots.tower import ANN, Customer, Tower
from tests.fixtures.clocks import visitor
from tests.fixtures.visitors import SignIn, Visit

SCRIPT = "<script>alert(1)</script>"


class Desk:
    """Somebody at the pages of one bot."""

    def __init__(self, tower: Tower, visit: Visit, bot: int) -> None:
        self.tower = tower
        self.visit = visit
        self.bot = bot

    async def page(self, query: str = "") -> str:
        page = await self.visit.get(f"/bots/{self.bot}/{query}")
        assert page.status_code == 200, page.text
        return page.text

    async def post(self, form: str = "", **fields: str) -> httpx.Response:
        return await self.visit.post(f"/bots/{self.bot}/{form}", dict(fields))

    async def chat(self) -> str:
        """The path of the newest chat."""
        number = await self.tower.tenant.scope.direct().value("SELECT max(id) FROM tenant.bots_chat")
        return f"/bots/{self.bot}/chats/{number}/"

    async def attributes(self) -> dict[str, Any]:
        found = await self.tower.tenant.scope.direct().value(
            "SELECT attributes::text FROM tenant.bots_bot WHERE id = :bot", bot=self.bot
        )
        decoded: dict[str, Any] = json.loads(found)
        return decoded


async def number_of(tower: Tower, owner: Customer) -> int:
    found: int = await tower.tenant.scope.direct().value(
        "SELECT id FROM tenant.bots_bot WHERE uuid = :bot", bot=owner.bot
    )
    return found


async def desk_of(tower: Tower, sign_in: SignIn, owner: Customer) -> Desk:
    """An administrator of the tenant at this owner's bot."""
    return Desk(tower, await sign_in(tower.tenant, at=tower.application), await number_of(tower, owner))


async def shop_of(tower: Tower) -> Customer:
    """The owner of a bot that has replies."""
    ann = await tower.customer(ANN)
    body = {"facebook": {"pageName": "Shop & Co"}, "replies": json.dumps(REPLIES)}
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    return ann


async def say(tower: Tower, bot: str, *texts: str) -> httpx.AsyncClient:
    """Somebody at the web chat says this; its browser, to go on with."""
    http = visitor(tower.application)
    await http.get(f"/chat/{bot}")
    for text in texts:
        assert (await http.post(f"/chat/{bot}/", data={"text": text})).status_code == 303
    return http


async def heard(http: httpx.AsyncClient, bot: str) -> list[str]:
    return re.findall(r'<p class="said">(.*?)</p>', (await http.get(f"/chat/{bot}")).text, re.DOTALL)
