"""Votes on comments as on the wire."""

from typing import Literal

import msgspec

from clerestory.families.ideas.ideas.wire import IdeaOutline
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.wire import Stats


class CommentOutline(msgspec.Struct):
    """A comment inside its vote."""

    id: str
    date_created: str
    text: str
    idea: IdeaOutline


class CommentVoteBody(msgspec.Struct):
    """A vote on a comment."""

    comment_id: str
    date_created: str
    type: str
    comment: CommentOutline
    member: MemberBody


class CommentVoteAnswer(msgspec.Struct):
    """One vote on a comment."""

    commentVote: CommentVoteBody


class CommentVoteList(msgspec.Struct):
    """A page of votes on comments."""

    commentVote_list: list[CommentVoteBody]
    stats: Stats


class CommentVotesQuery(msgspec.Struct):
    """What a list of votes on comments may be asked with."""

    comment_id: str | None = None
    member_id: str | None = None
    type: Literal["promote", "demote"] | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


class CommentVoteQuery(msgspec.Struct):
    """What a vote may be cast with, beside its body."""

    format: Literal["json", "xml"] = "json"


class CommentWithdrawalQuery(msgspec.Struct):
    """Which vote is withdrawn: that of who asks, on this comment."""

    comment_id: str
    format: Literal["json", "xml"] = "json"


class CommentVoteForm(msgspec.Struct):
    """A vote on a comment."""

    comment_id: str
    type: Literal["promote", "demote"]
