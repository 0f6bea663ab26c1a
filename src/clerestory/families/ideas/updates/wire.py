"""Updates and their comments as on the wire."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid, moment
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.updates.model import Comment, Update
from clerestory.families.ideas.wire import Stats

WITH = ("comment_count", "comments")


class UpdateCommentBody(msgspec.Struct):
    """A comment on an update."""

    id: str
    comment: str
    date_created: str
    update_id: str
    member: MemberBody


class UpdateBody(msgspec.Struct):
    """An update, alone or in a list."""

    id: str
    message: str
    date_created: str
    video_link: str | None
    member: MemberBody
    comment_count: int | UnsetType = UNSET
    comments: list[UpdateCommentBody] | UnsetType = UNSET


class UpdateAnswer(msgspec.Struct):
    """One update."""

    update: UpdateBody


class UpdateList(msgspec.Struct):
    """A page of updates."""

    update_list: list[UpdateBody]
    stats: Stats


class UpdateCommentAnswer(msgspec.Struct):
    """One comment on an update."""

    updateComment: UpdateCommentBody


class UpdateCommentList(msgspec.Struct):
    """A page of comments on updates."""

    updateComment_list: list[UpdateCommentBody]
    stats: Stats


class UpdateQuery(msgspec.Struct):
    """What one update may be asked with."""

    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class UpdatesQuery(msgspec.Struct):
    """What a list of updates may be asked with."""

    member_id: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class UpdateCommentQuery(msgspec.Struct):
    """What one comment on an update may be asked with."""

    format: Literal["json", "xml"] = "json"


class UpdateCommentsQuery(msgspec.Struct):
    """What a list of comments on updates may be asked with."""

    update_id: str | None = None
    member_id: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


class NewUpdate(msgspec.Struct):
    """What an update is made of."""

    message: str
    video_link: str | None = None


class NewUpdateComment(msgspec.Struct):
    """What a comment on an update is made of."""

    update_id: str
    comment: str


def to_comment(comment: Comment, member: MemberBody) -> UpdateCommentBody:
    """The comment as it is shown."""
    return UpdateCommentBody(guid(comment.uuid), comment.text, moment(comment.created), guid(comment.about), member)


def to_update(update: Update, member: MemberBody) -> UpdateBody:
    """The update as it is shown, without what is asked for beside."""
    return UpdateBody(guid(update.uuid), update.message, moment(update.created), update.video_link, member)
