"""Groups made and changed, by administrators alone. They are the organisation's own: every family has the same."""

from collections.abc import Sequence
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.groups import store
from clerestory.families.ideas.groups.model import Written
from clerestory.families.ideas.rights.model import Deed
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.platform.database import Duplicate, Tx


async def create(asked: Asked, name: str) -> UUID:
    """A new group; its UUID. Raises Invalid where the name is taken, and what the role deserves."""
    asked.viewer.require(Deed.USE_GROUP)
    try:
        async with asked.scope.begin() as tx:
            return await store.insert(tx, name, asked.scope.now)
    except Duplicate as duplicate:
        raise _taken(duplicate) from duplicate


async def change(asked: Asked, uuid: UUID, written: Written) -> None:
    """Writes a group. Raises NotFound for it or for a member, Invalid for a taken name; then nothing is done."""
    asked.viewer.require(Deed.USE_GROUP)
    now = asked.scope.now
    try:
        async with asked.scope.begin() as tx:
            group = await store.locked(tx, uuid)
            if group is None:
                raise NotFound
            if written.name is not None:
                await store.rename(tx, group, written.name, now)
            await store.leave(tx, group, await _people(tx, written.removes))
            await store.join(tx, group, await _people(tx, written.adds), now)
    except Duplicate as duplicate:
        raise _taken(duplicate) from duplicate


async def _people(tx: Tx, uuids: Sequence[UUID]) -> Sequence[int]:
    found = await store.people(tx, uuids) if uuids else []
    if len(found) != len(set(uuids)):
        raise NotFound
    return found


def _taken(duplicate: Duplicate) -> Duplicate | Invalid:
    if duplicate.constraint != store.NAME_TAKEN:
        return duplicate
    return Invalid(Fault("group_name", Kind.TAKEN, "A group with this name exists already."))
