"""Browsers without script on the pages of ideas: signed in as anybody, or as nobody."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from clerestory.platform.tokens import sessions
from tests.families.ideas.ground import Ground
from tests.families.ideas.land import uuid_of
from tests.fixtures.visitors import Visit


@dataclass(frozen=True, slots=True)
class Crowd:
    """Ann submits, Bo is another member, Max administers the campaign, Mo moderates it; and nobody."""

    ground: Ground
    ann: Visit
    bo: Visit
    max: Visit
    nobody: httpx.AsyncClient

    @property
    def campaign(self) -> str:
        """The path of the campaign's page."""
        return f"/ideas/campaigns/{self.ground.campaign_id.lower()}/"

    async def idea(self, **fields: str) -> str:
        """The path of a new idea of Ann's."""
        return f"/ideas/{(await self.ground.post(**fields))['idea_code']}/"


@asynccontextmanager
async def crowd_on(ground: Ground, transport: httpx.AsyncBaseTransport) -> AsyncIterator[Crowd]:
    async with AsyncExitStack() as stack:

        async def browser(cookies: dict[str, str]) -> httpx.AsyncClient:
            client = httpx.AsyncClient(transport=transport, base_url="http://clerestory.test", cookies=cookies)
            return await stack.enter_async_context(client)

        visits = {}
        for name, person in ground.people.items():
            uuid = await uuid_of(ground.tenant, "person", person)
            opened = await sessions.begin(ground.tenant.scope, ground.tenant.tenant.id, uuid)
            visits[name] = Visit(await browser({sessions.COOKIE: opened.text}), opened.csrf)
        yield Crowd(ground, visits["ann"], visits["bo"], visits["max"], await browser({}))


def text_of(page: httpx.Response) -> str:
    """What the page says, without its markup."""
    assert page.status_code < 500, page.text
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def button(page: httpx.Response, name: str) -> str:
    """The text of the button's tag, by its label."""
    found = re.search(rf'<button[^>]*aria-label="{re.escape(name)}[^"]*"[^>]*>', page.text)
    assert found, f"no button {name}"
    return found[0]
