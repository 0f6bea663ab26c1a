"""A member as a value. What of it is shown to whom, `wire` decides by the rights' model."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Member:
    """One person with what a member has beyond it. `photo` names the file of its image."""

    id: int
    uuid: UUID
    email: str
    screen_name: str
    first_name: str
    last_name: str
    job_title: str
    address: str
    phone: str
    mobile_phone: str
    external_user_id: str
    skills: str
    work_history: str
    department: str
    photo: UUID | None
    active: bool
    last_login: datetime | None
    created: datetime
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group that a member is in."""

    uuid: UUID
    name: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which members a list is to have; None: whatever."""

    last_name: str | None = None
    first_name: str | None = None
    screen_name: str | None = None
    email: str | None = None
    external_user_id: str | None = None
    active: bool | None = None
    group: UUID | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None
    changed_from: datetime | None = None
    changed_until: datetime | None = None
