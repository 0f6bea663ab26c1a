"""The inbox as people use it: what was kept instead of sent, listed, shown, and put away."""

from clerestory.kernel.errors import NotFound
from clerestory.kernel.paging import Page, Window
from clerestory.platform.delivery import kept_store
from clerestory.platform.delivery.kept_store import Kept
from clerestory.platform.delivery.message import MessageId
from clerestory.platform.tenancy import Right, Scope

__all__ = ["Kept", "discard", "mark_all_seen", "mark_seen", "page", "show", "unseen"]


async def page(scope: Scope, window: Window) -> Page[Kept]:
    """A part of the inbox, the latest first, without the texts."""
    rows = await kept_store.kept_messages(scope.direct(), window.limit, window.offset)
    return Page(rows, await kept_store.count_kept(scope.direct(), unseen=False))


async def unseen(scope: Scope) -> int:
    """How many messages nobody has looked at."""
    return await kept_store.count_kept(scope.direct(), unseen=True)


async def show(scope: Scope, message: MessageId) -> Kept:
    """One message, whole; from now on it counts as seen. Raises NotFound.

    Its `html` is what was to be sent: show it in a sandboxed frame, for a family's templates may be a tenant's own.
    """
    found = await kept_store.kept_message(scope.direct(), message)
    if found is None:
        raise NotFound
    if found.seen is None and scope.actor.may(Right.WRITE) and not scope.tenant.public:
        async with scope.begin() as tx:
            await kept_store.see(tx, message, scope.now)
    return found


async def mark_seen(scope: Scope, message: MessageId) -> None:
    """Counts a message as seen. Raises NotFound."""
    scope.require(Right.WRITE)
    async with scope.begin() as tx:
        if not await kept_store.see(tx, message, scope.now):
            raise NotFound


async def mark_all_seen(scope: Scope) -> None:
    """Counts every message as seen."""
    scope.require(Right.WRITE)
    async with scope.begin() as tx:
        await kept_store.see_all(tx, scope.now)


async def discard(scope: Scope, message: MessageId) -> None:
    """Takes a message out of the inbox. Raises NotFound."""
    scope.require(Right.WRITE)
    async with scope.begin() as tx:
        if not await kept_store.discard(tx, message, scope.now):
            raise NotFound
