"""Events as on the wire. Keys that an event of this type has nothing for are not there."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.activity.model import Activity
from clerestory.families.ideas.conventions.spelling import guid, moment
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.wire import Stats


class ActivityBody(msgspec.Struct):
    """An event, alone or in a list."""

    type: str
    id: str
    date_created: str
    idea_id: str | UnsetType = UNSET
    campaign_id: str | UnsetType = UNSET
    campaign_name: str | UnsetType = UNSET
    idea_title: str | UnsetType = UNSET
    category_name: str | UnsetType | None = UNSET
    anonymous: bool | UnsetType = UNSET
    team_submission: bool | UnsetType = UNSET
    comment_id: str | UnsetType = UNSET
    comment: str | UnsetType = UNSET
    status_id: str | UnsetType = UNSET
    status_name: str | UnsetType = UNSET
    update_id: str | UnsetType = UNSET
    message: str | UnsetType = UNSET
    member: MemberBody | UnsetType = UNSET


class ActivityAnswer(msgspec.Struct):
    """One event."""

    activity: ActivityBody


class ActivityList(msgspec.Struct):
    """A page of events."""

    activity_list: list[ActivityBody]
    stats: Stats


class ActivityQuery(msgspec.Struct):
    """What one event may be asked with."""

    format: Literal["json", "xml"] = "json"


class ActivitiesQuery(msgspec.Struct):
    """What a list of events may be asked with."""

    campaign_id: str | None = None
    member_id: str | None = None
    idea_id: str | None = None
    type: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


def to_activity(activity: Activity, member: MemberBody) -> ActivityBody:
    """The event as it is shown. Nobody submits in a team here."""
    body = ActivityBody(activity.type, guid(activity.uuid), moment(activity.created), member=member)
    if activity.idea is not None and activity.campaign is not None:
        body.idea_id, body.idea_title = guid(activity.idea), activity.idea_title or ""
        body.campaign_id, body.campaign_name = guid(activity.campaign), activity.campaign_name or ""
        body.category_name, body.anonymous, body.team_submission = activity.category_name, activity.anonymous, False
    if activity.comment is not None:
        body.comment_id, body.comment = guid(activity.comment), activity.text or ""
    if activity.status is not None:
        body.status_id, body.status_name = guid(activity.status), activity.status_name or ""
    if activity.update is not None:
        body.update_id, body.message = guid(activity.update), activity.message or ""
    return body
