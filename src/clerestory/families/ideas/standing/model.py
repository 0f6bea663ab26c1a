"""The score of an idea as a rule: what was counted, times what the campaign gives for it.

`recount` says the same in SQL; a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Points:
    """What a campaign gives for one of each. All may be negative."""

    promote: int = 1
    demote: int = -1
    comment: int = 0
    chip: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What an idea has; as a change, what it gains of each. Hidden comments give no points."""

    promotes: int = 0
    demotes: int = 0
    chips: int = 0
    comments: int = 0
    hidden_comments: int = 0

    @property
    def votes(self) -> int:
        """Promotes and demotes together."""
        return self.promotes + self.demotes

    def __add__(self, change: "Counts") -> "Counts":
        return Counts(
            self.promotes + change.promotes,
            self.demotes + change.demotes,
            self.chips + change.chips,
            self.comments + change.comments,
            self.hidden_comments + change.hidden_comments,
        )

    def __neg__(self) -> "Counts":
        return Counts(-self.promotes, -self.demotes, -self.chips, -self.comments, -self.hidden_comments)

    def score(self, points: Points) -> int:
        """The score that these deserve."""
        return (
            self.promotes * points.promote
            + self.demotes * points.demote
            + self.comments * points.comment
            + self.chips * points.chip
        )


@dataclass(frozen=True, slots=True)
class Key:
    """By what ideas are tallied. `category` None: an idea without one."""

    campaign: int
    category: int | None
    status: int
    visible: bool

    @property
    def place(self) -> tuple[int, int, int, bool]:
        """Where its row stands among all that are locked together."""
        return self.campaign, self.category or 0, self.status, self.visible


@dataclass(frozen=True, slots=True)
class Standing:
    """An idea's counts where it is tallied, and what its campaign gives for them."""

    key: Key
    counts: Counts
    points: Points


@dataclass(frozen=True, slots=True)
class Shift:
    """What a tally gains: ideas, and what they have."""

    key: Key
    ideas: int = 0
    counts: Counts = Counts()


def shifts(before: Standing, after: Standing) -> list[Shift]:
    """What the tallies gain when an idea goes from one standing to another, in the order in which they are locked."""
    if before.key == after.key:
        gained = Shift(after.key, 0, after.counts + -before.counts)
        kept = not (gained.counts.votes or gained.counts.comments or gained.counts.hidden_comments)
        return [] if kept else [gained]
    both = [Shift(before.key, -1, -before.counts), Shift(after.key, 1, after.counts)]
    return sorted(both, key=lambda shift: shift.key.place)


def together(shifts: Iterable[Shift]) -> list[Shift]:
    """What tallies gain by all of these, each tally once, in the order in which they are locked."""
    found: dict[Key, Shift] = {}
    for shift in shifts:
        before = found.get(shift.key, Shift(shift.key))
        found[shift.key] = Shift(shift.key, before.ideas + shift.ideas, before.counts + shift.counts)
    return sorted(found.values(), key=lambda shift: shift.key.place)
