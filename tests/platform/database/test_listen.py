"""Messages between processes, and what a listener learns of a gap."""

import asyncio

from clerestory.platform.database import Database, Listener, notify


async def _until(condition: asyncio.Event) -> None:
    await asyncio.wait_for(condition.wait(), 20)


async def test_a_message_is_heard_when_its_transaction_commits(database: Database) -> None:
    heard: list[str] = []
    arrived = asyncio.Event()
    listener = Listener(database)

    def hear(subject: str) -> None:
        heard.append(subject)
        if subject:
            arrived.set()

    listener.on("key", hear)
    task = asyncio.ensure_future(listener.run())
    await _until(listener.ready)
    async with database.begin() as tx:
        await notify(tx, "key", "k1")
        await notify(tx, "other", "x")
        assert "k1" not in heard
    await _until(arrived)
    task.cancel()
    assert heard == ["", "k1"]


async def test_after_a_lost_connection_everything_is_forgotten_and_heard_again(database: Database) -> None:
    heard: list[str] = []
    gap = asyncio.Event()
    listener = Listener(database)

    def hear(subject: str) -> None:
        heard.append(subject)
        if heard.count("") == 2:
            gap.set()

    listener.on("key", hear)
    task = asyncio.ensure_future(listener.run())
    await _until(listener.ready)
    await database.direct().execute(
        """
        SELECT pg_terminate_backend(pid)
          FROM pg_catalog.pg_stat_activity
         WHERE application_name = 'clerestory-listen' AND datname = current_database()
        """
    )
    await _until(gap)
    task.cancel()
    assert heard == ["", ""]
