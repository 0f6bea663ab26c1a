"""A group as a value."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Group:
    """One group, with how many members it has."""

    id: int
    uuid: UUID
    name: str
    created: datetime
    members: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which groups a list is to have; None: whatever."""

    name: str | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What of a group is written: its name (None: as it is), and who comes in and who goes."""

    name: str | None = None
    adds: tuple[UUID, ...] = ()
    removes: tuple[UUID, ...] = ()
