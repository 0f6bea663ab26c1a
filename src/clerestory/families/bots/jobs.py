"""Bots' background work: unpacks identifiers and calls the verb."""

from clerestory.families.bots.chats.converse import converse
from clerestory.families.bots.chats.mute import resume
from clerestory.families.bots.chats.sweep import sweep
from clerestory.families.bots.chats.sweeps import CONVERSE_TASK, RESUME_TASK, SWEEP_TASK
from clerestory.platform.jobs import Arguments, Task
from clerestory.platform.tenancy import Scope


async def _sweep(scope: Scope, _arguments: Arguments) -> None:
    await sweep(scope)


async def _converse(scope: Scope, arguments: Arguments) -> None:
    await converse(scope, int(arguments["chat"] or 0))


async def _resume(scope: Scope, arguments: Arguments) -> None:
    await resume(scope, int(arguments["user"] or 0))


TASKS = (Task(SWEEP_TASK, _sweep), Task(CONVERSE_TASK, _converse), Task(RESUME_TASK, _resume))
