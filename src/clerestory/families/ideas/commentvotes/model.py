"""A vote on a comment as a value."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CommentVote:
    """One member's vote on a comment."""

    comment: int
    type: str
    person: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which votes a list is to have; None: whatever."""

    comment: UUID | None = None
    member: UUID | None = None
    type: str | None = None
    created: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The comment that is voted on: on which idea, by whom."""

    id: int
    idea: int
    person: int
    visible: bool
