"""From a declaration to SQL: built once for each shape with SQLAlchemy's constructs, kept as text with named arguments.

Nothing that a client sends is part of a text; it only chooses among declared names.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

from clerestory.kernel.values import Type
from clerestory.platform.resources.declare import Field, Resource, Through
from clerestory.platform.resources.filters import Order, Shape, Test, argument

# The stubs leave the constructor of the dialect without types.
_DIALECT = cast(Dialect, postgresql.dialect(paramstyle="named"))  # type: ignore[no-untyped-call]  # see the line above
_SCHEMA = "tenant"

Statement = sa.sql.ClauseElement
Expression = sa.ColumnElement[Any]


def _bound(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name)


def _text(statement: Statement) -> str:
    return str(statement.compile(dialect=_DIALECT))


def _table(name: str, columns: Sequence[str]) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns), schema=_SCHEMA)


@cache
def _own(resource: Resource) -> sa.TableClause:
    return _table(resource.table, [field.stored for field in resource.fields if field.through is None])


def _expression(resource: Resource, field: Field) -> Expression:
    own = _own(resource)
    if field.through is None:
        return own.c[field.stored]
    between = _table(field.through.table, [field.through.own, field.through.other])
    listed = (
        sa.select(between.c[field.through.other])
        .where(between.c[field.through.own] == own.c.id)
        .order_by(between.c[field.through.other])
    )
    return sa.func.array(listed.scalar_subquery())


def _shown(resource: Resource) -> list[sa.Label[Any]]:
    return [_expression(resource, field).label(field.name) for field in resource.shown]


def _compared(resource: Resource, name: str, test: Test) -> sa.ColumnElement[bool]:
    field = resource.by_name[name]
    column, bound = _expression(resource, field), _bound(argument(name, test))
    if test is Test.IN:
        if field.type is Type.EMAIL:
            # The index is on lower(email); letter case does not tell people apart.
            lowered = sa.select(sa.func.lower(sa.func.unnest(sa.cast(bound, postgresql.ARRAY(sa.Text)))))
            return sa.func.lower(column).in_(lowered)
        return column == sa.any_(bound)
    if test is Test.IS and field.type is Type.EMAIL:
        return sa.func.lower(column) == sa.func.lower(bound)
    if test is Test.ABSENT:
        return column.is_(None)
    if test is Test.PRESENT:
        return column.is_not(None)
    return {Test.IS: column == bound, Test.FROM: column >= bound, Test.UNTIL: column <= bound}[test]


def _conditions(resource: Resource, shape: Shape) -> list[sa.ColumnElement[bool]]:
    found = [_compared(resource, name, test) for name, test in shape.tests]
    if shape.searched:
        pattern = _bound("search")
        columns = [_expression(resource, field) for field in resource.shown if field.searchable]
        found.append(sa.or_(sa.false(), *(column.ilike(pattern) for column in columns)))
    return found


def _ordered(resource: Resource, order: Order, *, turned: bool = False) -> sa.UnaryExpression[Any]:
    column = _expression(resource, resource.by_name[order.field])
    return column.desc() if order.descending != turned else column.asc()


@lru_cache(maxsize=1024)
def listed(resource: Resource, shape: Shape) -> str:
    """The rows of a page: takes the shape's arguments, `limit` and `offset`."""
    statement = sa.select(*_shown(resource)).where(*_conditions(resource, shape))
    statement = statement.order_by(*(_ordered(resource, order) for order in shape.order))
    return _text(statement.limit(_bound("limit")).offset(_bound("offset")))


@lru_cache(maxsize=1024)
def counted(resource: Resource, shape: Shape) -> str:
    """How many rows the list has in all: takes the shape's arguments."""
    return _text(sa.select(sa.func.count()).select_from(_own(resource)).where(*_conditions(resource, shape)))


@lru_cache(maxsize=1024)
def following(resource: Resource, shape: Shape, *, started: bool, backwards: bool) -> str:
    """The rows after `last`, or before it from the nearest on: takes the shape's arguments, `limit`, and `last`."""
    order = shape.order[0]
    statement = sa.select(*_shown(resource)).where(*_conditions(resource, shape))
    if started:
        number, last = _own(resource).c.id, _bound("last")
        statement = statement.where(number < last if order.descending != backwards else number > last)
    return _text(statement.order_by(_ordered(resource, order, turned=backwards)).limit(_bound("limit")))


@lru_cache(maxsize=256)
def single(resource: Resource) -> str:
    """One record: takes `id`."""
    return _text(sa.select(*_shown(resource)).where(_own(resource).c.id == _bound("id")))


@lru_cache(maxsize=1024)
def inserted(resource: Resource, columns: tuple[str, ...]) -> str:
    """Makes a record and answers its id: takes the columns."""
    own = _own(resource)
    return _text(sa.insert(own).values({name: _bound(name) for name in columns}).returning(own.c.id))


@lru_cache(maxsize=1024)
def updated(resource: Resource, columns: tuple[str, ...]) -> str:
    """Writes a record: takes the columns and `which`."""
    own = _own(resource)
    values = {name: _bound(name) for name in columns}
    return _text(sa.update(own).values(values).where(own.c.id == _bound("which")))


@lru_cache(maxsize=256)
def deleted(resource: Resource) -> str:
    """Takes a record away: takes `which`."""
    own = _own(resource)
    return _text(sa.delete(own).where(own.c.id == _bound("which")))


@lru_cache(maxsize=256)
def locked(table: str) -> str:
    """Those of the records that exist, kept from going until the transaction ends: takes `ids`, a list."""
    other = _table(table, ["id"])
    statement = sa.select(other.c.id).where(other.c.id == sa.any_(_bound("ids"))).order_by(other.c.id)
    return _text(statement.with_for_update(key_share=True, read=True))


@lru_cache(maxsize=256)
def cut(through: Through) -> str:
    """Takes away what joins `which` to records other than `ids`."""
    between = _table(through.table, [through.own, through.other])
    others = between.c[through.other] != sa.all_(_bound("ids"))
    return _text(sa.delete(between).where(between.c[through.own] == _bound("which"), others))


@lru_cache(maxsize=256)
def joined(through: Through) -> str:
    """Joins `which` to each of `ids` that it is not joined to."""
    between = _table(through.table, [through.own, through.other])
    pairs = sa.select(
        sa.cast(_bound("which"), sa.BigInteger),
        sa.func.unnest(sa.cast(_bound("ids"), postgresql.ARRAY(sa.BigInteger))),
    )
    statement = postgresql.insert(between).from_select([through.own, through.other], pairs)
    return _text(statement.on_conflict_do_nothing())
