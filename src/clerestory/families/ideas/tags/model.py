"""A tag as a value."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, with how many ideas have it that the one who asks may see."""

    uuid: UUID
    name: str
    ideas: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tags a list is to have: of one idea, of the ideas that one member submitted; None: whatever."""

    idea: UUID | None = None
    member: UUID | None = None
