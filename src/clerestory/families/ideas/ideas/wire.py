"""Ideas as on the wire: whole, and in outline inside other objects."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.campaigns.wire import CampaignOutline, to_outline
from clerestory.families.ideas.conventions.spelling import guid, guid_or_none, moment, moment_or_none
from clerestory.families.ideas.files.wire import AttachmentBody, Content
from clerestory.families.ideas.ideas.model import Idea, Named, Outline
from clerestory.families.ideas.ideas.parts.wire import AnswerBody, CommentInside, VoteInside
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.tags.wire import TagBody
from clerestory.families.ideas.wire import Stats

WITH = (
    "additional_questions",
    "tag_count",
    "tags",
    "promote_count",
    "promotes",
    "demote_count",
    "demotes",
    "comment_count",
    "comments",
    "admin_fields",
    "votes",
)


class NamedBody(msgspec.Struct):
    """A category or a status of an idea; of an idea without a category both are empty."""

    id: str
    name: str


class IdeaOutline(msgspec.Struct):
    """An idea inside another object."""

    id: str
    date_created: str
    date_modified: str | None
    title: str
    description: str
    visible: bool
    anonymous: bool
    idea_code: str
    stage_id: str | None
    step_id: str | None
    campaign: CampaignOutline


class IdeaBody(msgspec.Struct, kw_only=True):
    """An idea, alone or in a list."""

    id: str
    date_created: str
    date_modified: str | None
    title: str
    description: str
    visible: bool
    anonymous: bool
    idea_code: str
    score: int
    step_score: int
    vote_count: int
    comment_count: int
    chips: int
    url: str
    stage_id: str | None
    step_id: str | None
    member: MemberBody
    category: NamedBody
    status: NamedBody
    campaign: CampaignOutline
    votes: list[VoteInside] | UnsetType = UNSET
    additional_questions: list[AnswerBody] | UnsetType = UNSET
    tags: list[TagBody] | UnsetType = UNSET
    tag_count: int | UnsetType = UNSET
    promotes: list[VoteInside] | UnsetType = UNSET
    promote_count: int | UnsetType = UNSET
    demotes: list[VoteInside] | UnsetType = UNSET
    demote_count: int | UnsetType = UNSET
    comments: list[CommentInside] | UnsetType = UNSET
    admin_fields: list[AnswerBody] | UnsetType = UNSET
    attachments: list[AttachmentBody] | UnsetType = UNSET


class IdeaAnswer(msgspec.Struct):
    """One idea."""

    idea: IdeaBody


class IdeaList(msgspec.Struct):
    """A page of ideas."""

    idea_list: list[IdeaBody]
    stats: Stats


class IdeaQuery(msgspec.Struct):
    """What one idea may be asked with."""

    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class IdeasQuery(msgspec.Struct):
    """What a list of ideas may be asked with."""

    campaign_id: str | None = None
    category_id: str | None = None
    status_id: str | None = None
    member_id: str | None = None
    tag_id: str | None = None
    tag_name: str | None = None
    idea_code: str | None = None
    title: str | None = None
    description: str | None = None
    date_created: str | None = None
    date_modified: str | None = None
    visible: Literal["1", "0"] | None = None
    anonymous: Literal["1", "0"] | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    with_: str | None = msgspec.field(name="with", default=None)
    format: Literal["json", "xml"] = "json"


class IdeaForm(msgspec.Struct):
    """A new idea. Further files are `attachment1` and so on.

    Answers to the campaign's own questions stand beside these, each named by the question's id.
    """

    campaign_id: str
    title: str
    description: str
    category_id: str | None = None
    tags: str | None = None
    anonymous: Literal["1", "0"] | None = None
    visible: Literal["1", "0"] | None = None
    status_id: str | None = None
    member_id: str | None = None
    attachment: Content | None = None


class IdeaChange(msgspec.Struct):
    """What of an idea is to change; what is not named stays. Answers stand beside these, as in a new one."""

    title: str | None = None
    description: str | None = None
    category_id: str | None = None
    tags: str | None = None
    anonymous: Literal["1", "0"] | None = None
    visible: Literal["1", "0"] | None = None
    status_id: str | None = None
    campaign_id: str | None = None
    member_id: str | None = None


def to_idea_outline(idea: Outline) -> IdeaOutline:
    """The idea inside another object."""
    return IdeaOutline(
        id=guid(idea.uuid),
        date_created=moment(idea.created),
        date_modified=moment_or_none(idea.changed),
        title=idea.title,
        description=idea.description,
        visible=idea.visible,
        anonymous=idea.anonymous,
        idea_code=idea.code,
        stage_id=guid_or_none(idea.stage),
        step_id=guid_or_none(idea.step),
        campaign=to_outline(idea.campaign),
    )


def to_idea(idea: Idea, submitter: MemberBody, url: str) -> IdeaBody:
    """The idea without what it is asked with."""
    outline = idea.outline
    return IdeaBody(
        id=guid(outline.uuid),
        date_created=moment(outline.created),
        date_modified=moment_or_none(outline.changed),
        title=outline.title,
        description=outline.description,
        visible=outline.visible,
        anonymous=outline.anonymous,
        idea_code=outline.code,
        score=idea.score,
        step_score=idea.step_score,
        vote_count=idea.counts.votes,
        comment_count=idea.comments,
        chips=idea.counts.chips,
        url=url,
        stage_id=guid_or_none(outline.stage),
        step_id=guid_or_none(outline.step),
        member=submitter,
        category=_named(idea.category),
        status=_named(idea.status),
        campaign=to_outline(outline.campaign),
    )


def _named(named: Named | None) -> NamedBody:
    return NamedBody("", "") if named is None else NamedBody(guid(named.uuid), named.name)
