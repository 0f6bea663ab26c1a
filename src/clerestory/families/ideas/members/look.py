"""Members looked at: one, a list, and those inside other objects, all of a page in one statement."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.listing import Page
from clerestory.families.ideas.members import store, wire
from clerestory.families.ideas.members.model import Member, Wanted
from clerestory.families.ideas.members.wire import Eye, MemberBody, MemberList, to_groups, to_member
from clerestory.kernel.errors import NotFound

FIRST = 20
"""How many records of a sub-object are shown."""


def eye_of(asked: Asked) -> Eye:
    """How this request sees members."""
    return wire.eye_of(asked.viewer, asked.url("/api3/file"))


async def embedded(asked: Asked, people: Iterable[int]) -> Mapping[int, MemberBody]:
    """{person: the member}, for objects that show their members. One statement for all of them."""
    wanted = sorted(set(people))
    if not wanted:
        return {}
    eye = eye_of(asked)
    return {member.id: to_member(member, eye) for member in await store.members(asked.scope.direct(), wanted)}


async def one(asked: Asked, uuid: UUID, sub: frozenset[str]) -> MemberBody:
    """One member that is seen. Raises NotFound."""
    found = await store.one_member(asked.scope.direct(), asked.viewer, uuid)
    if found is None:
        raise NotFound
    [body] = await _bodies(asked, [found], sub)
    return body


async def me(asked: Asked, sub: frozenset[str]) -> MemberBody:
    """Who asks. Raises NotFound where that is no member but the system itself."""
    person = asked.viewer.person
    found = [] if person is None else await store.members(asked.scope.direct(), [person])
    if not found:
        raise NotFound
    [body] = await _bodies(asked, found, sub)
    return body


async def listed(asked: Asked, wanted: Wanted, order: str, page: Page, sub: frozenset[str]) -> MemberList:
    """A page of the members that are wanted and seen."""
    runner = asked.scope.direct()
    found = await store.page(runner, asked.viewer, wanted, order, (page.size, page.offset))
    total = await store.count(runner, asked.viewer, wanted)
    return MemberList(await _bodies(asked, found, sub), page.stats(total))


async def _bodies(asked: Asked, members: list[Member], sub: frozenset[str]) -> list[MemberBody]:
    eye = eye_of(asked)
    bodies = [to_member(member, eye) for member in members]
    if not sub or not eye.administers or not members:
        return bodies
    groups = await store.groups(asked.scope.direct(), [member.id for member in members], FIRST)
    for member, body in zip(members, bodies, strict=True):
        theirs = [entry for entry in groups if entry.person == member.id]
        if "groups" in sub:
            body.groups = to_groups([entry.group for entry in theirs])
        if "group_count" in sub:
            body.group_count = theirs[0].count if theirs else 0
    return bodies
