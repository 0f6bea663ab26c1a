"""A campaign's rules as they bear on one who writes there, and on an idea that is written about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.rights.model import Case, Deed, Role, Viewer, refusal
from clerestory.kernel.errors import Problem


@dataclass(frozen=True, slots=True)
class Ground:
    """A campaign, and whether the one who asks administers, moderates and may enter it."""

    campaign: int
    status: str
    scheduled: bool
    starts: datetime | None
    ends: datetime | None
    public: bool
    voting: bool
    demoting: bool
    commenting: bool
    tagging: bool
    anonymous: bool
    revealing: bool
    category_required: bool
    chips: int
    language: str
    administers: bool
    manages: bool
    enters: bool

    def role(self, viewer: Viewer) -> Role:
        """What the one who asks is here."""
        return viewer.role_in(administers=self.administers, moderates=self.manages)

    def is_open(self, now: datetime) -> bool:
        """Whether contributions are taken: while it is active and, where it goes by its dates, between them."""
        if self.status not in ("Active", "Draft"):
            return False
        begun = self.starts is None or self.starts <= now
        return not self.scheduled or (begun and (self.ends is None or now < self.ends))

    def case(self, *, visible: bool = True, own: bool = False) -> Case:
        """What the rights' table is asked about. A draft is as a campaign that only those enter who manage it."""
        return Case(
            public=self.public and self.status != "Draft",
            may_enter=self.enters,
            visible=visible,
            own=own,
            commenting=self.commenting,
            voting=self.voting,
            demoting=self.demoting,
            revealing=self.revealing,
        )


@dataclass(frozen=True, slots=True)
class Plot:
    """One idea on its ground."""

    idea: int
    uuid: UUID
    person: int
    visible: bool
    anonymous: bool
    category: int | None
    status: int
    ground: Ground

    def refusal(self, viewer: Viewer, deed: Deed) -> Problem | None:
        """What is raised where this one may not do the deed with the idea, or None."""
        own = viewer.person == self.person
        return refusal(self.ground.role(viewer), deed, self.ground.case(visible=self.visible, own=own))

    def require(self, viewer: Viewer, deed: Deed) -> None:
        """Raises what this one deserves where it may not do the deed with the idea."""
        problem = self.refusal(viewer, deed)
        if problem is not None:
            raise problem
