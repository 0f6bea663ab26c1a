"""What a task is, and how one is deferred."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from clerestory.platform.database import Tx
from clerestory.platform.jobs import queue
from clerestory.platform.tenancy import Scope

Arguments = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Task:
    """Background work by name. `run` gets the same Scope that a request would have, and the arguments."""

    name: str
    run: Callable[[Scope, Arguments], Awaitable[None]]
    attempts: int = 5


@dataclass(frozen=True, slots=True)
class Cron:
    """A task that runs by the clock, once for the whole installation (in the public scope)."""

    name: str
    task: str
    expression: str


async def defer(tx: Tx, task: str, arguments: Arguments, *, tenant: int = 0, after: timedelta = timedelta(0)) -> None:
    """Puts a task in the queue when, and only when, the caller's transaction commits."""
    payload = msgspec.json.encode({"tenant": tenant, "arguments": dict(arguments)})
    await queue.enqueue(tx, task, payload, after)
