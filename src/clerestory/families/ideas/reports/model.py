"""A report as a value, and the lines of its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

KEPT = timedelta(days=30)
"""How long a report can be fetched."""

Cell = str | int | bool | datetime | UUID | None


class Type(StrEnum):
    """What a report is about."""

    IDEAS = "ideadetails"
    COMMENTS = "ideacommentdetails"
    VOTES = "ideavotedetails"
    CHIPS = "ideachipdetails"
    MEMBERS = "memberdetails"


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `completed`: it is made, and lies under `stored`, or it cannot be, for the reason of `failure`."""

    id: int
    uuid: UUID
    type: str
    campaign: UUID | None
    person: int | None
    member: UUID | None
    started: datetime
    completed: datetime | None
    stored: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made."""

    type: Type
    campaign: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, and the number that the next ones come after."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports a list is to have; None: whatever."""

    id: int | None = None
    type: str | None = None
    campaign: UUID | None = None
    member: UUID | None = None
    started_from: datetime | None = None
    started_until: datetime | None = None
    completed_from: datetime | None = None
    completed_until: datetime | None = None


def type_of(text: str) -> Type | None:
    """The type that a text names, in any letter case."""
    return next((one for one in Type if one.value == text.strip().lower()), None)
