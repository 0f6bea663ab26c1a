"""Somebody at the page of a bot, with a browser without script."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.families.bots.tower import ANN, Customer, Tower
from tests.fixtures.clocks import visitor

SCRIPT = "<script>alert(1)</script>"
REPLIES: dict[str, object] = {
    "welcome": {"text": "Hello!", "buttons": [{"title": "Hours", "payload": "hours"}]},
    "hours": {"text": "Nine\nto five."},
    "shirts": {
        "title": "Shirts",
        "subtitle": "Of linen",
        "logo": "https://img.example.org/shirt.png",
        "url": "https://shop.example.org/",
        "buttons": [{"title": "See", "url": "https://shop.example.org/all"}, {"title": "Hours", "payload": "hours"}],
    },
    "evil": {
        "title": SCRIPT,
        "text": SCRIPT,
        "url": "javascript:alert(1)",
        "buttons": [{"title": SCRIPT, "payload": SCRIPT}],
    },
    "default": "What?",
}


@dataclass(frozen=True)
class Browser:
    """A browser that keeps its cookies, at the page of one bot."""

    http: httpx.AsyncClient = field(repr=False)
    bot: str

    @property
    def path(self) -> str:
        return f"/chat/{self.bot}"

    async def page(self) -> httpx.Response:
        page = await self.http.get(self.path)
        assert page.status_code == 200, page.text
        return page

    async def post(self, **fields: str) -> httpx.Response:
        """A form without script."""
        return await self.http.post(f"{self.path}/", data=fields)

    async def say(self, text: str) -> str:
        """Says it, and loads the page that comes of it."""
        answer = await self.post(text=text)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{self.path}#end"), answer.text
        return (await self.page()).text

    async def send(self, **fields: str) -> httpx.Response:
        """As the page's script sends it."""
        return await self.http.post(f"{self.path}/", data=fields, headers={"Accept": "application/json"})


async def change(tower: Tower, owner: Customer, **attributes: Any) -> None:
    await tower.got("PUT", f"/v1/bots/{owner.bot}", owner, json=attributes)


async def shop(tower: Tower) -> Customer:
    """The owner of a bot that has replies."""
    ann = await tower.customer(ANN)
    await change(tower, ann, facebook={"pageName": "Shop & Co"}, replies=json.dumps(REPLIES))
    return ann


@asynccontextmanager
async def browsing(tower: Tower, bot: str) -> AsyncIterator[Browser]:
    async with visitor(tower.application) as http:
        yield Browser(http, bot)


def bubbles(page: str) -> list[tuple[str, str]]:
    """Who said what, as the page shows it: only the texts."""
    found = re.findall(r'<li class="bubble (\w+)[^>]*>(.*?)</li>', page, re.DOTALL)
    return [(whose, " | ".join(re.findall(r'<p class="said">(.*?)</p>', inner, re.DOTALL))) for whose, inner in found]
