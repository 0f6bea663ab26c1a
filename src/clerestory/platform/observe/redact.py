"""Cuts out of a log line whatever looks like a secret, by its name or by its form.

A last line of defence: nothing that knows a secret should log it in the first place.
"""

import re
from collections.abc import Mapping
from functools import cache

CUT = "[cut]"

_SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|authorization|cookie|credential|session$|csrf|^(api|access|private)?[_-]?key$",
    re.IGNORECASE,
)
# A request id is chosen by whoever asks, and handed back in the clear; the others are our own.
_SHOWN_NAMES = frozenset({"request_id", "reference", "timestamp", "level"})
# Every form has one of these in it; most texts have none, and a line for each request must cost little.
_SUSPECT = re.compile(r"[ =:]|-4|eyJ")
_FORMS = (
    # An API key. Eight of its digits are kept: enough to tell two apart, too few to guess the rest.
    (re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b", re.IGNORECASE), r"\1-…"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]+){1,3}"), CUT),
    (re.compile(r"\b(bearer|basic|digest|token|api-key|apikey)([ =:]+)[\w.+/=~-]{8,}", re.IGNORECASE), rf"\1\2{CUT}"),
    (re.compile(r"(?<=://)([^\s/@:'\"]*):[^\s/@'\"]+@"), rf"\1:{CUT}@"),
    (
        re.compile(
            r"((?:pass(?:word|wd)?|secret|(?<![\w-])[\w-]*token|api[_-]?key|authorization|cookie|csrf)['\"]?\s*[=:]\s*['\"]?)"
            r"(?!\[cut\])[^\s'\"&,;}]+",
            re.IGNORECASE,
        ),
        rf"\1{CUT}",
    ),
)


def redacted(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of a log line without secrets."""
    return {name: _field(name, value) for name, value in fields.items()}


def cut(text: str) -> str:
    """The text without what looks like a key, a token, a password or credentials in a URL."""
    if _SUSPECT.search(text):
        for form, replacement in _FORMS:
            text = form.sub(replacement, text)
    return text


@cache
def _names_a_secret(name: str) -> bool:
    return name not in _SHOWN_NAMES and _SECRET_NAMES.search(name) is not None


def _field(name: str, value: object) -> object:
    if _names_a_secret(name):
        return CUT
    return value if name in _SHOWN_NAMES else _inside(value)


def _inside(value: object) -> object:
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, Mapping):
        return {str(name): _field(str(name), one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_inside(one) for one in value]
    return value if value is None or isinstance(value, int | float) else cut(str(value))
