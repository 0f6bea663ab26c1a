"""What members contributed, as the uniform API and the admin panel show it: read, and moderated by actions."""

from clerestory.families.ideas.declared import UUID, looked_at, shown
from clerestory.families.ideas.moderation.actions import ON_COMMENTS, ON_IDEAS
from clerestory.kernel.values import Type
from clerestory.platform.resources import Field

IDEAS = looked_at(
    "ideas/ideas",
    "IdeasIdea",
    "ideas_idea",
    (
        UUID,
        shown("code", doc="What people know it by."),
        shown("campaign", Type.WHOLE),
        shown("category", Type.WHOLE, nullable=True),
        shown("status", Type.WHOLE),
        shown("person", Type.WHOLE, "Who submitted it."),
        Field("title", writable=False, searchable=True),
        Field("description", writable=False, longest=50_000, searchable=True, filterable=False, orderable=False),
        shown("visible", Type.TRUTH),
        shown("anonymous", Type.TRUTH),
        shown("merged_into", Type.WHOLE, nullable=True),
        shown("changed", Type.MOMENT, "When it was last edited.", nullable=True),
    ),
    doc="One idea.",
    actions=ON_IDEAS,
)

COMMENTS = looked_at(
    "ideas/comments",
    "IdeasComment",
    "ideas_comment",
    (
        UUID,
        shown("idea", Type.WHOLE),
        shown("person", Type.WHOLE, "Who wrote it."),
        shown("answers", Type.WHOLE, "The comment that it answers.", nullable=True),
        Field("text", writable=False, longest=50_000, searchable=True, filterable=False, orderable=False),
        shown("visible", Type.TRUTH),
        shown("promotes", Type.WHOLE),
        shown("demotes", Type.WHOLE),
    ),
    doc="One comment on an idea.",
    actions=ON_COMMENTS,
)

VOTES = looked_at(
    "ideas/votes",
    "IdeasVote",
    "ideas_vote",
    (shown("idea", Type.WHOLE), shown("person", Type.WHOLE), shown("type", doc="promote or demote.")),
    doc="One member's vote on an idea.",
)
