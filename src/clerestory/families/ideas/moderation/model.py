"""Merging as rules on values: whose votes and chips go with an idea into another one."""

from dataclasses import dataclass

from clerestory.families.ideas.standing.model import Counts


@dataclass(frozen=True, slots=True)
class Voter:
    """What one member has on two ideas of a campaign, the one that is merged and the one that stays.

    A vote is "promote", "demote" or none; `budget` and `spent` are the member's chips in that campaign.
    """

    person: int
    vote: str | None
    vote_there: str | None
    chips: int
    chips_there: int
    budget: int
    spent: int

    def carried(self, submitter: int) -> str | None:
        """The vote that goes over: none where the member has one there already, or submitted that idea."""
        return None if self.vote_there is not None or self.person == submitter else self.vote

    def laid(self, submitter: int) -> int:
        """How many chips lie there afterwards: all, but no more than the budget has, where it was cut meanwhile."""
        if self.person == submitter:
            return self.chips_there
        elsewhere = self.spent - self.chips - self.chips_there
        return max(self.chips_there, min(self.chips + self.chips_there, self.budget - elsewhere))

    def gained(self, submitter: int) -> Counts:
        """What the idea that stays gains by this member."""
        vote = self.carried(submitter)
        chips = self.laid(submitter) - self.chips_there
        return Counts(promotes=int(vote == "promote"), demotes=int(vote == "demote"), chips=chips)
