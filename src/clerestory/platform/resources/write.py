"""Writing records: made, changed, removed. Every refusal that a client can cause names the field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.values import MOST, Type
from clerestory.platform.database import Duplicate, Tx
from clerestory.platform.resources import statements
from clerestory.platform.resources.bodies import read_body
from clerestory.platform.resources.declare import Action, Change, Field, Resource, Row
from clerestory.platform.resources.read import one
from clerestory.platform.tenancy import Scope

Body = Mapping[str, object]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Draft:
    """A write that its resource's rules have seen, and that no transaction has: `values` as read, `stored` as kept."""

    resource: Resource
    id: int | None
    values: Values
    stored: Values


async def create(scope: Scope, resource: Resource, body: Body) -> Row:
    """Makes a record; the whole of it. Raises ReadOnly, Forbidden, Invalid."""
    scope.require(resource.write)
    values = read_body(resource.writable, body)
    return await _carried_out(scope, await draft(scope, resource, Change(None, values)))


async def update(scope: Scope, resource: Resource, record: int, body: Body, *, whole: bool) -> Row:
    """Changes what the body names; with `whole`, required fields must be there. Raises as `create`, and NotFound."""
    scope.require(resource.write)
    await one(scope.direct(), resource, record)
    values = read_body(resource.writable, body, whole=whole)
    return await _carried_out(scope, await draft(scope, resource, Change(record, values)))


async def draft(scope: Scope, resource: Resource, change: Change) -> Draft:
    """The first half of a write, for verbs that write more in the same transaction. The values were read already."""
    scope.require(resource.write)
    return Draft(resource, change.id, change.values or {}, await resource.rules.prepare(scope, change))


async def put(scope: Scope, tx: Tx, draft: Draft) -> int:
    """The second half: the record's id. Raises NotFound, Duplicate, and whatever the resource's rules refuse."""
    resource = draft.resource
    await _check_references(tx, resource, draft.values)
    record = await _written(tx, draft, scope.now)
    await _join(tx, resource, record, draft.values)
    await resource.rules.settle(scope, tx, Change(record, draft.values))
    return record


async def remove(scope: Scope, resource: Resource, record: int) -> None:
    """Takes a record away. Raises ReadOnly, Forbidden, NotFound, Linked."""
    scope.require(resource.write)
    if not 0 < record <= MOST:
        raise NotFound
    async with scope.begin() as tx:
        if not await tx.execute(statements.deleted(resource), which=record):
            raise NotFound
        await resource.rules.settle(scope, tx, Change(record, None))


async def act(scope: Scope, resource: Resource, action: Action, record: int, body: Body) -> Row:
    """Does the action with a record; the record as it is then. Raises as `update`, and whatever the action refuses."""
    scope.require(resource.write)
    await one(scope.direct(), resource, record)
    await action.run(scope, record, read_body(action.takes, body))
    return await one(scope.direct(), resource, record)


async def _carried_out(scope: Scope, draft: Draft) -> Row:
    try:
        async with scope.begin() as tx:
            return await one(tx, draft.resource, await put(scope, tx, draft))
    except Duplicate as duplicate:
        raise _taken(draft.resource, duplicate) from duplicate


async def _written(tx: Tx, draft: Draft, now: datetime) -> int:
    stored = {**_stored(draft.resource, draft.stored), "modified": now}
    if draft.id is None:
        stored["created"] = now
        return int(await tx.value(statements.inserted(draft.resource, tuple(sorted(stored))), **stored))
    if not await tx.execute(statements.updated(draft.resource, tuple(sorted(stored))), which=draft.id, **stored):
        raise NotFound
    return draft.id


def _stored(resource: Resource, values: Values) -> dict[str, object]:
    """The values by column, as the driver takes them."""
    by_name = {field.name: field for field in resource.own}
    return {
        by_name[name].stored: _as_json(value) if by_name[name].type is Type.OBJECT else value
        for name, value in values.items()
        if by_name[name].through is None
    }


def _as_json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def _check_references(tx: Tx, resource: Resource, values: Values) -> None:
    for field in resource.writable:
        table = field.through.of if field.through else field.refers
        named = values.get(field.name)
        if not table or named is None:
            continue
        ids = named if isinstance(named, list) else [named]
        if len(await tx.values(statements.locked(table), ids=ids)) != len(ids):
            raise Invalid(Fault(field.name, Kind.INVALID, "There is no such record."))


async def _join(tx: Tx, resource: Resource, record: int, values: Values) -> None:
    for field in resource.writable:
        if field.through is not None and field.name in values:
            await tx.execute(statements.cut(field.through), which=record, ids=values[field.name])
            await tx.execute(statements.joined(field.through), which=record, ids=values[field.name])


def _taken(resource: Resource, duplicate: Duplicate) -> Duplicate | Invalid:
    field: Field | None = resource.field_of(duplicate.constraint)
    if field is None:
        return duplicate
    return Invalid(Fault(field.name, Kind.TAKEN, "A record with this value exists already."))
