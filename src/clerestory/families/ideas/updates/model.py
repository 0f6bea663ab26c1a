"""Updates and the comments on them as values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Update:
    """A short message of a member, with how many comments it has."""

    id: int
    uuid: UUID
    person: int
    message: str
    video_link: str | None
    comments: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an update."""

    id: int
    uuid: UUID
    about: UUID
    person: int
    text: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which updates, or which comments of one, a list is to have; None: whatever."""

    update: UUID | None = None
    member: UUID | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None


def may_link(address: str) -> bool:
    """Whether a page may lead to this address: one of the web, and no script."""
    return address.lower().startswith(("https://", "http://")) and not any(map(str.isspace, address))
