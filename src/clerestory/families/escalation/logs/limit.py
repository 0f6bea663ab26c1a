"""How often one address may open log pages: enough for people, too seldom for guessing. Counted in this process."""

import time
from collections.abc import Callable
from datetime import timedelta

WINDOW = timedelta(minutes=1)
PAGES_PER_WINDOW = 120
_MOST_ADDRESSES = 50_000


class PageLimit:
    """Counts pages by address in windows of a minute. One of the process's parts."""

    def __init__(self, per_window: int = PAGES_PER_WINDOW, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.per_window = per_window
        self._monotonic = monotonic
        self._window = 0
        self._counts: dict[str, int] = {}

    def seconds_to_wait(self, address: str) -> int:
        """0 when this page may be shown, else how long until the next may."""
        now = self._monotonic()
        window = int(now // WINDOW.total_seconds())
        if window != self._window or len(self._counts) >= _MOST_ADDRESSES:
            self._window, self._counts = window, {}
        count = self._counts[address] = self._counts.get(address, 0) + 1
        if count <= self.per_window:
            return 0
        return max(1, round((window + 1) * WINDOW.total_seconds() - now))
