"""Signals as something to wait for: the main thread sleeps until one comes or time is up, and counts what was asked.

While it is deep in a step that cannot look (starting PostgreSQL), a signal breaks that step off instead.
"""

import os
import select
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """How often this process was asked to end, and a sleep that a signal, `wake` or a descriptor ends early."""

    def __init__(self, *, heeded: Sequence[signal.Signals] = ENDING) -> None:
        self.asked = 0
        self._breaking = False
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        os.set_blocking(self._read, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup has said so
                signal.signal(number, self._ask if number in heeded else signal.SIG_IGN)
        # Children that end must wake us too; what became of them is asked elsewhere.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    @contextmanager
    def breaking(self) -> Iterator[None]:
        """Inside, being asked to end raises KeyboardInterrupt at once."""
        self._breaking = True
        try:
            if self.asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._breaking = False

    def sleep(self, longest: timedelta, *descriptors: int) -> set[int]:
        """Waits; which of the descriptors can be read."""
        ready, _, _ = select.select([self._read, *descriptors], [], [], longest.total_seconds())
        if self._read in ready:
            os.read(self._read, 4096)
        return set(ready) - {self._read}

    def wake(self) -> None:
        """Ends the sleep; callable from any thread."""
        os.write(self._write, b"\0")

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        if self._breaking:
            raise KeyboardInterrupt
