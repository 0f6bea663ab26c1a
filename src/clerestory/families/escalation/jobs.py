"""Escalation's background work: unpacks identifiers and calls the verb."""

from clerestory.families.escalation.digest import digest
from clerestory.families.escalation.intake.noise import DIGEST_TASK
from clerestory.families.escalation.logs.forget import FORGET, FORGET_ALL, forget, forget_all
from clerestory.families.escalation.notify.follow import RECEIPT_TASK
from clerestory.families.escalation.notify.late import missed
from clerestory.families.escalation.notify.sweep import SWEEP_TASK, sweep
from clerestory.families.escalation.tasks.claim import TASK
from clerestory.families.escalation.tasks.keep import keep
from clerestory.platform.jobs import Arguments, Cron, Task
from clerestory.platform.tenancy import Scope


async def _sweep(scope: Scope, _arguments: Arguments) -> None:
    await sweep(scope)


async def _receipt(scope: Scope, arguments: Arguments) -> None:
    await missed(scope, _number(arguments, "message"))


async def _digest(scope: Scope, arguments: Arguments) -> None:
    await digest(scope, _number(arguments, "issue"))


async def _task(scope: Scope, arguments: Arguments) -> None:
    await keep(scope, _number(arguments, "issue"))


async def _forget(scope: Scope, _arguments: Arguments) -> None:
    await forget(scope)


async def _forget_all(scope: Scope, _arguments: Arguments) -> None:
    await forget_all(scope)


def _number(arguments: Arguments, name: str) -> int:
    return int(arguments[name] or 0)


TASKS = (
    Task(SWEEP_TASK, _sweep),
    Task(RECEIPT_TASK, _receipt),
    Task(DIGEST_TASK, _digest),
    Task(TASK, _task),
    Task(FORGET, _forget),
    Task(FORGET_ALL, _forget_all),
)
CRON = (Cron("escalation-forget", FORGET_ALL, "23 2 * * *"),)
