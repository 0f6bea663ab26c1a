"""LISTEN and NOTIFY between our processes: small facts such as "this key was revoked".

A message can be lost while the connection is down, so a listener is told of every gap and forgets what it cached.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from clerestory.kernel.errors import Problem
from clerestory.platform.database.connect import Database
from clerestory.platform.database.run import Runner

CHANNEL = "clerestory"
_PAUSE = timedelta(seconds=1)
_PROBE_EVERY = timedelta(seconds=10)

log = structlog.get_logger(__name__)

Heard = Callable[[str], None]


async def notify(tx: Runner, topic: str, subject: str) -> None:
    """Tells every process, when the transaction commits, that `subject` of `topic` changed."""
    await tx.value("SELECT pg_notify(:channel, :payload)", channel=CHANNEL, payload=f"{topic} {subject}")


class Listener:
    """Calls back for each message of a topic; `""` as subject means: anything may have changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard: dict[str, list[Heard]] = {}
        self.ready = asyncio.Event()

    def on(self, topic: str, heard: Heard) -> None:
        """Subscribes before `run` begins."""
        self._heard.setdefault(topic, []).append(heard)

    async def run(self) -> None:
        """Listens for ever, through restarts of the database. Owned by the application's task group."""
        while True:
            try:
                await self._listen()
            except (Problem, OSError, TimeoutError) as error:
                log.warning("listen.lost", error=type(error).__name__)
            self.ready.clear()
            await asyncio.sleep(_PAUSE.total_seconds())

    async def _listen(self) -> None:
        async with self._database.connection() as connection:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, lambda *call: self._dispatch(call[-1]))
            self._forget_all()
            self.ready.set()
            while not lost.is_set():
                try:
                    await asyncio.wait_for(lost.wait(), _PROBE_EVERY.total_seconds())
                except TimeoutError:
                    # A dead network is only noticed by asking.
                    await connection.execute("SELECT 1", timeout=5)

    def _dispatch(self, payload: object) -> None:
        topic, _, subject = str(payload).partition(" ")
        for heard in self._heard.get(topic, ()):
            heard(subject)

    def _forget_all(self) -> None:
        for listeners in self._heard.values():
            for heard in listeners:
                heard("")
