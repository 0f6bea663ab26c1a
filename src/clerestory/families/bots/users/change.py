"""PUT /v1/users and /v1/users/{id}: the same change for one user or many, in one statement, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from clerestory.families.bots.access.check import Team, require_writable, team
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.model import UnknownBot, refused
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.signin.model import Identity
from clerestory.families.bots.users import store
from clerestory.families.bots.users.store import UsersChange
from clerestory.kernel.values import storable
from clerestory.platform.tenancy import Scope

MOST_IDS = 10_000
LONGEST_ID = 255
_LONGEST_STATUS = 255
_NEVER_WRITTEN = ("id", "botId")


@dataclass(frozen=True, slots=True)
class Many:
    """A change of many users, as it is asked for."""

    ids: Sequence[str]
    update: dict[str, object]


async def change_one(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The whole user after the change. Raises UnknownBot, NotAdmin, Invalid for a change of nothing."""
    require_writable(scope)
    changed = await team(scope, identity, asked, UnknownBot())
    [shown] = await _changed(scope, changed, Many([asked.path["userId"]], asked.attributes()))
    return scope.part(Seals).shown(shown)


async def change_many(scope: Scope, identity: Identity, asked: Asked) -> bytes:
    """The whole users after the change, in the order of the ids. Raises as `change_one`."""
    require_writable(scope)
    changed = await team(scope, identity, asked, UnknownBot())
    many = _many(asked.attributes())
    shown = await _changed(scope, changed, many) if many.ids else []
    return scope.part(Seals).shown(f"[{','.join(shown)}]")


async def _changed(scope: Scope, team: Team, many: Many) -> list[str]:
    update = {name: value for name, value in many.update.items() if name not in _NEVER_WRITTEN}
    _check(many.ids, update)
    change = UsersChange(
        team.bot,
        team.bot_uuid,
        many.ids,
        scope.part(Seals).stored(update),
        sets_status="botStatus" in update,
        customer=team.caller.id,
    )
    by_key = {user.key: user.shown for user in await store.change_users(scope.direct(), change, scope.now)}
    return [by_key[key] for key in many.ids]


def _many(body: dict[str, object]) -> Many:
    ids, update = body.get("ids"), body.get("update")
    if not isinstance(ids, list) or not isinstance(update, dict):
        raise refused("A list `ids` and an object `update` are needed.")
    if len(ids) > MOST_IDS:
        raise refused(f"At most {MOST_IDS} users can be changed at once.", "ids")
    return Many(ids, update)


def _check(ids: Sequence[object], update: dict[str, object]) -> None:
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_ID and storable(one) for one in ids):
        raise refused(f"An id is a text of 1 to {LONGEST_ID} characters.", "ids")
    if not update:
        raise refused("There is nothing to change.")
    status = update.get("botStatus", "")
    if not isinstance(status, str) or len(status) > _LONGEST_STATUS:
        raise refused(f"botStatus is a text of at most {_LONGEST_STATUS} characters.", "botStatus")
