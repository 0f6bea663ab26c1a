"""What a process does for its own good now and then: its pool is counted, and its connections are replaced."""

import asyncio
import time
from datetime import timedelta

from clerestory.platform.database import Database
from clerestory.platform.observe.metrics import Metrics

COUNTED_EVERY = timedelta(seconds=5)
# A backend keeps what it learnt of every tenant's tables until it ends (decision 0012).
REPLACED_EVERY = timedelta(minutes=30)


async def upkeep(database: Database, metrics: Metrics) -> None:
    """Runs as long as the process does."""
    replaced = time.monotonic()
    while True:
        metrics.pool(*database.pool_use)
        if time.monotonic() - replaced > REPLACED_EVERY.total_seconds():
            await database.recycle()
            replaced = time.monotonic()
        await asyncio.sleep(COUNTED_EVERY.total_seconds())
