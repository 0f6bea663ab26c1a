"""Whether this process can serve, and if not, why: each part is asked, none for long."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

from clerestory.kernel.errors import Problem
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import MigrationError, Migrator
from clerestory.platform.jobs import queue

OK = "ok"
PATIENCE = timedelta(seconds=2)


async def checks(database: Database, migrator: Migrator) -> dict[str, str]:
    """What each part says, {part: "ok" or what is wrong}."""
    asked = {"database": _database(database), "migrations": _migrations(migrator), "queue": _queue(database)}
    answers = await asyncio.gather(*map(_answer, asked.values()))
    return dict(zip(asked, answers, strict=True))


async def _answer(check: Awaitable[str]) -> str:
    try:
        return await asyncio.wait_for(check, PATIENCE.total_seconds())
    except TimeoutError:
        return f"no answer within {PATIENCE.total_seconds():.0f} seconds"
    except Problem as problem:
        return problem.text


async def _database(database: Database) -> str:
    await database.direct().value("SELECT 1")
    return OK


async def _migrations(migrator: Migrator) -> str:
    try:
        plan = await migrator.plan()
    except MigrationError:
        # A newer version has migrated already. During a rolling upgrade the older processes go on serving.
        return OK
    waiting = sum(bool(steps) for _, steps in plan.schemas)
    if plan.control or waiting:
        return f"{len(plan.control)} steps of the control schema and {waiting} schemas wait for `clerestory migrate`"
    return OK


async def _queue(database: Database) -> str:
    await queue.depths(database.direct())
    return OK
