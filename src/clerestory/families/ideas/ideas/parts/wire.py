"""The parts of an idea as on the wire. Inside their idea they do not repeat it."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from clerestory.families.ideas.conventions.spelling import guid, moment
from clerestory.families.ideas.files.wire import AttachmentBody, to_attachment
from clerestory.families.ideas.ideas.parts.model import Answer, Comment, Tag, Vote
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.tags.wire import TagBody


class VoteInside(msgspec.Struct):
    """A vote with its idea."""

    date_created: str
    type: str
    member: MemberBody


class CommentInside(msgspec.Struct, kw_only=True):
    """A comment with its idea."""

    id: str
    date_created: str
    text: str
    visible: bool
    admin: int
    member: MemberBody
    attachment: AttachmentBody | UnsetType = UNSET


class AnswerBody(msgspec.Struct):
    """An answer to a question of the campaign's form."""

    id: str
    description: str
    response_text: str
    type: str
    order: int
    instruction_text: str


def to_vote(vote: Vote, people: Mapping[int, MemberBody]) -> VoteInside:
    """The vote as it is shown."""
    return VoteInside(moment(vote.created), vote.type, people[vote.person])


def to_comment(comment: Comment, people: Mapping[int, MemberBody], files: str) -> CommentInside:
    """The comment as it is shown."""
    return CommentInside(
        id=guid(comment.uuid),
        date_created=moment(comment.created),
        text=comment.text,
        visible=comment.visible,
        admin=int(comment.admin),
        member=people[comment.person],
        attachment=UNSET if comment.file is None else to_attachment(comment.file, "COMMENT", files),
    )


def to_tags(tags: Sequence[Tag], *, hidden: bool) -> list[TagBody]:
    """The tags as they are shown; `hidden`: hidden ideas count too."""
    return [TagBody(guid(tag.uuid), tag.name, tag.ideas + (tag.hidden_ideas if hidden else 0)) for tag in tags]


def to_answer(answer: Answer) -> AnswerBody:
    """The answer as it is shown."""
    return AnswerBody(
        id=guid(answer.question),
        description=answer.description,
        response_text=answer.text,
        type=answer.type,
        order=answer.place,
        instruction_text=answer.instruction,
    )
