"""What the driver raises, said by meaning. SQL and its texts stay in the log and never reach a caller."""

import asyncio
from datetime import timedelta

import asyncpg
import structlog

from clerestory.kernel.errors import (
    Conflict,
    DatabaseFault,
    Fault,
    Invalid,
    Kind,
    Linked,
    Problem,
    ReadOnly,
    Timeout,
    Unavailable,
)

DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

_DOWN = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)

log = structlog.get_logger(__name__)


class Duplicate(Conflict):
    """A unique constraint refused the row; `constraint` says which."""

    def __init__(self, constraint: str) -> None:
        self.constraint = constraint
        super().__init__("A record with this value exists already.")


class Contended(Unavailable):
    """Somebody else holds the records for longer than this work may wait."""

    default = "Others are changing the same records. Try again."


def translated(error: BaseException) -> Problem:
    """The problem that a driver's error means."""
    match error:
        case asyncpg.UniqueViolationError():
            return Duplicate(error.constraint_name or "")
        case asyncpg.ForeignKeyViolationError():
            return Linked()
        case asyncpg.QueryCanceledError() | asyncio.TimeoutError():
            return Timeout()
        case asyncpg.DataError():
            # Class 22: a number out of range or a character that text cannot hold. What a client sent, never our fault.
            return Invalid(Fault(None, Kind.INVALID, "A value is out of the range that can be stored."))
        case asyncpg.LockNotAvailableError() | asyncpg.DeadlockDetectedError() | asyncpg.SerializationError():
            return Contended(retry_after=timedelta(seconds=1))
        case asyncpg.ReadOnlySQLTransactionError():
            # The last line of defence: whoever asked should have been refused before it came to a statement.
            log.error("database.read_only", text=str(error))
            return ReadOnly("These data can be read and not changed.")
        case _ if isinstance(error, _DOWN):
            log.warning("database.unreachable", error=type(error).__name__, text=str(error))
            return Unavailable("The database cannot be reached.")
    # The first line alone: below it PostgreSQL shows the row that was refused.
    log.error("database.fault", error=type(error).__name__, text=str(error).partition("\n")[0])
    return DatabaseFault()
