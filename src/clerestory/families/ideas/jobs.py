"""The family's upkeep: codes and tokens that ended a day ago are cleared."""

from clerestory.families.ideas.oauth import store
from clerestory.families.ideas.oauth.model import KEPT
from clerestory.platform.jobs import Cron, Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.tenancy import Scope

EXPIRE = "ideas.expire"


async def expire(scope: Scope, _arguments: Arguments) -> None:
    """Clears what ended so long ago that nobody is told of it any more."""
    await store.delete_past(scope.database.direct(), scope.now - KEPT)


TASKS = (Task(EXPIRE, expire),)
CRON = (Cron("ideas-expire", EXPIRE, "23 * * * *"),)
