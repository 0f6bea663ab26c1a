"""Delivery's background work: retries, words to families, reports that came too early, and what is out of date."""

from datetime import timedelta

from clerestory.platform.delivery import blocks
from clerestory.platform.delivery.alarm import SEND
from clerestory.platform.delivery.arrivals import EARLY, early_report
from clerestory.platform.delivery.listeners import TOLD, Listeners
from clerestory.platform.delivery.message import MessageId
from clerestory.platform.delivery.sender import RETRY, Sender
from clerestory.platform.jobs import Arguments, Cron, Task
from clerestory.platform.tenancy import Scope

_SHARED_FOR = timedelta(days=30)


async def _retry(scope: Scope, arguments: Arguments) -> None:
    await scope.part(Sender).retry(scope, MessageId(int(arguments["message"] or 0)))


async def _told(scope: Scope, arguments: Arguments) -> None:
    await scope.part(Listeners).told(scope, arguments)


async def _tidy(scope: Scope, _arguments: Arguments) -> None:
    async with scope.database.begin() as tx:
        await blocks.forget_shared(tx, scope.now - _SHARED_FOR)


TASKS = (
    Task(RETRY, _retry),
    Task(SEND, _retry),
    Task(TOLD, _told, attempts=8),
    Task(EARLY, early_report),
    Task("delivery.tidy", _tidy),
)
CRON = (Cron("delivery.tidy", "delivery.tidy", "41 3 * * *"),)
