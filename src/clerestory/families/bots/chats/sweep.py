"""What a crash left open: events are handled, messages said; what was being sent is never sent again."""

from datetime import timedelta

from clerestory.families.bots.chats import store
from clerestory.families.bots.chats.converse import converse
from clerestory.families.bots.chats.sweeps import SWEEP_TASK, Sweeps
from clerestory.platform import jobs
from clerestory.platform.tenancy import Scope

PORTION = 500


async def sweep(scope: Scope, left_open: timedelta | None = None, portion: int = PORTION) -> None:
    """Works at chats in which something has stood open for this long; what stays open, another sweep looks at."""
    after = scope.part(Sweeps).after
    before = scope.now - (after / 2 if left_open is None else left_open)
    for chat in await store.open_chats(scope.direct(), before, scope.now, portion):
        await converse(scope, chat)
    if await store.any_open(scope.direct()):
        async with scope.begin() as tx:
            await jobs.defer(tx, SWEEP_TASK, {}, tenant=scope.tenant.id, after=after)
