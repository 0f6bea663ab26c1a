"""Typed values as they come from outside, in JSON or as text: what is declared of one, and how it is read.

What is returned is true and can be stored; what cannot be stored is refused here and never by the database.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from clerestory.kernel.addresses import normalise_email, normalise_phone
from clerestory.kernel.errors import Fault, Invalid, Kind

MOST = 2**63 - 1
"""The largest whole number that a bigint holds."""

MOST_ITEMS = 1000


class Type(StrEnum):
    """What a value is."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    WHOLE = "whole"
    NUMBER = "number"
    TRUTH = "truth"
    MOMENT = "moment"
    DAY = "day"
    UUID = "uuid"
    OBJECT = "object"
    TEXTS = "texts"
    WHOLES = "wholes"


@dataclass(frozen=True, slots=True)
class Value:
    """What is declared of one value. `choices` and `longest` hold for texts and for each of several texts."""

    name: str
    type: Type = Type.TEXT
    _: KW_ONLY
    doc: str = ""
    nullable: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 255
    blank: bool = True
    least: int = -MOST - 1
    most: int = MOST
    parts: tuple["Value", ...] = ()  # of an OBJECT: its members, each of them needed; none: any JSON object


def read(value: Value, raw: object, at: str | None = None) -> object:
    """The JSON value as it is stored. Raises Invalid with a fault for each part refused, named by its dotted path."""
    at = at or value.name
    if raw is None or (raw == "" and value.type is Type.PHONE):
        if value.nullable:
            return None
        raise refused(at, "This field may not be null.")
    return _READERS[value.type](value, raw, at)


def read_text(value: Value, text: str, at: str | None = None) -> object:
    """A value written as text, such as a query's parameter or an option. Raises Invalid."""
    at = at or value.name
    if value.type is Type.WHOLE and text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 20:
        return read(value, int(text), at)
    if value.type is Type.TRUTH and text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    if value.type is Type.NUMBER:
        try:
            return read(value, float(text), at)
        except ValueError:
            raise refused(at, "A number is needed.") from None
    return read(value, text, at)


def refused(at: str | None, text: str, kind: Kind = Kind.INVALID) -> Invalid:
    """The refusal of one value."""
    return Invalid(Fault(at, kind, text))


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no U+0000 and no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def _text(value: Value, raw: object, at: str) -> str:
    if not isinstance(raw, str):
        raise refused(at, "A text is needed.")
    if not storable(raw):
        raise refused(at, "This text has characters that cannot be stored.")
    if len(raw) > value.longest:
        raise refused(at, f"At most {value.longest} characters are allowed.")
    if not value.blank and not raw.strip():
        raise refused(at, "This field may not be blank.")
    if value.choices and raw not in value.choices:
        raise refused(at, f"One of these is needed: {', '.join(value.choices)}.")
    return raw


def _email(value: Value, raw: object, at: str) -> str:
    address = normalise_email(_text(value, raw, at))
    if address is None or len(address) > value.longest:
        raise refused(at, "Enter a valid e-mail address.")
    return address


def _phone(value: Value, raw: object, at: str) -> str:
    number = normalise_phone(_text(value, raw, at))
    if number is None:
        raise refused(at, "Enter a phone number with its country code, such as +44 20 7946 0018.")
    return number


def _whole(value: Value, raw: object, at: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise refused(at, "A whole number is needed.")
    if not value.least <= raw <= value.most:
        raise refused(at, f"A whole number from {value.least} to {value.most} is needed.")
    return raw


def _number(_value: Value, raw: object, at: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise refused(at, "A number is needed.")
    try:
        number = float(raw)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise refused(at, "This number is too large.")
    return number


def _truth(_value: Value, raw: object, at: str) -> bool:
    if not isinstance(raw, bool):
        raise refused(at, "true or false is needed.")
    return raw


def _moment(value: Value, raw: object, at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value, raw, at))
        # A moment without a zone is read as UTC: so the answers write theirs.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refused(at, "A moment such as 2024-05-31T09:30:00Z is needed.") from None


def _day(value: Value, raw: object, at: str) -> date:
    try:
        return date.fromisoformat(_text(value, raw, at))
    except ValueError:
        raise refused(at, "A day such as 2024-05-31 is needed.") from None


def _uuid(value: Value, raw: object, at: str) -> UUID:
    try:
        return UUID(_text(value, raw, at))
    except ValueError:
        raise refused(at, "A UUID is needed.") from None


def _texts(value: Value, raw: object, at: str) -> list[str]:
    return list(dict.fromkeys(_text(value, one, at) for one in _items(raw, at)))


def _wholes(value: Value, raw: object, at: str) -> list[int]:
    return sorted({_whole(value, one, at) for one in _items(raw, at)})


def _items(raw: object, at: str) -> list[object]:
    if not isinstance(raw, list):
        raise refused(at, "A list is needed.")
    if len(raw) > MOST_ITEMS:
        raise refused(at, f"At most {MOST_ITEMS} items are allowed.")
    return raw


def _object(value: Value, raw: object, at: str) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise refused(at, "An object is needed.")
    if value.parts:
        return read_all(value.parts, raw, f"{at}.")
    if not _storable_tree(raw):
        raise refused(at, "This object has characters that cannot be stored.")
    return raw


def read_all(values: tuple[Value, ...], raw: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Every one of the values from a JSON object; unknown members are left out. Raises Invalid with all the faults."""
    found: dict[str, object] = {}
    faults: list[Fault] = []
    for value in values:
        at = prefix + value.name
        if value.name not in raw:
            faults.append(Fault(at, Kind.MISSING, "This field is required."))
            continue
        try:
            found[value.name] = read(value, raw[value.name], at)
        except Invalid as invalid:
            faults.extend(invalid.faults)
    if faults:
        raise Invalid(*faults)
    return found


def _storable_tree(tree: object) -> bool:
    # A stack and no recursion: the depth is the client's choice.
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and not storable(one):
            return False
        if isinstance(one, dict):
            waiting += one.keys()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return True


_READERS: Mapping[Type, Callable[[Value, object, str], object]] = {
    Type.TEXT: _text,
    Type.EMAIL: _email,
    Type.PHONE: _phone,
    Type.WHOLE: _whole,
    Type.NUMBER: _number,
    Type.TRUTH: _truth,
    Type.MOMENT: _moment,
    Type.DAY: _day,
    Type.UUID: _uuid,
    Type.OBJECT: _object,
    Type.TEXTS: _texts,
    Type.WHOLES: _wholes,
}
