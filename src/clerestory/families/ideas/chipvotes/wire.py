"""Chips as on the wire. Numbers, though a documented example has a text: an idea's own are compared as numbers."""

from typing import Literal

import msgspec

from clerestory.families.ideas.ideas.wire import IdeaOutline
from clerestory.families.ideas.members.wire import MemberBody
from clerestory.families.ideas.wire import Stats


class ChipVoteBody(msgspec.Struct):
    """What a member has laid on an idea."""

    chips: int
    date_created: str
    member: MemberBody
    idea: IdeaOutline


class ChipVoteAnswer(msgspec.Struct):
    """One member's chips on one idea."""

    chipVote: ChipVoteBody


class ChipVoteList(msgspec.Struct):
    """A page of chips on ideas."""

    chipVote_list: list[ChipVoteBody]
    stats: Stats


class ChipVotesQuery(msgspec.Struct):
    """What a list of chips may be asked with."""

    idea_id: str | None = None
    member_id: str | None = None
    date_created: str | None = None
    page: int = 1
    page_size: int = 20
    order: str | None = None
    format: Literal["json", "xml"] = "json"


class ChipVoteQuery(msgspec.Struct):
    """What chips may be laid with, beside the body."""

    format: Literal["json", "xml"] = "json"


class ChipVoteForm(msgspec.Struct):
    """So many chips are to lie on an idea; 0 takes them back."""

    idea_id: str
    chips: int
