"""One thing that was looked at: how it stands, and what to do when it does not stand well."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"  # a choice that was made, or not yet made
    WARNING = "warning"  # works, but not for long or not for everybody
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found; `advice` is empty when nothing is to be done."""

    subject: str
    level: Level
    text: str
    advice: str = ""
