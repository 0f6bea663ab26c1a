"""Tags as on the wire."""

from typing import Literal

import msgspec

from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.tags.model import Tag
from clerestory.families.ideas.wire import Stats


class TagBody(msgspec.Struct):
    """A tag; the one key of the api3 that is spelled so."""

    id: str
    name: str
    tagCount: int


class TagList(msgspec.Struct):
    """A page of tags."""

    tag_list: list[TagBody]
    stats: Stats


class TagsQuery(msgspec.Struct):
    """What a list of tags may be asked with."""

    member_id: str | None = None
    idea_id: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


def to_tag(tag: Tag) -> TagBody:
    """The tag as it is shown."""
    return TagBody(guid(tag.uuid), tag.name, tag.ideas)
