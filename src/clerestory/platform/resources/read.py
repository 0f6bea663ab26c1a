"""Reading records: a page by offset, a slice by cursor, one by its id. Only what the declaration shows is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from clerestory.kernel.errors import NotFound
from clerestory.kernel.paging import Cursor, Page, decode_cursor, encode_cursor
from clerestory.kernel.values import MOST, Type
from clerestory.platform.database import Runner
from clerestory.platform.resources import statements
from clerestory.platform.resources.declare import Resource, Row
from clerestory.platform.resources.filters import Asked


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a list that nobody counts, and the cursors of the neighbours; None where the list ends."""

    rows: Sequence[Row]
    next: str | None
    previous: str | None


async def page(runner: Runner, resource: Resource, asked: Asked) -> Page[Row]:
    """A page by offset, with the count of all."""
    rows = await runner.rows(
        statements.listed(resource, asked.shape), _row, **asked.values, limit=asked.limit, offset=asked.offset
    )
    count = await runner.value(statements.counted(resource, asked.shape), **asked.values)
    return Page(_shown(resource, rows), count)


async def slice_of(runner: Runner, resource: Resource, asked: Asked) -> Slice:
    """A page by cursor, in the order of ids. Raises Invalid for a cursor that we did not make."""
    cursor = decode_cursor(asked.cursor) if asked.cursor else None
    backwards = cursor is not None and cursor.backwards
    sql = statements.following(resource, asked.shape, started=cursor is not None, backwards=backwards)
    last = {} if cursor is None else {"last": cursor.id}
    # One more than is shown says whether the list goes on.
    rows: list[Row] = await runner.rows(sql, _row, **asked.values, **last, limit=asked.limit + 1)
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    if backwards:
        rows.reverse()
    ahead, behind = (True, more) if backwards else (more, cursor is not None)
    return Slice(
        _shown(resource, rows),
        encode_cursor(Cursor(_id(rows[-1]))) if rows and ahead else None,
        encode_cursor(Cursor(_id(rows[0]), backwards=True)) if rows and behind else None,
    )


async def one(runner: Runner, resource: Resource, record: int) -> Row:
    """One record by its id. Raises NotFound."""
    row = await runner.row(statements.single(resource), _row, id=record) if 0 < record <= MOST else None
    if row is None:
        raise NotFound
    return _shown(resource, [row])[0]


def _row(**values: object) -> Row:
    return values


def _id(row: Row) -> int:
    return cast(int, row["id"])


def _shown(resource: Resource, rows: Sequence[Row]) -> Sequence[Row]:
    objects = [field.name for field in resource.shown if field.type is Type.OBJECT]
    if not objects:
        return rows
    return [{**row, **{name: _decoded(row[name]) for name in objects}} for row in rows]


def _decoded(text: object) -> object:
    return msgspec.json.decode(text) if isinstance(text, str) else None
