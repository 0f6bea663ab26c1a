"""The log of each app's requests: noted in memory, written in batches behind the answers, so that none waits for it.

What a crash takes away is lost; it is there to look at, and proves nothing.
"""

import asyncio
from collections import deque
from datetime import timedelta

import structlog

from clerestory.families.ideas.apps import store
from clerestory.families.ideas.apps.model import Entry
from clerestory.kernel.errors import Problem
from clerestory.platform.database import Database, Schema

_MOST_WAITING = 10_000
_PAUSE = timedelta(seconds=1)

log = structlog.get_logger(__name__)


class Journal:
    """Takes notes, and writes them down. A part of the process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[tuple[Schema, Entry]] = deque(maxlen=_MOST_WAITING)

    def note(self, schema: Schema, entry: Entry) -> None:
        """Remembers a request; past ten thousand that wait, the oldest go."""
        self._waiting.append((schema, entry))

    async def run(self) -> None:
        """Writes every second what was noted, for ever. Owned by the process's background."""
        while True:
            await asyncio.sleep(_PAUSE.total_seconds())
            await self.flush()

    async def flush(self) -> None:
        """Writes down what was noted until now; notes that cannot be written are dropped."""
        noted: dict[Schema, list[Entry]] = {}
        while self._waiting:
            schema, entry = self._waiting.popleft()
            noted.setdefault(schema, []).append(entry)
        for schema, entries in noted.items():
            try:
                await store.write_entries(self._database.direct(schema), store.EntryColumns.of(entries))
            except Problem as problem:
                log.warning("ideas.journal", lost=len(entries), problem=type(problem).__name__)
