"""The parts of an idea as values. Each names its idea by the number, and people likewise."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.files.model import File

FIRST = 20
"""How many of each are shown with an idea."""

PROMOTE, DEMOTE = "promote", "demote"


@dataclass(frozen=True, slots=True)
class Vote:
    """One member's vote on an idea."""

    idea: int
    type: str
    person: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. `admin`: by one who administers the tenant or the campaign."""

    id: int
    uuid: UUID
    idea: int
    person: int
    text: str
    visible: bool
    admin: bool
    created: datetime
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of an idea, with how many ideas have it, and among which it stands."""

    idea: int
    uuid: UUID
    name: str
    ideas: int
    hidden_ideas: int
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question of the form. `restricted`: one that administrators alone are asked and shown."""

    idea: int
    question: UUID
    description: str
    type: str
    instruction: str
    place: int
    text: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of an idea."""

    idea: int
    file: File


@dataclass(frozen=True, slots=True)
class Parts:
    """What belongs to the ideas of one page, as far as it was asked for."""

    votes: list[Vote] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    files: list[Attached] = field(default_factory=list)

    @property
    def people(self) -> set[int]:
        """Whoever is shown in any of them."""
        return {vote.person for vote in self.votes} | {comment.person for comment in self.comments}

    def by_idea(self) -> Mapping[int, "Parts"]:
        """{idea: what belongs to it}; nothing for one that has none."""
        found: defaultdict[int, Parts] = defaultdict(Parts)
        for vote in self.votes:
            found[vote.idea].votes.append(vote)
        for comment in self.comments:
            found[comment.idea].comments.append(comment)
        for tag in self.tags:
            found[tag.idea].tags.append(tag)
        for answer in self.answers:
            found[answer.idea].answers.append(answer)
        for file in self.files:
            found[file.idea].files.append(file)
        return found
