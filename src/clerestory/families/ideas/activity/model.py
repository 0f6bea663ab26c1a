"""One event as a value, to be recorded or as it was read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Happening(StrEnum):
    """What happened, in the wire's words."""

    POST_IDEA = "POST_IDEA"
    POST_COMMENT = "POST_COMMENT"
    PROMOTE_IDEA = "PROMOTE_IDEA"
    DEMOTE_IDEA = "DEMOTE_IDEA"
    CHIP_VOTE = "CHIP_VOTE"
    STATUS_CHANGE = "STATUS_CHANGE"
    POST_UPDATE = "POST_UPDATE"


@dataclass(frozen=True, slots=True)
class Event:
    """An event to record, by the ids of its rows. `person` is who did it, None for the system itself.

    About an idea it names idea and campaign, and a comment or the new status beside; an update alone names only itself.
    """

    type: Happening
    person: int | None
    campaign: int | None = None
    idea: int | None = None
    comment: int | None = None
    update: int | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One event with the names of what it is about, as they are now."""

    id: int
    uuid: UUID
    type: str
    created: datetime
    person: int | None
    campaign: UUID | None
    campaign_name: str | None
    idea: UUID | None
    idea_title: str | None
    category_name: str | None
    anonymous: bool
    concealed: bool
    comment: UUID | None
    text: str | None
    status: UUID | None
    status_name: str | None
    update: UUID | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a list is to have; None: whatever."""

    campaign: UUID | None = None
    member: UUID | None = None
    idea: UUID | None = None
    type: str | None = None
    created: tuple[datetime, datetime] | None = None
