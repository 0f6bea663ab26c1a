"""The queue's own upkeep: the records of jobs that ended long ago go."""

from clerestory.platform.jobs import queue
from clerestory.platform.jobs.task import Arguments, Cron, Task
from clerestory.platform.tenancy import Scope


async def _tidy(scope: Scope, _arguments: Arguments) -> None:
    async with scope.database.begin() as tx:
        await queue.tidy(tx, scope.now - queue.KEPT)


TASKS = (Task("jobs.tidy", _tidy),)
CRON = (Cron("jobs.tidy", "jobs.tidy", "17 3 * * *"),)
