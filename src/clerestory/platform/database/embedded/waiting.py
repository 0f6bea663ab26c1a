"""Waits in short steps, and says so once a wait lasts over a second. It never decides when to give up."""

import time
from collections.abc import Callable
from datetime import timedelta

Say = Callable[[str], None]


class Waiting:
    """One stretch of waiting, told to `say` after a second and then every five."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._since = time.monotonic()
        self._next_word = self._since + 1
        self._step = 0.002

    def again(self) -> "Waiting":
        """A new stretch, from now, told to the same listener."""
        return Waiting(self._say)

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._since)

    def pause(self, what: str) -> None:
        """Sleep 2 ms, then ever longer up to 50 ms."""
        self.tell(what)
        time.sleep(self._step)
        self._step = min(self._step * 1.2, 0.05)

    def tell(self, what: str) -> None:
        now = time.monotonic()
        if now < self._next_word:
            return
        self._next_word = now + 5
        self._say(f"{what} ({now - self._since:.0f} s)")
