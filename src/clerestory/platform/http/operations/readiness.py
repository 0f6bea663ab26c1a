"""Whether this process can serve, and if not, why: each part is asked, none for long."""

import asyncio
import time
from collections.abc import Awaitable
from datetime import timedelta

from clerestory.kernel.errors import Problem
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import MigrationError, Migrator
from clerestory.platform.jobs import queue

OK = "ok"
PATIENCE = timedelta(seconds=2)


class Readiness:
    """What `checks` says, asked at most once in a while, however many want to know. A part of the process."""

    def __init__(self, database: Database, migrator: Migrator, *, remembered: timedelta = timedelta(seconds=1)) -> None:
        self._database = database
        self._migrator = migrator
        self._remembered = remembered
        self._asking = asyncio.Lock()
        self._said: dict[str, str] = {}
        self._until = 0.0

    async def said(self) -> dict[str, str]:
        """What each part says, or said a moment ago; who comes while it is asked hears that answer."""
        async with self._asking:
            if time.monotonic() >= self._until:
                self._said = await checks(self._database, self._migrator)
                self._until = time.monotonic() + self._remembered.total_seconds()
            return self._said


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
