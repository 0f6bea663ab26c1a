"""A comment as it is written, and which comments a list is to have."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Text:
    """A new comment: on which idea, by whom, and what it answers."""

    idea: int
    person: int
    text: str
    answers: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters; None: whatever."""

    idea: UUID | None = None
    campaign: UUID | None = None
    member: UUID | None = None
    created: tuple[datetime, datetime] | None = None
