"""Structs drawn from declarations, for the documents: what a record, a body, a page and a query look like."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from clerestory.kernel.values import MOST, MOST_ITEMS, Type, Value
from clerestory.platform.identity.organisation import SET, Setting
from clerestory.platform.resources import PAGING, Field, Listing, Resource, suffixes

_PLAIN: dict[Type, Any] = {
    Type.TEXT: str,
    Type.EMAIL: str,
    Type.PHONE: str,
    Type.WHOLE: int,
    Type.NUMBER: float,
    Type.TRUTH: bool,
    Type.MOMENT: Annotated[datetime, Meta(tz=True)],
    Type.DAY: date,
    Type.UUID: UUID,
    Type.OBJECT: dict[str, Any],
    Type.TEXTS: list[str],
    Type.WHOLES: list[int],
}


@cache
def record_of(resource: Resource) -> type[msgspec.Struct]:
    """A whole record: every field, always."""
    return shown(resource.record, resource.shown, resource.doc)


def shown(name: str, values: Sequence[Value], doc: str = "") -> type[msgspec.Struct]:
    """An object with each of the values, as answers have it."""
    members = [(value.name, _described(_or_null(_answered(name, value), value), value)) for value in values]
    return msgspec.defstruct(name, members, namespace={"__doc__": doc or name})


def body_of(name: str, fields: Sequence[Field], *, whole: bool) -> type[msgspec.Struct]:
    """A body: with `whole`, the required fields must be there; without, none must."""
    needed = [field for field in fields if whole and field.required]
    rest = [field for field in fields if field not in needed]
    members: list[Any] = [(field.name, _given(name, field)) for field in needed]
    members += [(field.name, _given(name, field) | UnsetType, UNSET) for field in rest]
    return msgspec.defstruct(
        name, members, namespace={"__doc__": "What is set; members that nobody may set are passed over."}
    )


def settings_of(settings: Sequence[Setting[Any]]) -> type[msgspec.Struct]:
    """All settings; a secret is null or the word that says it is set."""
    members = [
        (one.name, _described(Literal[SET] | None if one.secret else _or_null(_PLAIN[one.type], one), one))
        for one in settings
    ]
    return msgspec.defstruct("Settings", members, namespace={"__doc__": "Every setting of the organisation."})


def settings_change_of(settings: Sequence[Setting[Any]]) -> type[msgspec.Struct]:
    """Some settings; null sets one back to its default."""
    members: list[Any] = [
        (one.name, _given("Settings", one, nullable=False) | None | UnsetType, UNSET) for one in settings
    ]
    return msgspec.defstruct("SettingsChange", members, namespace={"__doc__": "Settings to change."})


def page_of(resource: Resource, listing: Listing) -> type[msgspec.Struct]:
    """A page of records."""
    links = [("next", str | None), ("previous", str | None), ("results", GenericAlias(list, (record_of(resource),)))]
    if listing is Listing.OFFSET:
        return msgspec.defstruct(f"{resource.record}Page", [("count", int), *links])
    return msgspec.defstruct(f"{resource.record}Slice", links)


def query_of(resource: Resource, listing: Listing) -> type[msgspec.Struct]:
    """The parameters of a list."""
    paging: dict[str, Any] = {
        "limit": Annotated[int, Meta(ge=1, le=10**9 - 1)],
        "offset": Annotated[int, Meta(ge=0, le=10**9 - 1)],
    }
    searched = any(field.searchable for field in resource.shown)
    names = [name for name in PAGING[listing] if searched or name != "search"]
    members: list[Any] = [(name, paging.get(name, str) | UnsetType, UNSET) for name in names]
    members += [
        (field.name + suffix, _asked(field, suffix) | UnsetType, UNSET)
        for field in resource.shown
        for suffix in suffixes(field)
    ]
    return msgspec.defstruct(f"{resource.record}{listing.capitalize()}Query", members)


def _asked(field: Field, suffix: str) -> Any:
    if suffix == "__isnull":
        return bool
    if suffix == "__in" or field.type in (Type.EMAIL, Type.PHONE):
        return str
    return _given("", field, nullable=False)


def _answered(owner: str, value: Value) -> Any:
    if value.type is Type.OBJECT and value.parts:
        return shown(f"{owner}{value.name.title()}", value.parts)
    return _PLAIN[value.type]


def _or_null(kind: Any, value: Value) -> Any:
    return kind | None if value.nullable else kind


def _described(kind: Any, value: Value) -> Any:
    return Annotated[kind, Meta(description=value.doc)] if value.doc else kind


def _given(owner: str, value: Value, *, nullable: bool = True) -> Any:
    kind = _limited(owner, value)
    return _described(_or_null(kind, value) if nullable else kind, value)


def _limited(owner: str, value: Value) -> Any:
    """The type with what a client's value must keep to."""
    text: Any = (
        Literal[tuple(map(str, value.choices))] if value.choices else Annotated[str, Meta(max_length=value.longest)]
    )
    match value.type:
        case Type.TEXT:
            return (
                text if value.blank or value.choices else Annotated[str, Meta(max_length=value.longest, min_length=1)]
            )
        case Type.EMAIL:
            return Annotated[str, Meta(max_length=value.longest, extra_json_schema={"format": "email"})]
        case Type.PHONE:
            return Annotated[str, Meta(examples=["+44 20 7946 0018"])]
        case Type.WHOLE:
            return _whole(value)
        case Type.TEXTS:
            return Annotated[list[text], Meta(max_length=MOST_ITEMS)]
        case Type.WHOLES:
            return Annotated[GenericAlias(list, (_whole(value),)), Meta(max_length=MOST_ITEMS)]
        case Type.OBJECT if value.parts:
            parts = [(part.name, _given(f"{owner}{value.name.title()}", part)) for part in value.parts]
            return msgspec.defstruct(f"{owner}{value.name.title()}", parts)
    return _PLAIN[value.type]


def _whole(value: Value) -> Any:
    return Annotated[int, Meta(ge=max(value.least, -MOST), le=min(value.most, MOST))]
