"""Writing records: made, changed, removed. Every refusal that a client can cause names the field."""

from collections.abc import Mapping

import msgspec

from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound
from clerestory.kernel.values import MOST, Type
from clerestory.platform.database import Duplicate, Tx
from clerestory.platform.resources import statements
from clerestory.platform.resources.bodies import read_body
from clerestory.platform.resources.declare import Change, Field, Resource, Row
from clerestory.platform.resources.read import one
from clerestory.platform.tenancy import Scope

Body = Mapping[str, object]
Values = Mapping[str, object]


async def create(scope: Scope, resource: Resource, body: Body) -> Row:
    """Makes a record; the whole of it. Raises ReadOnly, Forbidden, Invalid."""
    scope.require(resource.write)
    values = read_body(resource.writable, body)
    prepared = await resource.rules.prepare(scope, Change(None, values))
    try:
        async with scope.begin() as tx:
            await _check_references(tx, resource, values)
            stamped = {**_stored(resource, prepared), **dict.fromkeys(("created", "modified"), scope.now)}
            record: int = await tx.value(statements.inserted(resource, tuple(sorted(stamped))), **stamped)
            await _join(tx, resource, record, values)
            await resource.rules.settle(scope, tx, Change(record, values))
            return await one(tx, resource, record)
    except Duplicate as duplicate:
        raise _taken(resource, duplicate) from duplicate


async def update(scope: Scope, resource: Resource, record: int, body: Body, *, whole: bool) -> Row:
    """Changes what the body names; with `whole`, required fields must be there. Raises as `create`, and NotFound."""
    scope.require(resource.write)
    await one(scope.direct(), resource, record)
    values = read_body(resource.writable, body, whole=whole)
    prepared = await resource.rules.prepare(scope, Change(record, values))
    try:
        async with scope.begin() as tx:
            await _check_references(tx, resource, values)
            stamped = {**_stored(resource, prepared), "modified": scope.now}
            if not await tx.execute(statements.updated(resource, tuple(sorted(stamped))), which=record, **stamped):
                raise NotFound
            await _join(tx, resource, record, values)
            await resource.rules.settle(scope, tx, Change(record, values))
            return await one(tx, resource, record)
    except Duplicate as duplicate:
        raise _taken(resource, duplicate) from duplicate


async def remove(scope: Scope, resource: Resource, record: int) -> None:
    """Takes a record away. Raises ReadOnly, Forbidden, NotFound, Linked."""
    scope.require(resource.write)
    if not 0 < record <= MOST:
        raise NotFound
    async with scope.begin() as tx:
        if not await tx.execute(statements.deleted(resource), which=record):
            raise NotFound
        await resource.rules.settle(scope, tx, Change(record, None))


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
