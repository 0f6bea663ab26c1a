"""The composition root: databases are prepared once however many servers start, browsers and programs told apart."""

import asyncio
import secrets

import httpx

from clerestory import app
from clerestory.platform.database import Database, DatabaseSettings
from tests.fixtures.database import create_database, drop_database, of


async def test_servers_that_start_together_prepare_one_database(server_url: str) -> None:
    name = f"together_{secrets.token_hex(4)}"
    await create_database(server_url, name)

    async def start() -> None:
        database = await Database.open(DatabaseSettings(of(server_url, name), pool_min=1))
        try:
            await app.prepare(database, app.OWNERS, lambda _: None)
            await app.demonstrate(database, once=True)
            people = await database.direct().value("SELECT count(*) FROM tenant.person")
            assert people == 3
        finally:
            await database.close()

    await asyncio.gather(*(start() for _ in range(4)))
    await drop_database(server_url, name)


async def test_who_asks_for_what_is_nowhere_is_told_in_their_own_way(client: httpx.AsyncClient) -> None:
    browser = await client.get("/nowhere/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert browser.status_code == 404
    assert browser.headers["content-type"].startswith("text/html")
    program = await client.get("/nowhere/")
    assert program.status_code == 404
    assert program.headers["content-type"].startswith("application/json")
