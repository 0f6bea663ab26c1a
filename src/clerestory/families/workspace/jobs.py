"""The workspace's own upkeep: what has run out is cleared."""

from datetime import timedelta

from clerestory.platform.jobs import Cron, Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import store

EXPIRE = "workspace.expire"
_ATTEMPTS_KEPT = timedelta(hours=1)


async def expire(scope: Scope, _arguments: Arguments) -> None:
    """Clears sessions, refresh tokens and attempts that no longer count."""
    await store.delete_expired(scope.database.direct(), scope.now, scope.now - _ATTEMPTS_KEPT)


TASKS = (Task(EXPIRE, expire),)
CRON = (Cron("workspace-expire", EXPIRE, "17 * * * *"),)
