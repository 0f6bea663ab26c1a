"""A report made: read portion by portion, written into storage as it is read, and then named by its row."""

import secrets
from collections.abc import AsyncIterator

from clerestory.families.ideas.reports import store
from clerestory.families.ideas.reports.model import KEPT, Order
from clerestory.families.ideas.reports.sheet import written
from clerestory.families.ideas.reports.tables import PORTION, TABLES, lines
from clerestory.kernel.errors import TooLarge
from clerestory.platform.storage import Files, Shelf
from clerestory.platform.tenancy import Scope

MOST_BYTES = 2 * 1024**3
TOO_LONG = "This report would be longer than 2 GB; ask for one campaign"


async def make(scope: Scope, number: int, most: int = MOST_BYTES) -> None:
    """Makes the report, if it is there and was not made. May run again, and twice at a time: one of them counts."""
    order = await store.order_of(scope.direct(), number)
    if order is None:
        return
    shelf, name = _shelf(scope), secrets.token_hex(16)
    try:
        await shelf.put(name, _table(scope, order), most=most)
    except TooLarge:
        async with scope.begin() as tx:
            await store.complete(tx, number, None, TOO_LONG, scope.now)
        return
    async with scope.begin() as tx:
        counts = await store.complete(tx, number, name, None, scope.now)
    if not counts:
        await shelf.delete(name)


async def expire(scope: Scope) -> None:
    """Removes the reports that were kept long enough."""
    async with scope.begin() as tx:
        gone = await store.delete_started_before(tx, scope.now - KEPT)
    for name in filter(None, gone):
        await _shelf(scope).delete(name)


def _shelf(scope: Scope) -> Shelf:
    return scope.part(Files).shelf(scope.tenant.id, "ideas")


async def _table(scope: Scope, order: Order) -> AsyncIterator[bytes]:
    table, after = TABLES[order.type], 0
    yield written([table.columns])
    while found := await lines(scope.direct(), table, order.campaign, after):
        yield written([line.cells for line in found])
        after = found[-1].number
        if len(found) < PORTION:
            return
