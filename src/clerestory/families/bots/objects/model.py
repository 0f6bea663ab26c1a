"""What an attribute may hold, and which attributes are secrets by their names. Source: dialects/bots.md, Attributes."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from clerestory.families.bots.model import refused
from clerestory.kernel.values import storable

DEEPEST = 32
LARGEST = Decimal("9.99e126")
SMALLEST = Decimal("1e-130")
OUT_OF_RANGE = "Numbers may reach from 1e-130 to 9.99e126."

_SECRET = re.compile(
    r"(?:token|secret|password|passwd|credential|(?:api|private|access)[_-]?key|invite[_-]?code)s?", re.IGNORECASE
)

Hide = Callable[[object], object]


def is_secret(name: str) -> bool:
    """Whether what stands under this name is kept sealed: `pageAccessToken`, `apiKey`, `app_secret`."""
    return any(found.end() == len(name) for found in _SECRET.finditer(name))


def checked(attributes: Mapping[str, object], hide: Hide) -> dict[str, object]:
    """The attributes as they are stored: secrets through `hide`. Raises Invalid for what cannot be stored."""
    return {_text(name): _value(value, hide, is_secret(name), 2) for name, value in attributes.items()}


def _value(value: object, hide: Hide, secret: bool, depth: int) -> object:  # noqa: FBT001 - one walk, called by itself
    if depth > DEEPEST and isinstance(value, dict | list):
        raise refused(f"At most {DEEPEST} levels may be nested.")
    if isinstance(value, dict):
        return {_text(name): _value(one, hide, is_secret(name), depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        # What is sealed as a whole has nothing sealed inside: it is opened once.
        items = [_value(one, _open if secret else hide, False, depth + 1) for one in value]
        return hide(items) if secret and items else items
    if isinstance(value, str):
        return hide(_text(value)) if secret or is_marked(value) else _text(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return hide(_number(value)) if secret else _number(value)
    return value


def _open(value: object) -> object:
    return value


MARK = "\x01sealed:"
"""What a sealed value begins with. A client's own text that begins so is sealed too, so that none passes for one."""


def is_marked(text: str) -> bool:
    """Whether the text would be taken for a sealed one."""
    return text.startswith(MARK)


def _text(text: str) -> str:
    if not storable(text):
        raise refused("U+0000 and halves of surrogate pairs cannot be stored.")
    return text


def _number(number: int | Decimal) -> int | Decimal:
    # Not by abs(), which rounds, and fails of what it cannot round to.
    size = Decimal(number).copy_abs() if isinstance(number, Decimal) or number.bit_length() < 2048 else LARGEST * 10
    if size > LARGEST or 0 < size < SMALLEST:
        raise refused(OUT_OF_RANGE)
    return number


def too_deep(value: object) -> bool:
    """Whether a body nests more levels than are taken, the body itself counted."""
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from (one for one in value.values() if isinstance(one, dict | list))
    elif isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict | list))
