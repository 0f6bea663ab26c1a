"""The family's background work: reports, mails to followers; what has ended, is old enough or nobody's is cleared."""

from datetime import timedelta

from clerestory.families.ideas.files.sweep import sweep
from clerestory.families.ideas.follow.tell import TELL, digest, tell
from clerestory.families.ideas.oauth import store
from clerestory.families.ideas.oauth.model import KEPT
from clerestory.families.ideas.reports import make
from clerestory.families.ideas.reports.ask import MAKE
from clerestory.platform import jobs
from clerestory.platform.jobs import Cron, Task
from clerestory.platform.jobs.task import Arguments
from clerestory.platform.tenancy import Scope, ready_tenants

EXPIRE = "ideas.expire"
TIDY = "ideas.tidy_files"
TIDY_ALL = "ideas.tidy_all_files"
DIGEST = "ideas.digest"
DIGEST_ALL = "ideas.digest_all"


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


async def tell_at_once(scope: Scope, _arguments: Arguments) -> None:
    """Mails to those who want them at once."""
    await tell(scope, at_once=True)


async def tell_daily(scope: Scope, _arguments: Arguments) -> None:
    """The mails of a day."""
    await digest(scope)


async def tidy_all_files(scope: Scope, _arguments: Arguments) -> None:
    """Has every tenant's files seen to."""
    await _for_each_tenant(scope, TIDY)


async def digest_all(scope: Scope, _arguments: Arguments) -> None:
    """Has the followers of every tenant told."""
    await _for_each_tenant(scope, DIGEST)


async def _for_each_tenant(scope: Scope, task: str) -> None:
    async for entries in ready_tenants(scope.database.direct()):
        async with scope.database.begin() as tx:
            for entry in entries:
                await jobs.defer(tx, task, {}, tenant=entry.id)


TASKS = (
    Task(EXPIRE, expire),
    Task(MAKE, report, time_limit=timedelta(hours=1)),
    Task(TIDY, tidy_files),
    Task(TIDY_ALL, tidy_all_files),
    Task(TELL, tell_at_once),
    Task(DIGEST, tell_daily, time_limit=timedelta(hours=1)),
    Task(DIGEST_ALL, digest_all),
)
CRON = (
    Cron("ideas-expire", EXPIRE, "23 * * * *"),
    Cron("ideas-tidy-files", TIDY_ALL, "53 2 * * *"),
    Cron("ideas-digest", DIGEST_ALL, "37 5 * * *"),
)
