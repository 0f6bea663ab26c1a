"""What pages show beside the objects of the API: one's own votes, chips and following, and a thread of comments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from clerestory.families.ideas.ideas.parts.model import Comment


@dataclass(frozen=True, slots=True)
class Myself:
    """Who looks: the id as bodies have it, empty for nobody, and whether anything is moderated by them."""

    id: str = ""
    manages: bool = False


@dataclass(frozen=True, slots=True)
class Mine:
    """What who looks has on an idea. `left`: how many chips are left to lay in its campaign."""

    vote: str | None = None
    chips: int = 0
    left: int = 0
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A comment in its thread, with its votes and one's own."""

    comment: Comment
    answers: int | None
    promotes: int
    demotes: int
    mine: str | None


@dataclass(slots=True)
class Strand:
    """A comment and what answers it. `shown`: not hidden from who looks; one that is answered leaves a gap."""

    said: Said
    shown: bool
    answers: list["Strand"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Alike:
    """An idea that may be the same as one that is being written."""

    code: str
    title: str
    status: str
    promotes: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An idea on a roadmap: among those of a status."""

    status: UUID
    idea: int


def thread(said: Sequence[Said], *, manages: bool) -> list[Strand]:
    """The comments as trees, in the order that they are given in. What is hidden and unanswered is left out."""
    strands = {one.comment.id: Strand(one, one.comment.visible or manages) for one in said}
    roots: list[Strand] = []
    for one in said:
        above = None if one.answers is None else strands.get(one.answers)
        (roots if above is None else above.answers).append(strands[one.comment.id])
    return _pruned(roots)


def _pruned(strands: list[Strand]) -> list[Strand]:
    for strand in strands:
        strand.answers = _pruned(strand.answers)
    return [strand for strand in strands if strand.shown or strand.answers]
