"""The workspace's own upkeep: what has run out is cleared."""

from clerestory.platform.jobs import Cron, Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.limits import Limits
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import store

EXPIRE = "workspace.expire"


async def expire(scope: Scope, _arguments: Arguments) -> None:
    """Clears sessions and refresh tokens past their life, and counts whose window is over."""
    await store.delete_expired(scope.database.direct(), scope.now)
    await scope.part(Limits).tidy(scope.now)


TASKS = (Task(EXPIRE, expire),)
CRON = (Cron("workspace-expire", EXPIRE, "17 * * * *"),)
