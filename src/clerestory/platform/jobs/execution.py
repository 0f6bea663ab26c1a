"""One run of one job: payload to Scope, the task under its time limit, and what becomes of it.

A verb cannot tell a job from a request: both bring the same Scope.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import structlog
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.domain import errors, models

from clerestory.kernel.clock import Clock
from clerestory.kernel.errors import Problem, RateLimited, Unavailable
from clerestory.platform.jobs.task import Payload, Task
from clerestory.platform.jobs.turns import PutBack
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import SYSTEM, Parts, Scope, State
from clerestory.platform.tenancy.registry import Registry

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
NOT_READY_PAUSE = timedelta(minutes=1)

log = structlog.get_logger(__name__)


def pause_after(attempt: int, spread: float) -> timedelta:
    """How long to wait after attempt 1, 2, …: 2 s, 4 s, … at most 10 min, and up to a quarter more by `spread`."""
    longest = LONGEST_PAUSE.total_seconds()
    seconds = min(FIRST_PAUSE.total_seconds() * 2.0 ** min(attempt - 1, 20), longest)
    return timedelta(seconds=seconds * (1 + spread / 4))


class Running:
    """The runs of one worker that are under way, so that a stop can hasten them."""

    def __init__(self) -> None:
        self._limits: set[asyncio.Timeout] = set()
        self._end: float | None = None

    @property
    def ending(self) -> bool:
        """Whether the worker was told to stop."""
        return self._end is not None

    def begin(self, limit: timedelta) -> asyncio.Timeout:
        """The limit that one run stands under."""
        due = asyncio.get_running_loop().time() + limit.total_seconds()
        timeout = asyncio.timeout_at(due if self._end is None else min(due, self._end))
        self._limits.add(timeout)
        return timeout

    def over(self, timeout: asyncio.Timeout) -> None:
        """This run has come to its end."""
        self._limits.discard(timeout)

    def end_within(self, drain: timedelta) -> None:
        """Runs that take longer than `drain` from now are broken off."""
        self._end = asyncio.get_running_loop().time() + drain.total_seconds()
        for timeout in self._limits:
            due = timeout.when()
            if due is None or due > self._end:
                timeout.reschedule(self._end)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every run of a worker shares."""

    parts: Parts
    clock: Clock
    running: Running
    chance: Callable[[], float] = random.random


class Execution(AbstractEntrypointExecutor):
    """Runs the jobs of one task."""

    def __init__(self, task: Task, around: Surroundings) -> None:
        # The library calls `execute`, never this function; it wants to know one all the same.
        super().__init__(EntrypointExecutorParameters(concurrency_limit=0, func=_unused, on_failure="hold"))
        self._task = task
        self._around = around
        self._metrics = around.parts.find(Metrics)

    async def execute(self, job: models.Job, _context: models.Context) -> None:
        """Ends when the job is done or dropped; raises RetryRequested for another run, anything else to give up."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=f"job-{job.id}", task=self._task.name)
        try:
            await self._attempt(job)
        except PutBack:
            self._told("put_back")
            raise
        except asyncio.CancelledError as error:
            # The library would take it for a wish to delete the job, while it is this process that ends.
            self._told("put_back")
            raise PutBack(reason="the worker was cancelled") from error
        except Exception as error:
            self._refused(job, error)
            raise

    async def _attempt(self, job: models.Job) -> None:
        payload = msgspec.json.decode(job.payload or b"", type=Payload)
        tenant = await self._around.parts.find(Registry).by_id(payload.tenant)
        if tenant is None:
            log.warning("job.dropped", reason="its tenant is gone", tenant=payload.tenant)
            return self._told("dropped")
        if tenant.state is not State.READY:
            raise PutBack(NOT_READY_PAUSE, f"the tenant is {tenant.state.value}")
        around = self._around
        scope = Scope(tenant, SYSTEM, around.clock, around.parts, f"job-{job.id}")
        limit = around.running.begin(self._task.time_limit)
        try:
            async with limit:
                await self._task.run(scope, payload.arguments)
        except TimeoutError as error:
            if limit.expired() and around.running.ending:
                raise PutBack(reason="the worker stops") from error
            raise
        finally:
            around.running.over(limit)
        return self._told("done")

    def _refused(self, job: models.Job, error: Exception) -> None:
        attempt = job.attempts + 1
        if attempt >= self._task.attempts:
            log.error("job.failed", attempt=attempt, exc_info=error)
            self._metrics.job(self._task.name, "failed")
            return
        pause = pause_after(attempt, self._around.chance())
        if isinstance(error, Unavailable | RateLimited):
            pause = max(pause, error.retry_after)
        # A problem says all that there is to it; where a bug came from, only its trace tells.
        cause = (
            {"problem": type(error).__name__, "text": error.text} if isinstance(error, Problem) else {"exc_info": error}
        )
        log.warning("job.retried", attempt=attempt, pause=pause.total_seconds(), **cause)
        self._metrics.job(self._task.name, "retried")
        raise errors.RetryRequested(pause, type(error).__name__) from error

    def _told(self, outcome: str) -> None:
        log.info("job", outcome=outcome)
        self._metrics.job(self._task.name, outcome)


async def _unused(_job: models.Job) -> None:
    """Stands where the library wants a function."""
