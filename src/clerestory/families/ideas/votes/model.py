"""Votes as rules: what an idea gains when somebody's vote becomes another one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from clerestory.families.ideas.standing.model import Counts


class Type(StrEnum):
    """Which way a vote goes, as on the wire."""

    PROMOTE = "promote"
    DEMOTE = "demote"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which votes a list is to have; None: whatever."""

    idea: UUID | None = None
    member: UUID | None = None
    type: str | None = None
    created: tuple[datetime, datetime] | None = None


def gained(before: Type | None, after: Type | None) -> Counts:
    """What is counted when a member's vote becomes another; None: no vote. One vote a member, so the old one goes."""
    return _counts(after) + -_counts(before)


def _counts(vote: Type | None) -> Counts:
    return Counts(promotes=int(vote is Type.PROMOTE), demotes=int(vote is Type.DEMOTE))
