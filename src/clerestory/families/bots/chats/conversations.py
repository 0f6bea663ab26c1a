"""The chats that this process works at, a bounded number at once; each tenant has its own turns.

What is not begun here, because too much is, the sweep begins later.
"""

import asyncio
from collections import Counter
from dataclasses import replace

from clerestory.families.bots.chats.converse import converse
from clerestory.platform.jobs import Background
from clerestory.platform.tenancy import SYSTEM, Scope

_AT_ONCE = 8
MOST_WAITING = 5000

Place = tuple[int, int]


class Conversations:
    """Works at chats behind the requests that brought something into them. A part of the process."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._again: dict[Place, bool] = {}
        self._turns: dict[int, asyncio.Semaphore] = {}
        self._open: Counter[int] = Counter()

    def begin(self, scope: Scope, chat: int) -> None:
        """Has the chat worked at soon, and once more if it is being worked at now."""
        place = scope.tenant.id, chat
        if place in self._again:
            self._again[place] = True
        elif len(self._again) < MOST_WAITING:
            self._again[place] = False
            self._background.spawn(self._run(replace(scope, actor=SYSTEM), place))

    async def _run(self, scope: Scope, place: Place) -> None:
        turn = self._turns.setdefault(scope.tenant.id, asyncio.Semaphore(_AT_ONCE))
        self._open[scope.tenant.id] += 1
        try:
            async with turn:
                await self._until_quiet(scope, place)
        finally:
            self._again.pop(place, None)
            self._open[scope.tenant.id] -= 1
            if not self._open[scope.tenant.id]:
                del self._open[scope.tenant.id], self._turns[scope.tenant.id]

    async def _until_quiet(self, scope: Scope, place: Place) -> None:
        while True:
            self._again[place] = False
            await converse(scope, place[1])
            if not self._again[place]:
                return
