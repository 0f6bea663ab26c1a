"""The reads of users that requests of one moment share."""

from collections.abc import Mapping, Sequence

from clerestory.families.bots.users.store import UserKey, shown_users
from clerestory.platform.database import Database, Direct, GroupRead
from clerestory.platform.jobs import Background
from clerestory.platform.tenancy import Scope


class UserReads:
    """Shared reads of users. A part of the process."""

    def __init__(self, database: Database, background: Background) -> None:
        self._users: GroupRead[UserKey, str] = GroupRead(database, _users)
        background.own(self._users.run, self._users.close)

    async def user(self, scope: Scope, key: UserKey) -> str | None:
        """A user as the wire has it, None when the bot has none of this id."""
        return await self._users.submit(scope.tenant.schema, key)


async def _users(runner: Direct, keys: Sequence[UserKey]) -> Mapping[UserKey, str]:
    return await shown_users(runner, keys)
