"""The worker: takes jobs from the queue and runs them, as one of any number of processes.

Jobs of a worker that died are taken over; a restart of the database is waited out. It knows tasks by name alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.types import Channel

from clerestory.kernel.clock import Clock
from clerestory.platform.database import Database
from clerestory.platform.jobs import queue
from clerestory.platform.jobs.execution import Execution, Running, Surroundings
from clerestory.platform.jobs.line import Line
from clerestory.platform.jobs.task import Task
from clerestory.platform.jobs.turns import Places, Turns
from clerestory.platform.tenancy import Parts

_PAUSE = timedelta(seconds=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How much one worker takes on, and how patient it is.

    A killed worker's jobs run again after at most `presumed_dead` + `look_every`. No step may block the event loop for
    as long as `presumed_dead`: its heartbeats would come too late and the job would run twice.
    """

    places: Places = field(default_factory=Places)
    look_every: timedelta = timedelta(seconds=5)
    presumed_dead: timedelta = timedelta(seconds=20)
    drain: timedelta = timedelta(seconds=20)


class Worker:
    """Runs jobs until it is closed. A part of the process: `background.own(worker.run, worker.close)`."""

    turns: type[Turns] = Turns

    def __init__(
        self, parts: Parts, clock: Clock, tasks: Sequence[Task], settings: WorkerSettings | None = None
    ) -> None:
        self._settings = settings or WorkerSettings()
        self._running = Running()
        self._database = parts.find(Database)
        around = Surroundings(parts, clock, self._running)
        self._executions = {task.name: Execution(task, around) for task in tasks}
        if len(self._executions) != len(tasks):
            raise ValueError("two tasks have the same name")
        self._stop = asyncio.Event()
        self._at_work: tuple[QueueManager, Line] | None = None

    async def run(self) -> None:
        """Works until `close`; then finishes what it has begun, or puts it back when that takes too long."""
        while not self._stop.is_set():
            line = Line(self._database)
            try:
                await self._work(line)
            finally:
                self._at_work = None
                await line.close()

    def close(self) -> None:
        """Takes no new job. Running ones have `drain` to finish; others will run what is put back."""
        self._stop.set()
        self._running.end_within(self._settings.drain)
        if self._at_work is not None:
            manager, line = self._at_work
            line.hurry()
            manager.shutdown.set()

    async def _work(self, line: Line) -> None:
        settings = self._settings
        manager = self._new_manager(line)
        self._at_work = manager, line
        try:
            await manager.run(
                dequeue_timeout=settings.look_every,
                batch_size=settings.places.batch,
                max_concurrent_tasks=settings.places.all,
                heartbeat_timeout=settings.presumed_dead,
            )
        except Exception:
            if self._stop.is_set():
                log.warning("jobs.stopped_early", exc_info=True)
                return
            # Nobody else would restart it, and requests must go on meanwhile.
            log.exception("jobs.broken")
            await asyncio.sleep(_PAUSE.total_seconds())

    def _new_manager(self, line: Line) -> QueueManager:
        manager = QueueManager(self.turns(line, self._settings.places), Channel(queue.SETTINGS.channel))
        # While a tenant's share is used up, its next job is looked for this often.
        manager.min_dequeue_poll_interval = timedelta(milliseconds=50)
        for name, execution in self._executions.items():
            manager.register_executor(name, execution)
        return manager
