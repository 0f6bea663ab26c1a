"""The queue itself: pgqueuer's tables in the schema `jobs`, on our own connections."""

from datetime import timedelta
from typing import Any, cast

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings

from clerestory.platform.database import Database, Tx
from clerestory.platform.database.run import Connection

SETTINGS = DBSettings(db_schema="jobs")


def queries(connection: Connection) -> Queries:
    """The library's statements, on one connection, for our schema."""
    return Queries(
        AsyncpgDriver(cast(Any, connection)),
        qbe=qb.QueryBuilderEnvironment(SETTINGS),
        qbq=qb.QueryQueueBuilder(SETTINGS),
        qbs=qb.QuerySchedulerBuilder(SETTINGS),
    )


async def install(database: Database) -> None:
    """Makes the queue's tables, or brings them to the library's version. Runs under the migrator's lock."""
    async with database.connection() as connection:
        queue = queries(connection)
        if await queue.schema_is_installed():
            await queue.upgrade()
        else:
            await queue.install()


async def enqueue(tx: Tx, task: str, payload: bytes, after: timedelta) -> None:
    """Puts a job in the queue inside the caller's transaction."""
    await queries(tx.connection).enqueue(task, payload, execute_after=after or None)
