"""From the query of a list to what is asked of it. What nobody declared is refused, never ignored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from clerestory.kernel.paging import window
from clerestory.kernel.values import MOST_ITEMS, Type, Value, read_text, refused, storable
from clerestory.platform.resources.declare import Field, Resource


class Test(StrEnum):
    """How a field is compared."""

    IS = "is"
    IN = "in"
    FROM = "from"
    UNTIL = "until"
    ABSENT = "absent"
    PRESENT = "present"


class Listing(StrEnum):
    """The two kinds of list."""

    OFFSET = "offset"
    CURSOR = "cursor"


@dataclass(frozen=True, slots=True)
class Order:
    """One field of an ordering."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What the text of a list's statement depends on. The values that fill it stand in Asked."""

    tests: tuple[tuple[str, Test], ...] = ()
    order: tuple[Order, ...] = ()
    searched: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: `values` are the statement's arguments."""

    shape: Shape
    values: Mapping[str, object]
    limit: int
    offset: int = 0
    cursor: str | None = None


PAGING = {
    Listing.OFFSET: ("limit", "offset", "ordering", "search"),
    Listing.CURSOR: ("limit", "cursor", "ordering", "search"),
}


def suffixes(field: Field) -> tuple[str, ...]:
    """What may follow the field's name in a query: `""` for the field itself, `__in`, and so on."""
    if not field.filtered:
        return ()
    return ("", "__in", *(("__gte", "__lte") if field.compared else ()), *(("__isnull",) if field.nullable else ()))


def argument(field: str, test: Test) -> str:
    """The name of the statement's argument for one comparison."""
    return f"{test}_{field}"


def asked(resource: Resource, query: Iterable[tuple[str, str]], listing: Listing = Listing.OFFSET) -> Asked:
    """What a list's query asks for. Raises Invalid for the first parameter that is unknown or unusable."""
    given = dict(query)
    known = {field.name + suffix: (field, suffix) for field in resource.shown for suffix in suffixes(field)}
    values: dict[str, object] = {}
    tests: set[tuple[str, Test]] = set()
    for name, text in given.items():
        if name in PAGING[listing]:
            continue
        if name not in known:
            raise refused(name, "There is no such filter.")
        field, suffix = known[name]
        test, operand = _comparison(field, suffix, text)
        tests.add((field.name, test))
        if operand is not None:
            values[argument(field.name, test)] = operand
    part = window(given.get("limit"), given.get("offset"))
    search = given.get("search", "")
    if search:
        values["search"] = _pattern(resource, search)
    shape = Shape(tuple(sorted(tests)), _order(resource, given.get("ordering", ""), listing), bool(search))
    return Asked(shape, values, part.limit, part.offset, given.get("cursor"))


def _comparison(field: Field, suffix: str, text: str) -> tuple[Test, object]:
    at = field.name + suffix
    if suffix == "__in":
        texts = text.split(",")
        if len(texts) > MOST_ITEMS:
            raise refused(at, f"At most {MOST_ITEMS} values are allowed.")
        return Test.IN, [_operand(field, one, at) for one in texts]
    if suffix == "__isnull":
        absent = read_text(Value(field.name, Type.TRUTH), text, at)
        return (Test.ABSENT if absent else Test.PRESENT), None
    return _TESTS[suffix], _operand(field, text, at)


_TESTS = {"": Test.IS, "__gte": Test.FROM, "__lte": Test.UNTIL}


def _operand(field: Field, text: str, at: str) -> object:
    # Not null: `phone_number=` asks for the empty text and finds nothing; what is absent is found by `__isnull`.
    if field.type in (Type.EMAIL, Type.PHONE):
        return read_text(Value(field.name, longest=field.longest), text, at)
    return read_text(field, text, at)


def _order(resource: Resource, text: str, listing: Listing) -> tuple[Order, ...]:
    """The ordering, ended by the id so that pages never overlap. A cursor follows the ids alone."""
    orders: list[Order] = []
    for name in filter(None, text.split(",")):
        field = resource.by_name.get(name.removeprefix("-"))
        if field is None or not field.ordered or (listing is Listing.CURSOR and field.name != "id"):
            raise refused("ordering", f"{name!r} is no ordering of this list.")
        if all(order.field != field.name for order in orders):
            orders.append(Order(field.name, name.startswith("-")))
    if all(order.field != "id" for order in orders):
        orders.append(Order("id"))
    return tuple(orders)


def _pattern(resource: Resource, search: str) -> str:
    if not any(field.searchable for field in resource.shown):
        raise refused("search", "This list cannot be searched.")
    if not storable(search) or len(search) > 255:
        raise refused("search", "This text cannot be searched for.")
    for special in ("\\", "%", "_"):
        search = search.replace(special, "\\" + special)
    return f"%{search}%"
