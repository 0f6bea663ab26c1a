"""Groups looked at, by administrators alone."""

from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.groups import store
from clerestory.families.ideas.groups.model import Group, Wanted
from clerestory.families.ideas.groups.wire import GroupBody, GroupList, to_group
from clerestory.families.ideas.members.look import FIRST, embedded
from clerestory.families.ideas.rights.model import Deed
from clerestory.kernel.errors import NotFound


async def one(asked: Asked, uuid: UUID, sub: frozenset[str]) -> GroupBody:
    """One group. Raises NotFound, and what the role deserves."""
    asked.viewer.require(Deed.USE_GROUP)
    found = await store.one_group(asked.scope.direct(), uuid)
    if found is None:
        raise NotFound
    [body] = await _bodies(asked, [found], sub)
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page, sub: frozenset[str]) -> GroupList:
    """A page of the groups that are wanted. Raises what the role deserves."""
    asked.viewer.require(Deed.USE_GROUP)
    runner = asked.scope.direct()
    found = await store.page(runner, wanted, order, (page.size, page.offset))
    total = await store.count(runner, wanted)
    return GroupList(await _bodies(asked, found, sub), page.stats(total))


async def _bodies(asked: Asked, groups: list[Group], sub: frozenset[str]) -> list[GroupBody]:
    bodies = [to_group(group) for group in groups]
    if "member_count" in sub:
        for group, body in zip(groups, bodies, strict=True):
            body.member_count = group.members
    if "members" in sub:
        belong = await store.members(asked.scope.direct(), [group.id for group in groups], FIRST)
        people = await embedded(asked, [one.person for one in belong])
        for group, body in zip(groups, bodies, strict=True):
            body.members = [people[one.person] for one in belong if one.person_group == group.id]
    return bodies
