"""Requests taken in by several processes on one socket. A process that dies is replaced, each time a little later.

The processes are spoken to through a pipe each: what to do first, then `end`; when the pipe ends, so do they.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog
from prometheus_client import multiprocess

from clerestory.commands.failure import Failed
from clerestory.commands.serving import Work

READY = b"ready\n"
_PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
_LIVED = 60.0  # seconds after which a process counts as sound, and the next one starts at once again

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Place:
    """One of the processes, or the time at which it will be started anew."""

    process: "subprocess.Popen[bytes] | None" = None
    ready: bool = False
    begun: float = 0.0
    due: float = 0.0
    deaths: int = field(default=0)


class Workers:
    """`work.server.workers` processes. `metrics` is a folder in which they count together."""

    def __init__(self, work: Work, taken: socket.socket, metrics: Path) -> None:
        self._message = msgspec.json.encode(work) + b"\n"
        self._socket = taken
        self._metrics = metrics
        self._places = [_Place() for _ in range(work.server.workers)]
        self._asked = 0
        self._were_ready = False

    def start(self) -> None:
        """Begins; returns at once."""
        self.tend()

    @property
    def ready(self) -> bool:
        """Whether all of them take requests."""
        return all(place.ready for place in self._places)

    @property
    def descriptors(self) -> list[int]:
        """What can be read when one of them has become ready."""
        waiting = [place.process for place in self._places if place.process and not place.ready]
        return [process.stdout.fileno() for process in waiting if process.stdout]

    def tend(self) -> bool:
        """Looks after all of them; whether any is left. Raises Failed when they cannot start at all."""
        for place in self._places:
            self._reap(place)
            if place.process is None and not self._asked and time.monotonic() >= place.due:
                self._spawn(place)
            elif place.process is not None and not place.ready:
                self._hear(place, place.process)
        self._were_ready = self._were_ready or self.ready
        return not self._asked or any(place.process for place in self._places)

    def end(self, asked: int) -> None:
        """Asked once: requests under way are finished. Asked again: no more waiting."""
        for _ in range(asked - self._asked):
            for place in self._places:
                if place.process and place.process.stdin:
                    with contextlib.suppress(BrokenPipeError):
                        place.process.stdin.write(b"end\n")
                        place.process.stdin.flush()
        self._asked = asked

    def _spawn(self, place: _Place) -> None:
        descriptor = self._socket.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "clerestory", "serve-worker", str(descriptor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[descriptor],
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(self._metrics)},
        )
        place.process, place.ready, place.begun = process, False, time.monotonic()
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
        if process.stdin:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(self._message)
                process.stdin.flush()

    def _hear(self, place: _Place, process: "subprocess.Popen[bytes]") -> None:
        if process.stdout and process.stdout.read() == READY:
            place.ready = True

    def _reap(self, place: _Place) -> None:
        process = place.process
        if process is None or process.poll() is None:
            return
        place.process = None
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        multiprocess.mark_process_dead(process.pid, str(self._metrics))  # type: ignore[no-untyped-call] # it has no types
        if self._asked:
            return
        if not self._were_ready:
            raise Failed("A process of the server could not start; the lines above say why.")
        self._note_death(place, process)

    def _note_death(self, place: _Place, process: "subprocess.Popen[bytes]") -> None:
        now = time.monotonic()
        place.deaths = 1 if now - place.begun > _LIVED else place.deaths + 1
        pause = _PAUSES[min(place.deaths, len(_PAUSES)) - 1]
        place.due = now + pause
        log.error("worker.ended", process=process.pid, ended_by=_cause(process.returncode), again_in_seconds=pause)


def _cause(status: int) -> str:
    if status < 0:
        return signal.Signals(-status).name
    return f"exit code {status}"
