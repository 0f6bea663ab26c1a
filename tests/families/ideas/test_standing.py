"""Scores and counters: the rule, the SQL of a recount, and what writes keep up are one and the same."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerestory.families.ideas.chipvotes.model import Purse
from clerestory.families.ideas.recount import recount
from clerestory.families.ideas.standing.model import Counts, Key, Points, Standing, shifts
from clerestory.families.ideas.votes.model import Type, gained
from clerestory.platform.database import Tx
from tests.families.ideas.ground import Ground
from tests.families.ideas.land import make_campaign, put, uuid_of

COUNTERS = {
    "ideas_standing": "idea, campaign, visible, score, promotes, demotes, chips, comments, hidden_comments",
    "ideas_tally": "campaign, category, status, visible, ideas, comments, hidden_comments, votes",
    "ideas_tag": "id, ideas, hidden_ideas",
    "ideas_comment": "id, promotes, demotes",
    "ideas_campaign": "id, members",
    "ideas_chip_budget": "campaign, person, spent",
}
# A tally that has nothing any more may stay.
ALL_OF = {table: f"SELECT ROW({columns})::text FROM tenant.{table}" for table, columns in COUNTERS.items()}
ALL_OF["ideas_tally"] += " WHERE ideas + comments + hidden_comments + votes > 0"

counts = st.builds(Counts, *(st.integers(0, 1000) for _ in range(5)))
points = st.builds(Points, *(st.integers(-10, 10) for _ in range(4)))
votes = st.sampled_from([None, *Type])
keys = st.builds(Key, st.integers(1, 3), st.sampled_from([None, 1, 2]), st.integers(1, 3), st.booleans())


@given(counts, counts, points)
def test_a_score_is_the_sum_of_what_it_is_made_of(one: Counts, other: Counts, scheme: Points) -> None:
    assert (one + other).score(scheme) == one.score(scheme) + other.score(scheme)
    assert (one + -one).score(scheme) == 0
    assert Counts(hidden_comments=5).score(scheme) == 0


def test_the_usual_points() -> None:
    assert Counts(promotes=7, demotes=2, chips=10, comments=3).score(Points()) == 5
    assert Counts(promotes=7, demotes=2, chips=10, comments=3).score(Points(2, -3, 5, 1)) == 33


@given(st.lists(votes, min_size=1))
def test_only_the_last_vote_of_a_member_counts(sequence: list[Type | None]) -> None:
    total, before = Counts(), None
    for vote in sequence:
        total, before = total + gained(before, vote), vote
    assert total == gained(None, sequence[-1])


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_purse_is_never_overdrawn_by_laying_more(budget: int, elsewhere: int, before: int, after: int) -> None:
    purse = Purse(budget, elsewhere + before)
    assert purse.covers(before, after) == (after <= before or elsewhere + after <= budget)


@given(keys, keys, counts, counts)
def test_what_tallies_gain_is_in_one_order_and_adds_up(one: Key, other: Key, had: Counts, has: Counts) -> None:
    found = shifts(Standing(one, had, Points()), Standing(other, has, Points()))
    assert [shift.key.place for shift in found] == sorted(shift.key.place for shift in found)
    assert sum(shift.ideas for shift in found) == 0
    assert sum(shift.counts.votes for shift in found) == has.votes - had.votes
    assert sum(shift.counts.comments for shift in found) == has.comments - had.comments


async def all_counters(tx: Tx) -> dict[str, list[str]]:
    return {table: sorted(await tx.values(sql)) for table, sql in ALL_OF.items()}


async def as_recounted(ground: Ground) -> None:
    """Asserts that every counter is what the rows say."""
    async with ground.tenant.scope.begin() as tx:
        kept = await all_counters(tx)
        await recount(tx)
        assert await all_counters(tx) == kept


ACTIONS = 11
"""How many kinds of writes `Walk.step` knows."""


@dataclass
class Walk:
    """Random writes of several people in two campaigns, by the API alone."""

    ground: Ground
    random: random.Random
    campaigns: dict[str, str]
    statuses: list[str]
    ideas: list[str]
    comments: list[str]

    async def ask(self, method: str, path: str, data: dict[str, str], who: str = "") -> Any:
        headers = getattr(self.ground, who or self.random.choice(["ann", "bo", "max"]))
        answer = await self.ground.client.request(method, f"/api3/{path}", data=data, headers=headers)
        # A rule may refuse; whatever it refuses leaves nothing behind.
        assert answer.status_code in (200, 400, 403, 404), answer.text
        return answer.json() if answer.status_code == 200 else None

    async def stroll(self) -> None:
        """One write of any kind."""
        await self.step(self.random.randrange(ACTIONS) if self.ideas else 0)

    async def step(self, action: int) -> None:
        """One write of the kind that `action` says."""
        pick, kind = self.random.choice, self.random.choice(["promote", "demote"])
        if action == 0:
            campaign = pick(list(self.campaigns))
            fields = {"title": "A", "description": "B", "tags": pick(["", "fan", "cost,Fan", "oil"])}
            fields |= {"campaign_id": campaign, "category_id": self.campaigns[campaign]}
            made = await self.ask("POST", "idea", fields)
            self.ideas.append(made["idea"]["id"])
        elif action <= 3:
            await self.ask("POST", "vote", {"idea_id": pick(self.ideas), "type": kind})
        elif action == 4:
            await self.ask("DELETE", f"vote?idea_id={pick(self.ideas)}", {})
        elif action == 5:
            chips = str(self.random.randrange(60))
            await self.ask("POST", "chipVote", {"idea_id": pick(self.ideas), "chips": chips})
        elif action == 6:
            made = await self.ask("POST", "comment", {"idea_id": pick(self.ideas), "comment": "Yes"})
            self.comments += [made["comment"]["id"]] if made else []
        elif action == 7 and self.comments:
            await self.ask("POST", "commentVote", {"comment_id": pick(self.comments), "type": kind})
        elif action == 8 and self.comments:
            await self.ask("DELETE", f"commentVote?comment_id={pick(self.comments)}", {})
        else:
            await self.edit(pick(self.ideas))

    async def edit(self, idea: str) -> None:
        campaign = self.random.choice(list(self.campaigns))
        change = self.random.choice(
            [
                {"visible": self.random.choice(["0", "1"])},
                {"status_id": self.random.choice(self.statuses)},
                {"tags": self.random.choice(["", "fan,oil", "new"])},
                {"campaign_id": campaign, "category_id": self.campaigns[campaign]},
            ]
        )
        await self.ask("PUT", f"idea/{idea}", change, "max")


async def begun(ground: Ground, chance: random.Random) -> Walk:
    """A walk between the ground's campaign and a new one with other points."""
    await ground.set(promote_points=3, demote_points=-2, comment_points=1, chip_points=2)
    other = await make_campaign(ground.tenant, name="Other", comment_points=5)
    await put(ground.tenant, "ideas_role", campaign=other, person=ground.people["max"], role="administrator")
    category = await put(ground.tenant, "ideas_category", campaign=other, name="Light")
    ids = [str(await uuid_of(ground.tenant, *row)) for row in (("ideas_campaign", other), ("ideas_category", category))]
    campaigns = {ground.campaign_id: ground.category_id, ids[0]: ids[1]}
    return Walk(ground, chance, campaigns, [ground.status_id, ground.later_id], [], [])


# Each example walks on among the rows of those before it.
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(chance=st.randoms(use_true_random=False), steps=st.integers(1, 40))
async def test_counters_equal_a_recount_after_any_writes(ground: Ground, chance: random.Random, steps: int) -> None:
    walk = await begun(ground, chance)
    for _ in range(steps):
        await walk.stroll()
    await as_recounted(ground)


async def test_counters_equal_a_recount_after_parallel_writes(ground: Ground) -> None:
    walk = await begun(ground, random.Random(7))
    walk.ideas = [(await ground.post())["id"] for _ in range(2)]
    walk.comments = [(await walk.ask("POST", "comment", {"idea_id": walk.ideas[0], "comment": "Yes"}))["comment"]["id"]]
    # So that there is something to count, whatever of the rest is refused.
    for path, what in (("vote", {"type": "promote"}), ("chipVote", {"chips": "5"})):
        assert await walk.ask("POST", path, {"idea_id": walk.ideas[1], **what}, "bo")
    for _ in range(5):
        await asyncio.gather(*(walk.step(action) for action in range(ACTIONS)))
    await as_recounted(ground)


async def test_parallel_votes_add_up(ground: Ground, client: httpx.AsyncClient) -> None:
    idea = await ground.post()
    voters = [ground.bo, ground.max]
    data = {"idea_id": idea["id"], "type": "promote"}
    answers = await asyncio.gather(
        *(client.post("/api3/vote", data=data, headers=who) for _ in range(10) for who in voters)
    )
    assert {answer.status_code for answer in answers} == {200}
    found = (await client.get(f"/api3/idea/{idea['id']}", headers=ground.ann)).json()["idea"]
    assert (found["vote_count"], found["score"], len(found["votes"])) == (2, 2, 2)
    events = "SELECT count(*) FROM tenant.ideas_activity WHERE type = 'PROMOTE_IDEA'"
    assert await ground.tenant.scope.direct().value(events) == 2
    await as_recounted(ground)


async def test_parallel_chips_stay_within_the_budget(ground: Ground, client: httpx.AsyncClient) -> None:
    await ground.set(chips=10)
    ideas = [(await ground.post())["id"] for _ in range(6)]
    answers = await asyncio.gather(
        *(client.post("/api3/chipVote", data={"idea_id": idea, "chips": "4"}, headers=ground.bo) for idea in ideas)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 400, 400, 400, 400]
    await as_recounted(ground)
