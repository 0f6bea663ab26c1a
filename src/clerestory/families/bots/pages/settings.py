"""The form of a bot's settings: from attributes to fields, and back. It touches nothing that it does not show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn

import msgspec

from clerestory.families.bots.chats.look import Seen
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.kernel.values import storable
from clerestory.platform.web import Form

_LONGEST_MINUTES = 525_600
_LONGEST_WORD = 255
_LONGEST_REPLIES = 200_000


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form, and what is wrong with it."""

    replies: str
    resume_after: str
    resume_word: str
    web: bool
    faults: Mapping[str, str] = field(default_factory=dict)


def fields_of(seen: Seen) -> Fields:
    """The settings as they are."""
    after = seen.config.takeover.resume_after
    minutes = "" if after is None else f"{after / timedelta(minutes=1):g}"
    return Fields(_replies_of(seen), minutes, seen.config.takeover.resume_word, seen.config.web)


def typed(form: Form) -> Fields:
    """What was typed."""
    return Fields(
        form.raw("replies").replace("\r\n", "\n").strip(),
        form.text("resume_after"),
        form.text("resume_word"),
        form.checked("web"),
    )


def changes(seen: Seen, given: Fields) -> dict[str, object]:
    """The attributes that the form changes. Raises Invalid with all that is wrong."""
    before = fields_of(seen)
    # Other programs write these too, and spell them as they like: what nobody touched here stays as it is.
    faults = {name: text for name, text in _faults(given).items() if getattr(given, name) != getattr(before, name)}
    if faults:
        raise Invalid(*(Fault(name, Kind.INVALID, text) for name, text in faults.items()))
    changed: dict[str, object] = {}
    if given.replies != before.replies:
        changed["replies"] = given.replies or "{}"
    takeover: dict[str, object] = {}
    if given.resume_after != before.resume_after:
        takeover["resumeAfterMinutes"] = int(given.resume_after or 0) or None
    if given.resume_word != before.resume_word:
        takeover["resumeWord"] = given.resume_word
    if takeover:
        changed["takeover"] = takeover
    if given.web != before.web:
        changed["webChat"] = {"enabled": given.web}
    return changed


def _replies_of(seen: Seen) -> str:
    found = msgspec.json.decode(seen.bot.attributes).get("replies")
    if isinstance(found, str):
        text = found.replace("\r\n", "\n").strip()
        if "\n" in text or _replies_fault(text):
            return text
        # Programs write it in one line, which nobody can read.
        found = json.loads(text or "{}")
    return "" if found is None else json.dumps(found, indent=2, ensure_ascii=False)


def _faults(given: Fields) -> dict[str, str]:
    found = {"replies": _replies_fault(given.replies), "resume_word": "", "resume_after": ""}
    after = given.resume_after
    if after and not (after.isascii() and after.isdigit() and len(after) < 10 and int(after) <= _LONGEST_MINUTES):
        found["resume_after"] = "Whole minutes are needed, at most 525600 (a year); empty or 0: never."
    if len(given.resume_word) > _LONGEST_WORD or not storable(given.resume_word):
        found["resume_word"] = "A word or a few are needed, at most 255 characters."
    return {name: text for name, text in found.items() if text}


def _replies_fault(text: str) -> str:
    if not text:
        return ""
    if len(text) > _LONGEST_REPLIES:
        return f"At most {_LONGEST_REPLIES:,} characters are allowed."
    if not storable(text):
        return "This text has characters that cannot be stored."
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return f"This is no JSON: {error.msg.lower()} in line {error.lineno}, column {error.colno}."
    except (ValueError, RecursionError):
        return "This is no JSON that every program reads."
    return "" if isinstance(found, dict) else 'A JSON object is needed, such as {"hello": {"text": "Hello!"}}.'


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
