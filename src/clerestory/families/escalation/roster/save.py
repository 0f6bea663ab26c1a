"""The verbs of the roster: a page of it, and a person added, changed, let out or in again.

Person and contact are written together or not at all. What holds of a person wherever one is written, identity says.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clerestory.families.escalation.members.model import SEVERITIES
from clerestory.families.escalation.roster import store
from clerestory.families.escalation.roster.store import Entry
from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import NotFound
from clerestory.kernel.paging import Page, Window
from clerestory.kernel.values import MOST, Type, Value, read_all
from clerestory.platform import resources
from clerestory.platform.database import Duplicate, Tx
from clerestory.platform.identity import people, person
from clerestory.platform.identity.person import PEOPLE
from clerestory.platform.resources import Change
from clerestory.platform.tenancy import Right, Scope

_PERSON: tuple[Value, ...] = (
    person.EMAIL,
    person.FIRST_NAME,
    person.LAST_NAME,
    person.PHONE,
    person.ROLE,
    person.ADMINISTRATOR,
    # A null password leaves the stored one as it is.
    replace(person.PASSWORD, nullable=True),
)
_CONTACT = (
    Value("consents", Type.TEXTS, choices=tuple(Channel)),
    Value("preferences", Type.TEXTS, choices=tuple(SEVERITIES)),
)


async def page(scope: Scope, text: str | None, window: Window) -> Page[Entry]:
    """A part of the roster."""
    scope.require(Right.READ)
    rows = await store.listed(scope.direct(), text, window)
    return Page(rows, rows[0].total if rows else 0)


async def add(scope: Scope, body: Mapping[str, object]) -> int:
    """A new person with a contact; the id. Raises Invalid."""
    return await _save(scope, None, body)


async def change(scope: Scope, which: int, body: Mapping[str, object]) -> None:
    """Writes a person and the contact. Raises NotFound, Invalid, and Conflict when nobody would be in charge."""
    _known(which)
    await _save(scope, which, body)


async def set_active(scope: Scope, which: int, *, active: bool) -> None:
    """Lets a person out, who then may not log in and is told of nothing, or in again. Raises as `change`."""
    _known(which)
    draft = await resources.draft(scope, PEOPLE, Change(which, {"active": active}))
    async with scope.begin() as tx:
        await resources.put(scope, tx, draft)


async def _save(scope: Scope, which: int | None, body: Mapping[str, object]) -> int:
    scope.require(PEOPLE.write)
    given = read_all((*_PERSON, *_CONTACT), body)
    values = {one.name: given[one.name] for one in _PERSON}
    if values["password"] is None:
        del values["password"]
    draft = await resources.draft(scope, PEOPLE, Change(which, values))
    try:
        async with scope.begin() as tx:
            written = await resources.put(scope, tx, draft)
            await _put_contact(scope, tx, written, given)
    except Duplicate as duplicate:
        raise people.taken(duplicate) from duplicate
    return written


async def _put_contact(scope: Scope, tx: Tx, which: int, given: Mapping[str, Any]) -> None:
    consents = {channel: channel in given["consents"] for channel in Channel}
    preferences = [severity for severity in SEVERITIES if severity in given["preferences"]]
    await store.put_contact(tx, which, consents, preferences, scope.now)


def _known(which: int) -> None:
    if not 0 < which <= MOST:
        raise NotFound("There is no such person.")
