"""How often one address may open log pages: enough for people, too seldom for guessing."""

from datetime import datetime, timedelta

from clerestory.kernel.addresses import network
from clerestory.platform.limits import Bound, Limits

WINDOW = timedelta(minutes=1)
PAGES_PER_WINDOW = 120


class PageLimit:
    """Counts pages by address. One of the process's parts."""

    def __init__(self, limits: Limits, per_window: int = PAGES_PER_WINDOW) -> None:
        self._limits = limits
        self.per_window = per_window

    async def count(self, address: str, now: datetime) -> None:
        """Counts one page. Raises RateLimited when it is one too many."""
        await self._limits.count(Bound("log-page", self.per_window, WINDOW), network(address), now)
