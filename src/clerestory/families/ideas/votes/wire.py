"""Votes as on the wire."""

from typing import Literal

import msgspec

from clerestory.families.ideas.ideas.parts.wire import VoteInside
from clerestory.families.ideas.ideas.wire import IdeaOutline
from clerestory.families.ideas.wire import Stats


class VoteBody(VoteInside):
    """A vote, alone or in a list."""

    idea: IdeaOutline


class VoteAnswer(msgspec.Struct):
    """One vote."""

    vote: VoteBody


class VoteList(msgspec.Struct):
    """A page of votes."""

    vote_list: list[VoteBody]
    stats: Stats


class VotesQuery(msgspec.Struct):
    """What a list of votes may be asked with."""

    idea_id: str | None = None
    member_id: str | None = None
    type: Literal["promote", "demote"] | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


class VoteQuery(msgspec.Struct):
    """What a vote may be cast with, beside its body."""

    format: Literal["json", "xml"] = "json"


class WithdrawalQuery(msgspec.Struct):
    """Which vote is withdrawn: that of who asks, on this idea."""

    idea_id: str
    format: Literal["json", "xml"] = "json"


class VoteForm(msgspec.Struct):
    """A vote on an idea."""

    idea_id: str
    type: Literal["promote", "demote"]


def to_vote_body(inside: VoteInside, idea: IdeaOutline) -> VoteBody:
    """The vote with the idea that it is on."""
    return VoteBody(inside.date_created, inside.type, inside.member, idea)
