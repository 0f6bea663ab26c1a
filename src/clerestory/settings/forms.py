"""How the text of a variable becomes a value, and what to say when it cannot. Each form reads one kind of value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0"})


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of value: its name in the documentation, and how it is read. `read` raises ValueError with advice."""

    name: str
    read: Callable[[str], object]


def _text(text: str) -> str:
    return text


def _flag(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise ValueError("it must be yes or no")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


TEXT = Form("text", _text)
FLAG = Form("yes or no", _flag)
FOLDER = Form("folder", Path)
NAMES = Form("list with commas", _names)


def whole(least: int, most: int) -> Form:
    """A whole number in these bounds."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        raise ValueError(f"it must be a whole number from {least} to {most}")

    return Form(f"{least} to {most}", read)


def seconds(least: int, most: int) -> Form:
    """A length of time in whole seconds."""
    number = whole(least, most)

    def read(text: str) -> timedelta:
        return timedelta(seconds=int(str(number.read(text))))

    return Form(f"seconds, {number.name}", read)


def choice(*names: str) -> Form:
    """One of these words."""

    def read(text: str) -> str:
        if text.lower() in names:
            return text.lower()
        raise ValueError(f"it must be one of: {', '.join(names)}")

    return Form(" or ".join(names), read)


def url(*schemes: str) -> Form:
    """An address with one of these schemes; a slash at its end is dropped."""

    def read(text: str) -> str:
        if urlsplit(text).scheme in schemes and "//" in text:
            return text.rstrip("/")
        raise ValueError(f"it must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")

    return Form("URL", read)
