"""The verbs of the roster: a page of it, and a person added, changed, let out or in again.

Person and contact are written together or not at all. Somebody stays in charge, and who is let out is logged out.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clerestory.families.escalation.members.model import SEVERITIES
from clerestory.families.escalation.roster import store
from clerestory.families.escalation.roster.store import Entry, Person
from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.paging import Page, Window
from clerestory.kernel.values import MOST, Type, Value, read_all
from clerestory.platform.database import Duplicate, Tx
from clerestory.platform.identity import people
from clerestory.platform.identity import store as identity
from clerestory.platform.identity.passwords import Passwords
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import sessions

VALUES = (
    Value("email", Type.EMAIL, longest=254),
    Value("first_name", longest=150),
    Value("last_name", longest=150),
    Value("phone_number", Type.PHONE, nullable=True, longest=64),
    Value("role", longest=150),
    Value("administrator", Type.TRUTH),
    Value("password", nullable=True, longest=1024),
    Value("consents", Type.TEXTS, choices=tuple(Channel)),
    Value("preferences", Type.TEXTS, choices=tuple(SEVERITIES)),
)
"""What a form must say of a person. A null password leaves the stored one as it is."""


async def page(scope: Scope, text: str | None, window: Window) -> Page[Entry]:
    """A part of the roster."""
    scope.require(Right.READ)
    rows = await store.listed(scope.direct(), text, window)
    return Page(rows, rows[0].total if rows else 0)


async def add(scope: Scope, body: Mapping[str, object]) -> int:
    """A new person with a contact; the id. Raises Invalid."""
    scope.require(Right.ADMINISTER)
    given = read_all(VALUES, body)
    person = await _person(scope, given)
    try:
        async with scope.begin() as tx:
            which = await store.insert_person(tx, person, scope.now)
            await _put_contact(scope, tx, which, given)
    except Duplicate as duplicate:
        raise _taken(duplicate) from duplicate
    return which


async def change(scope: Scope, which: int, body: Mapping[str, object]) -> None:
    """Writes a person and the contact. Raises NotFound, Invalid, and Conflict when nobody would be in charge."""
    scope.require(Right.ADMINISTER)
    _known(which)
    given = read_all(VALUES, body)
    person = await _person(scope, given)
    try:
        async with scope.begin() as tx:
            if not await store.update_person(tx, which, person, scope.now):
                raise NotFound("There is no such person.")
            await _put_contact(scope, tx, which, given)
            await people.keep_an_administrator(tx)
            if person.password_hash is not None:
                await _log_out(scope, tx, which)
    except Duplicate as duplicate:
        raise _taken(duplicate) from duplicate


async def set_active(scope: Scope, which: int, *, active: bool) -> None:
    """Lets a person out, who then may not log in and is told of nothing, or in again. Raises as `change`."""
    scope.require(Right.ADMINISTER)
    _known(which)
    async with scope.begin() as tx:
        if not await store.set_active(tx, which, active=active, now=scope.now):
            raise NotFound("There is no such person.")
        await people.keep_an_administrator(tx)
        if not active:
            await _log_out(scope, tx, which)


async def _person(scope: Scope, given: Mapping[str, Any]) -> Person:
    password = given["password"]
    hashed = None if password is None else await people.hashed(scope.part(Passwords), password)
    return Person(
        given["email"],
        given["first_name"],
        given["last_name"],
        given["phone_number"],
        given["role"],
        given["administrator"],
        hashed,
    )


async def _put_contact(scope: Scope, tx: Tx, which: int, given: Mapping[str, Any]) -> None:
    consents = {channel: channel in given["consents"] for channel in Channel}
    preferences = [severity for severity in SEVERITIES if severity in given["preferences"]]
    await store.put_contact(tx, which, consents, preferences, scope.now)


async def _log_out(scope: Scope, tx: Tx, which: int) -> None:
    uuid: UUID | None = await identity.person_uuid(tx, which)
    if uuid is not None:
        await sessions.log_out_everywhere(tx, scope.tenant.id, uuid)


def _known(which: int) -> None:
    if not 0 < which <= MOST:
        raise NotFound("There is no such person.")


def _taken(duplicate: Duplicate) -> Duplicate | Invalid:
    if duplicate.constraint != people.EMAIL_TAKEN:
        return duplicate
    return Invalid(Fault("email", Kind.TAKEN, "A person with this e-mail exists already."))
