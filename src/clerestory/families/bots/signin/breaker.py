"""A circuit breaker: while the other side is down, callers are told so at once, and one at a time looks again.

Ours, because those on the index let every caller through at once when the pause is over.
"""

import time
from collections.abc import Callable
from datetime import timedelta

FAILURES = 5
PAUSE = timedelta(seconds=10)


class Breaker:
    """Counts failures in a row. `allows` says whether to ask now; who asks says then what came of it."""

    def __init__(
        self, failures: int = FAILURES, pause: timedelta = PAUSE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bound = failures
        self._pause = pause.total_seconds()
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    def allows(self) -> bool:
        """Whether the other side may be asked. While it is down, True for one caller in each pause."""
        if self._failures < self._bound:
            return True
        now = self._clock()
        if now < self._closed_until:
            return False
        self._closed_until = now + self._pause
        return True

    def answered(self) -> None:
        """The other side is there, whatever it said."""
        self._failures = 0

    def failed(self) -> None:
        """It did not answer."""
        self._failures += 1
        if self._failures >= self._bound:
            self._closed_until = self._clock() + self._pause
