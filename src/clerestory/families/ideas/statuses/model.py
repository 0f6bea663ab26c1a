"""A status as a value."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Status:
    """One status, with how many of its ideas the one who asks may see."""

    uuid: UUID
    name: str
    ideas: int
