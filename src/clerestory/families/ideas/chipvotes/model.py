"""Chips as rules: what may be laid on an idea, and what an idea gains by it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.standing.model import Counts

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class ChipVote:
    """What one member has laid on an idea."""

    idea: int
    chips: int
    person: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them a list is to have; None: whatever."""

    idea: UUID | None = None
    member: UUID | None = None
    created: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Purse:
    """What a member may spend in a campaign, and has spent there."""

    budget: int
    spent: int

    def covers(self, before: int, after: int) -> bool:
        """Whether so many may lie on an idea where `before` lie. Fewer may always: a budget may have been cut."""
        return after <= before or self.spent - before + after <= self.budget


def gained(before: int, after: int) -> Counts:
    """What is counted when so many chips become so many."""
    return Counts(chips=after - before)
