"""A server that is killed while it is told of events: none that it answered is lost, and none is answered twice."""

import asyncio
import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from clerestory.platform.database import Database, Direct, Schema
from tests.families.bots.tower import ANN, facebook_of_all
from tests.fixtures.program import Started, started
from tests.standins import facebook as standin
from tests.standins.facebook import APP_ID, APP_SECRET, PAGE, PAGE_TOKEN, Facebook, sign, webhook
from tests.standins.server import eventually

SECRET = "a secret of the tests, long enough to be taken"
CALLERS = 16
OPEN = "SELECT count(*) FROM tenant.bots_message WHERE state IN ('waiting', 'planned', 'sending')"


def bot_of(server: Started, key: str) -> str:
    """A bot that is connected to the stand-in's page."""
    headers = {"Authorization": f"Bearer {ANN}", "Api-Key": key}
    bot: str = server.http.post("/v1/customers", headers=headers).json()["bots"][0]
    page = {"pageId": PAGE, "pageAccessToken": PAGE_TOKEN}
    body = {"facebook": page, "replies": json.dumps({"default": "Yes?", "welcome": "Hello!"})}
    assert server.http.put(f"/v1/bots/{bot}", headers=headers, json=body).status_code == 200
    return bot


async def stream(server: Started, bot: str, at: int, answered: list[str]) -> None:
    """Tells of events by many callers at once until the server is gone."""

    async def call(client: httpx.AsyncClient, caller: int) -> None:
        for number in range(1000):
            mid = f"m_{caller}_{number}"
            body = webhook(standin.message(f"psid-{caller}", "hello", mid, at=at + number))
            try:
                answer = await client.post(
                    f"/messenger/{bot}", content=body, headers={"X-Hub-Signature-256": sign(body)}
                )
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            answered.append(mid)

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as client:
        await asyncio.gather(*(call(client, caller) for caller in range(CALLERS)))


async def killed_amid(server: Started, bot: str, inside: Direct, facebook: Facebook) -> list[str]:
    """The events that were answered before the kill, which comes while bots speak and much waits."""
    answered: list[str] = []
    at = int((await inside.value("SELECT extract(epoch FROM now())")) * 1000)
    streaming = asyncio.create_task(stream(server, bot, at, answered))
    for _ in eventually(30):
        await asyncio.sleep(0.01)
        if len(answered) >= 100 and len(facebook.sent) >= 10:
            break
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(20)
    await streaming
    return answered


async def test_kill_9_loses_no_answered_event_and_the_next_server_answers_the_rest_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with facebook_of_all() as facebook:
        settings: dict[str, Any] = {
            "database_url": database_url,
            "data_dir": str(tmp_path / "data"),
            "secret": SECRET,
            "demo": "no",
            "facebook_graph_url": facebook.url,
            "facebook_app_id": APP_ID,
            "facebook_app_secret": APP_SECRET,
            "sweep_after": "4",
        }
        with started(tmp_path / "first.log", "serve", port=None, **settings) as server:
            server.ready()
            person = {"email": "jane@x.org", "password": "seven blue lanterns", "first_name": "J", "last_name": "D"}
            made = server.http.post("/api/v1/clients/", json=person).json()
            inside = database.direct(Schema(made["schema"]))
            bot = bot_of(server, made["api_key"])
            answered = await killed_amid(server, bot, inside, facebook)
        stored = set(await inside.values("SELECT key FROM tenant.bots_message WHERE author = 'person'"))
        assert set(answered) <= stored
        assert await inside.value(OPEN) > 0
        begun = await inside.value("SELECT count(*) FROM tenant.bots_message WHERE state = 'sending'")
        with started(tmp_path / "second.log", "serve", port=None, **settings) as server:
            server.ready()
            for _ in eventually(90):
                await asyncio.sleep(0.1)
                if not await inside.value(OPEN):
                    break
        states = Counter(await inside.values("SELECT state FROM tenant.bots_message WHERE author = 'bot'"))
        # Each event has one answer; what was under way may have arrived, and is not sent again.
        assert states == Counter(sent=len(stored) - begun, unknown=begun)
        assert len(stored) - begun <= len(facebook.sent) <= len(stored)
