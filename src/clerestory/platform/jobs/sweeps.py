"""Has somebody come back for work that was written down, should this process die before it has done it.

One sweep covers what is written down in the seconds after its deferral too (decision 0015).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from clerestory.platform.database import Tx
from clerestory.platform.jobs.task import defer
from clerestory.platform.tenancy.registry import Memory

T = TypeVar("T")

_AT_ONCE = 16


async def each(things: Sequence[T], work: Callable[[T], Awaitable[None]]) -> list[BaseException]:
    """Does the work on each, some at a time, so that one that cannot be done holds up no other; what was raised."""
    faults: list[BaseException] = []
    for first in range(0, len(things), _AT_ONCE):
        portion = things[first : first + _AT_ONCE]
        done = await asyncio.gather(*(work(one) for one in portion), return_exceptions=True)
        faults += [one for one in done if one is not None]
    return faults


class Sweeps:
    """Defers one task for this process's tenants. A family has a class of its own of it among the process's parts."""

    def __init__(self, task: str, after: timedelta, covered: timedelta) -> None:
        self._task = task
        self._after = after
        self._deferred: Memory[bool] = Memory(covered)

    async def defer(self, tx: Tx, tenant: int) -> bool:
        """Has the tenant swept, unless that is under way. When True, say `deferred` once the transaction is over."""
        if self._deferred.get(tenant):
            return False
        await defer(tx, self._task, {}, tenant=tenant, after=self._after)
        return True

    def deferred(self, tenant: int) -> None:
        """A sweep of this tenant stands in the queue for good."""
        self._deferred.put(tenant, True, self._deferred.moment)
