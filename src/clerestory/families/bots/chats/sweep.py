"""What a crash left open: events are handled, messages said; what was being sent is never sent again."""

from datetime import timedelta

from clerestory.families.bots.chats import store
from clerestory.families.bots.chats.converse import converse
from clerestory.families.bots.chats.sweeps import Sweeps
from clerestory.platform import jobs
from clerestory.platform.tenancy import Scope

PORTION = 500


async def sweep(scope: Scope, left_open: timedelta | None = None, portion: int = PORTION) -> None:
    """Works at chats in which something has stood open for this long; what stays open, another sweep looks at.

    A chat that cannot be worked at holds up no other; what it died of is raised at the end.
    """
    sweeps = scope.part(Sweeps)
    before = scope.now - (sweeps.after / 2 if left_open is None else left_open)
    chats = await store.open_chats(scope.direct(), before, scope.now, portion)
    faults = await jobs.each(chats, lambda chat: converse(scope, chat))
    if await store.any_open(scope.direct(), before):
        async with scope.begin() as tx:
            again = await sweeps.defer(tx, scope.tenant.id)
        if again:
            sweeps.deferred(scope.tenant.id)
    if faults:
        raise faults[0]
