"""An idea as a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.campaigns import model as campaigns
from clerestory.families.ideas.rights.model import Case, Deed, Viewer, may
from clerestory.families.ideas.standing.model import Counts


@dataclass(frozen=True, slots=True)
class Named:
    """A category or a status of an idea."""

    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Outline:
    """An idea as other objects show it."""

    id: int
    uuid: UUID
    code: str
    title: str
    description: str
    visible: bool
    anonymous: bool
    stage: UUID | None
    step: UUID | None
    created: datetime
    changed: datetime | None
    campaign: campaigns.Outline


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea with its standing, and what the one who asks is in its campaign. `files`: whether it has any."""

    outline: Outline
    person: int
    step_score: int
    category: Named | None
    status: Named
    score: int
    counts: Counts
    files: bool
    public: bool
    revealing: bool
    administers: bool
    manages: bool

    @property
    def comments(self) -> int:
        """How many comments the one who asks is told of."""
        return self.counts.comments + (self.counts.hidden_comments if self.manages else 0)

    def reveals(self, viewer: Viewer) -> bool:
        """Whether it is shown who submitted it."""
        if not self.outline.anonymous:
            return True
        role = viewer.role_in(administers=self.administers, moderates=self.manages)
        case = Case(public=self.public, own=viewer.person == self.person, revealing=self.revealing)
        return may(role, Deed.SEE_SUBMITTER, case)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ideas a list is to have; None: whatever."""

    campaign: UUID | None = None
    category: UUID | None = None
    status: UUID | None = None
    visible: bool | None = None
    code: str | None = None
    title: str | None = None
    description: str | None = None
    anonymous: bool | None = None
    member: UUID | None = None
    tag: UUID | None = None
    tag_name: str | None = None
    created: tuple[datetime, datetime] | None = None
    changed: tuple[datetime, datetime] | None = None
    # What must all begin words of an idea; the campaign must be given with it, for it is read in its language.
    sought: Sequence[str] | None = None
