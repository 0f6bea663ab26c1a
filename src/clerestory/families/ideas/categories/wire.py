"""Categories as on the wire."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.categories.model import Category
from clerestory.families.ideas.conventions.spelling import guid
from clerestory.families.ideas.wire import Stats


class CategoryBody(msgspec.Struct):
    """A category in a list."""

    id: str
    name: str
    campaign_id: str
    idea_count: int | UnsetType = UNSET


class CategoryList(msgspec.Struct):
    """A page of categories."""

    category_list: list[CategoryBody]
    stats: Stats


class CategoriesQuery(msgspec.Struct):
    """What a list of categories may be asked with."""

    campaign_id: str | None = None
    idea_count: str | None = None
    page: int = 1
    page_size: int = 20
    format: Literal["json", "xml"] = "json"


def to_category(category: Category, *, counted: bool) -> CategoryBody:
    """The category as it is shown."""
    ideas = category.ideas if counted else UNSET
    return CategoryBody(guid(category.uuid), category.name, guid(category.campaign), ideas)
