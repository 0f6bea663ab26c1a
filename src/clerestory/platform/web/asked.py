"""What the address of a page asks for. Nobody is refused for a strange one: what cannot be read asks for nothing."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from clerestory.kernel.paging import Window
from clerestory.kernel.values import MOST, storable

E = TypeVar("E", bound=Enum)

_LONGEST = 256
_LAST_PAGE = 100_000


def text(request: Request, name: str) -> str | None:
    """A text to look for, or None."""
    given = request.query_params.get(name, "").strip()[:_LONGEST]
    return given if given and storable(given) else None


def choice(request: Request, name: str, kind: type[E]) -> E | None:
    """One of a closed set, or None."""
    given = request.query_params.get(name, "")
    return next((member for member in kind if member.value == given), None)


def pattern(words: str | None) -> str | None:
    """What finds texts that hold these words, whatever signs stand in them."""
    if words is None:
        return None
    for special in ("\\", "%", "_"):
        words = words.replace(special, "\\" + special)
    return f"%{words}%"


def whole(given: str, most: int = MOST) -> int | None:
    """A positive number, or None."""
    if not (given.isascii() and given.isdigit() and len(given) <= 19):
        return None
    return int(given) if 0 < int(given) <= most else None


def page(request: Request) -> int:
    """The number of the page, from 1."""
    return whole(request.query_params.get("page", ""), _LAST_PAGE) or 1


def window(number: int, size: int) -> Window:
    """The rows of a page."""
    return Window(size, (number - 1) * size)


def address(path: str, values: Mapping[str, object]) -> str:
    """The path with what is asked for; what is None or empty is left out."""
    asked = {name: value for name, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(asked)}" if asked else path


def pager(path: str, values: Mapping[str, object], number: int, count: int, size: int) -> Mapping[str, object]:
    """Where a list goes on, for its template."""
    return {
        "count": count,
        "number": number,
        "last": max(1, -(-count // size)),
        "previous": address(path, {**values, "page": number - 1}) if number > 1 else None,
        "next": address(path, {**values, "page": number + 1}) if number * size < count else None,
    }
