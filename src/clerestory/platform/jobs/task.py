"""What a task is, and how one is deferred."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from clerestory.platform.database import Tx
from clerestory.platform.jobs import queue
from clerestory.platform.tenancy import Scope

Arguments = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Task:
    """Background work by name. `run` gets the same Scope that a request would have, and the arguments.

    It may run twice (a worker that dies has its jobs run by another), so it is idempotent. A run that raises or takes
    longer than `time_limit` is repeated with growing pauses, `attempts` times in all; then the job is kept as failed.
    """

    name: str
    run: Callable[[Scope, Arguments], Awaitable[None]]
    attempts: int = 5
    time_limit: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cron:
    """A task that runs by the clock, in UTC, once for the whole installation (in the public scope)."""

    name: str
    task: str
    expression: str


class Payload(msgspec.Struct, frozen=True):
    """What stands in the queue of a job."""

    tenant: int
    arguments: dict[str, str | int | None]


async def defer(tx: Tx, task: str, arguments: Arguments, *, tenant: int = 0, after: timedelta = timedelta(0)) -> None:
    """Puts a task in the queue when, and only when, the caller's transaction commits.

    `tenant` is whose scope it runs in (`scope.tenant.id`); 0 is public, for work of the whole installation.
    """
    payload = msgspec.json.encode(Payload(tenant, dict(arguments)))
    await queue.enqueue(tx, task, payload, tenant, after)


async def defer_all(tx: Tx, task: str, arguments: Sequence[Arguments], *, tenant: int = 0) -> None:
    """As `defer`, a job for each of these arguments, by one statement."""
    if arguments:
        payloads = [msgspec.json.encode(Payload(tenant, dict(each))) for each in arguments]
        await queue.enqueue_all(tx, task, payloads, tenant)
