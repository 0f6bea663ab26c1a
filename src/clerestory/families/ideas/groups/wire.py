"""Groups as on the wire."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid, moment
from clerestory.families.ideas.groups.model import Group
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.wire import Stats

WITH = ("members", "member_count")


class GroupBody(msgspec.Struct):
    """A group, alone or in a list."""

    id: str
    group_name: str
    date_created: str
    members: list[MemberBody] | UnsetType = UNSET
    member_count: int | UnsetType = UNSET


class GroupAnswer(msgspec.Struct):
    """One group."""

    group: GroupBody


class GroupList(msgspec.Struct):
    """A page of groups."""

    group_list: list[GroupBody]
    stats: Stats


class GroupQuery(msgspec.Struct):
    """What one group may be asked with."""

    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class GroupsQuery(msgspec.Struct):
    """What a list of groups may be asked with."""

    group_name: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class NewGroup(msgspec.Struct):
    """What a group is made of."""

    group_name: str


class ChangedGroup(msgspec.Struct):
    """What of a group is changed; the ids of members may be repeated."""

    group_name: str | None = None
    add_member_id: str | None = None
    remove_member_id: str | None = None


def to_group(group: Group) -> GroupBody:
    """The group as it is shown, without what is asked for beside."""
    return GroupBody(guid(group.uuid), group.name, moment(group.created))
