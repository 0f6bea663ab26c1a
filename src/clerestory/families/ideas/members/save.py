"""Members made and changed. The e-mail, the names and the password are the person's, whom every family has alike; what
only a member has stands beside. Administrators write everything, members of themselves what is not told of by others.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import MISSING, Parameters
from clerestory.families.ideas.members import store
from clerestory.families.ideas.rights.model import Case, Deed, Role
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.values import Type, Value, read
from clerestory.platform import resources
from clerestory.platform.database import Duplicate
from clerestory.platform.identity import people
from clerestory.platform.identity.person import EMAIL, FIRST_NAME, LAST_NAME, PASSWORD, PEOPLE, ROLE
from clerestory.platform.resources import Change
from clerestory.platform.tenancy import Right

# By the wire's name: where it stands in a person, and how it is read.
_PERSON: Mapping[str, Value] = {
    "email": EMAIL,
    "first_name": FIRST_NAME,
    "last_name": LAST_NAME,
    "job_title": ROLE,
    "password": PASSWORD,
    "active": Value("active", Type.TRUTH),
}
_MEMBER: tuple[Value, ...] = (
    Value("screen_name"),
    Value("address", longest=1000),
    Value("phone", longest=64),
    Value("mobile_phone", longest=64),
    Value("external_user_id"),
    Value("skills", longest=4000),
    Value("work_history", longest=4000),
    Value("department"),
)
# An app that a member lets in must not be able to lock them out, nor to say who they are elsewhere.
_ADMINISTERED = frozenset({"password", "active", "external_user_id"})

# Whose record it is, and that it is not public's, was looked at by then; a member's browser may write nothing else.
_OWN = replace(PEOPLE, write=Right.READ)


async def create(asked: Asked) -> UUID:
    """A new member; the UUID. Raises Invalid, and what the role deserves."""
    asked.viewer.require(Deed.CREATE_MEMBER)
    asked.parameters.required("email")
    person, member = _person(asked.parameters, frozenset()), _member(asked.parameters, frozenset())
    draft = await resources.draft(asked.scope, PEOPLE, Change(None, person))
    try:
        async with asked.scope.begin() as tx:
            made = await resources.put(asked.scope, tx, draft)
            if member:
                await store.put_member(tx, made, member, None, asked.scope.now)
            return await store.uuid_of(tx, made)
    except Duplicate as duplicate:
        raise people.taken(duplicate) from duplicate


async def change(asked: Asked, uuid: UUID) -> None:
    """Writes what the request names of a member. Raises NotFound, Invalid, and what the role deserves."""
    which = await store.one_member(asked.scope.direct(), asked.viewer, uuid)
    if which is None:
        raise NotFound
    asked.viewer.require(Deed.UPDATE_MEMBER, Case(own=which.id == asked.viewer.person))
    passed_over = frozenset() if asked.viewer.role is Role.ADMIN else _ADMINISTERED
    person, member = _person(asked.parameters, passed_over), _member(asked.parameters, passed_over)
    if not person and not member:
        return
    draft = await resources.draft(asked.scope, _OWN, Change(which.id, person))
    try:
        async with asked.scope.begin() as tx:
            await resources.put(asked.scope, tx, draft)
            await store.put_member(tx, which.id, member, asked.scope.now, asked.scope.now)
    except Duplicate as duplicate:
        raise people.taken(duplicate) from duplicate


def _person(parameters: Parameters, passed_over: frozenset[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in _PERSON.items():
        text = parameters.text(name)
        if text is None or name in passed_over:
            continue
        if name == "email" and not text.strip():
            raise Invalid(Fault("email", Kind.MISSING, MISSING))
        if value.type is not Type.TRUTH:
            found[value.name] = read(value, text)
        elif (truth := parameters.truth(name)) is not None:
            found[value.name] = truth
    return found


def _member(parameters: Parameters, passed_over: frozenset[str]) -> dict[str, str]:
    texts = {value: parameters.text(value.name) for value in _MEMBER if value.name not in passed_over}
    return {value.name: str(read(value, text)) for value, text in texts.items() if text is not None}
