"""A server that is killed in the middle of a stream of escalations: nothing that it answered is lost or sent twice."""

import asyncio
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from clerestory.platform.database import Database, Direct, Schema
from tests.families.escalation.people import LOG
from tests.fixtures.program import Started, started
from tests.standins.mail import Mail
from tests.standins.server import eventually

SECRET = "a secret of the tests, long enough to be taken"
CALLERS = 48
"""More than one process sends at once for one tenant, so that some messages wait their turn."""


async def stream(server: Started, key: str, answered: list[str]) -> None:
    """Escalates by many callers at once until the server is gone."""

    async def call(client: httpx.AsyncClient, caller: int) -> None:
        for number in range(1000):
            message = f"crash {caller}-{number}"
            try:
                answer = await client.post("/escalate", json={**LOG, "message": message, "code": f"c{number % 3}"})
            except httpx.TransportError:
                return
            assert answer.status_code == 201
            answered.append(message)

    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", headers=headers, timeout=30) as client:
        await asyncio.gather(*(call(client, caller) for caller in range(CALLERS)))


async def states(inside: Direct) -> Counter[str]:
    return Counter(await inside.values("SELECT state FROM tenant.delivery_message"))


async def killed_amid(server: Started, mail: Mail, key: str, inside: Direct) -> list[str]:
    """The messages that were answered before the kill, which comes when mails are under way and others wait."""
    answered: list[str] = []
    streaming = asyncio.create_task(stream(server, key, answered))
    for _ in eventually(30):
        await asyncio.sleep(0.01)
        if len(answered) >= 40:
            mail.hold.clear()
            stuck = await states(inside)
            if stuck["sending"] >= 30 and stuck["planned"] >= 10:
                break
    server.process.send_signal(signal.SIGKILL)
    server.process.wait(20)
    await streaming
    return answered


def told(mail: Mail) -> Counter[str]:
    """How often each log was told, by its link."""
    links = (re.search(rb"/log/([A-Za-z0-9_-]{22})", taken.raw) for taken in mail.taken)
    return Counter(found[1].decode() for found in links if found)


async def test_kill_9_loses_no_answered_log_and_the_next_server_tells_the_rest_once(
    database: Database, database_url: str, mail: Mail, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {
        "database_url": database_url,
        "data_dir": str(tmp_path / "data"),
        "secret": SECRET,
        "demo": "no",
        "smtp_url": mail.url + "?security=none",
        "smtp_from": "ops@example.org",
        "sweep_after": "6",
    }
    with started(tmp_path / "first.log", "serve", port=None, **settings) as server:
        server.ready()
        person = {"email": "jane@x.org", "password": "seven blue lanterns", "first_name": "Jane", "last_name": "Doe"}
        made = server.http.post("/api/v1/clients/", json=person).json()
        inside = database.direct(Schema(made["schema"]))
        answered = await killed_amid(server, mail, made["api_key"], inside)
    stored = set(await inside.values("SELECT message FROM tenant.escalation_log"))
    assert set(answered) <= stored
    left = await states(inside)
    mail.hold.set()
    with started(tmp_path / "second.log", "serve", port=None, **settings) as server:
        server.ready()
        for _ in eventually(40):
            await asyncio.sleep(0.05)
            if not await inside.value("SELECT count(*) FROM tenant.escalation_job WHERE NOT settled"):
                break
    ended = await states(inside)
    # Whatever waited is sent; what was under way may have arrived, so it counts as timed out.
    assert ended == {"sent": left["sent"] + left["planned"], "failed": left["sending"]}
    assert ended.total() == len(stored)
    assert max(told(mail).values()) == 1
    assert len(told(mail)) >= ended["sent"]
