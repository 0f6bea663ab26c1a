"""Statuses as on the wire."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.statuses.model import Status
from clerestory.families.ideas.wire import Stats


class StatusBody(msgspec.Struct):
    """A status in a list."""

    id: str
    name: str
    idea_count: int | UnsetType = UNSET


class StatusList(msgspec.Struct):
    """A page of statuses."""

    status_list: list[StatusBody]
    stats: Stats


class StatusesQuery(msgspec.Struct):
    """What a list of statuses may be asked with."""

    campaign_id: str | None = None
    idea_count: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


def to_status(status: Status, *, counted: bool) -> StatusBody:
    """The status as it is shown."""
    return StatusBody(guid(status.uuid), status.name, status.ideas if counted else UNSET)
