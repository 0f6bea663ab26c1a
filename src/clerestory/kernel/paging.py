"""Pages of lists: limit and offset, or an opaque cursor. Values only; SQL and URLs are made elsewhere."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from clerestory.kernel.errors import Fault, Invalid, Kind

T = TypeVar("T")

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` rows after `offset`."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and how many there are in all."""

    rows: Sequence[T]
    count: int


def window(limit: str | None, offset: str | None) -> Window:
    """The window that two query parameters ask for; larger limits are cut. Raises Invalid for what is no number."""
    return Window(
        limit=min(_whole(limit, "limit", DEFAULT_LIMIT, least=1), MAX_LIMIT),
        offset=_whole(offset, "offset", 0, least=0),
    )


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list resumes: after the row with this id, or before it."""

    id: int
    backwards: bool = False


def encode_cursor(cursor: Cursor) -> str:
    """The cursor as opaque text for a URL."""
    word = "before" if cursor.backwards else "after"
    return base64.urlsafe_b64encode(f"{word}:{cursor.id}".encode()).decode().rstrip("=")


def decode_cursor(text: str) -> Cursor:
    """The cursor again. Raises Invalid for text that we did not make."""
    try:
        word, _, number = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise _bad_cursor() from error
    if word not in ("after", "before") or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise _bad_cursor()
    return Cursor(int(number), word == "before")


def _bad_cursor() -> Invalid:
    return Invalid(Fault("cursor", Kind.INVALID, "Invalid cursor."))


def _whole(text: str | None, field: str, default: int, *, least: int) -> int:
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise Invalid(Fault(field, Kind.INVALID, f"A whole number of at least {least} is needed."))
    return int(text)
