"""The family's background work: reports are made; what has ended, was kept long enough or is nobody's is cleared."""

from datetime import timedelta

from clerestory.families.ideas.files.sweep import sweep
from clerestory.families.ideas.oauth import store
from clerestory.families.ideas.oauth.model import KEPT
from clerestory.families.ideas.reports import make
from clerestory.families.ideas.reports.ask import MAKE
from clerestory.platform import jobs
from clerestory.platform.jobs import Cron, Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.tenancy import Scope, State
from clerestory.platform.tenancy.store import list_tenants

EXPIRE = "ideas.expire"
TIDY = "ideas.tidy_files"
TIDY_ALL = "ideas.tidy_all_files"
_PORTION = 500


async def expire(scope: Scope, _arguments: Arguments) -> None:
    """Clears what ended so long ago that nobody is told of it any more."""
    await store.delete_past(scope.database.direct(), scope.now - KEPT)


async def report(scope: Scope, arguments: Arguments) -> None:
    """Unpacks {"report": number}."""
    await make.make(scope, int(arguments["report"] or 0))


async def tidy_files(scope: Scope, _arguments: Arguments) -> None:
    """Reports that were kept long enough, then files that no row names."""
    await make.expire(scope)
    await sweep(scope)


async def tidy_all_files(scope: Scope, _arguments: Arguments) -> None:
    """Has every tenant's files seen to."""
    after = 0
    while entries := await list_tenants(scope.database.direct(), after, _PORTION):
        after = entries[-1].id
        async with scope.database.begin() as tx:
            for entry in entries:
                if entry.state == State.READY:
                    await jobs.defer(tx, TIDY, {}, tenant=entry.id)


TASKS = (
    Task(EXPIRE, expire),
    Task(MAKE, report, time_limit=timedelta(hours=1)),
    Task(TIDY, tidy_files),
    Task(TIDY_ALL, tidy_all_files),
)
CRON = (Cron("ideas-expire", EXPIRE, "23 * * * *"), Cron("ideas-tidy-files", TIDY_ALL, "53 2 * * *"))
