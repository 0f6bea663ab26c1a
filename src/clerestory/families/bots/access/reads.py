"""The reads that requests of one moment share: who calls with what right, and a bot."""

from functools import partial

from clerestory.families.bots.access import store
from clerestory.families.bots.access.model import Access, Who
from clerestory.platform.database import Database, GroupRead
from clerestory.platform.jobs import Background
from clerestory.platform.tenancy import Scope


class Reads:
    """Shared reads. A part of the process."""

    def __init__(self, database: Database, background: Background) -> None:
        self._access: GroupRead[Who, Access] = GroupRead(database, store.read)
        self._bots: GroupRead[Who, Access] = GroupRead(database, partial(store.read, with_bot=True))
        for read in (self._access, self._bots):
            background.own(read.run, read.close)

    async def access(self, scope: Scope, who: Who) -> Access:
        """Who calls, and whether the bot is theirs."""
        return _found(await self._access.submit(scope.tenant.schema, who))

    async def bot(self, scope: Scope, who: Who) -> Access:
        """The same, with the bot as the wire has it."""
        return _found(await self._bots.submit(scope.tenant.schema, who))


def _found(access: Access | None) -> Access:
    if access is None:
        raise LookupError("the statement answers a row for each that is asked")
    return access
