"""What was found, as on the wire: the one list that is named by its object alone, with times of its own kind."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid, guid_or_none, zulu
from clerestory.families.ideas.search.model import Hit
from clerestory.families.ideas.wire import Stats


class HitBody(msgspec.Struct):
    """One object that was found."""

    type: str
    id: str
    name: str
    description: str
    campaign_id: str | None
    date: str
    url: str | UnsetType = UNSET
    status: str | UnsetType = UNSET


class SearchAnswer(msgspec.Struct):
    """A page of what was found."""

    search: list[HitBody]
    stats: Stats


class SearchQuery(msgspec.Struct):
    """What is searched for."""

    query: str
    type: Literal["webstorm", "idea", "member", "comment", "blog"] | None = None
    page: int = 1
    page_size: int = 20
    format: Literal["json", "xml"] = "json"


def to_hit(hit: Hit) -> HitBody:
    """The object as it is shown. A client puts the host before an idea's path."""
    body = HitBody(hit.type, guid(hit.uuid), hit.name, hit.description, guid_or_none(hit.campaign), zulu(hit.created))
    if hit.code is not None:
        body.url, body.status = f"/{hit.code}", hit.status or ""
    return body
