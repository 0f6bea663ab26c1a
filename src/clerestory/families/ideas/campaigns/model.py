"""A campaign as a value."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign, with what there is in it as far as the one who asks may see it."""

    id: int
    uuid: UUID
    name: str
    description: str
    status: str
    scheduled: bool
    starts: datetime | None
    ends: datetime | None
    sponsor: int | None
    public: bool
    voting: bool
    demoting: bool
    commenting: bool
    tagging: bool
    created: datetime
    ideas: int
    comments: int
    votes: int
    members: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A campaign as other objects show it."""

    uuid: UUID
    name: str
    description: str
    created: datetime
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Option:
    """A switch of a campaign, by the number that clients know."""

    id: str
    enabled: bool
    description: str


def options(campaign: Campaign) -> list[Option]:
    """The switches. 345 is ours: the number of "Disable Demote" is not known."""
    return [
        Option("316", campaign.public, "Public Site"),
        Option("331", not campaign.voting, "Disable Vote"),
        Option("337", campaign.tagging, "Idea Tags"),
        Option("344", not campaign.commenting, "Disable Comment"),
        Option("345", not campaign.demoting, "Disable Demote"),
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which campaigns a list is to have; None: whatever."""

    name: str | None = None
    status: str | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None
