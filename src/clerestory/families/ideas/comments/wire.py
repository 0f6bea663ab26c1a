"""Comments as on the wire."""

from typing import Literal

import msgspec

from clerestory.families.ideas.files.wire import Content
from clerestory.families.ideas.ideas.parts.wire import CommentInside
from clerestory.families.ideas.ideas.wire import IdeaOutline
from clerestory.families.ideas.wire import Stats


class CommentBody(CommentInside, kw_only=True):
    """A comment, alone or in a list."""

    idea: IdeaOutline


class CommentAnswer(msgspec.Struct):
    """One comment."""

    comment: CommentBody


class CommentList(msgspec.Struct):
    """A page of comments."""

    comment_list: list[CommentBody]
    stats: Stats


class CommentQuery(msgspec.Struct):
    """What one comment may be asked with."""

    format: Literal["json", "xml"] = "json"


class CommentsQuery(msgspec.Struct):
    """What a list of comments may be asked with."""

    idea_id: str | None = None
    campaign_id: str | None = None
    member_id: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


class CommentForm(msgspec.Struct):
    """A new comment. What is called `comment` here is `text` in the answer."""

    idea_id: str
    comment: str
    attachment: Content | None = None


def to_comment_body(inside: CommentInside, idea: IdeaOutline) -> CommentBody:
    """The comment with the idea that it is on."""
    return CommentBody(
        id=inside.id,
        date_created=inside.date_created,
        text=inside.text,
        visible=inside.visible,
        admin=inside.admin,
        member=inside.member,
        attachment=inside.attachment,
        idea=idea,
    )
