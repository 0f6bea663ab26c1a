"""An idea merged into another one: what goes over, what comes back, what is refused, and every counter after it."""

from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.ideas.moderation import store
from clerestory.families.ideas.moderation.merge import APART, ITSELF
from clerestory.families.ideas.moderation.model import Voter
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.standing.model import Shift, together
from tests.families.ideas.ground import Ground, get
from tests.families.ideas.land import make_campaign
from tests.families.ideas.moderating import act, comment, lay, number_of, said, vote
from tests.families.ideas.test_standing import as_recounted, counts, keys

amounts = st.integers(0, 50)
kinds = st.sampled_from([None, "promote", "demote"])
voters = st.builds(Voter, st.integers(1, 3), kinds, kinds, amounts, amounts, st.integers(0, 100), st.integers(0, 200))


@given(voters, st.integers(1, 3))
def test_what_a_member_carries_over(voter: Voter, submitter: int) -> None:
    laid, own = voter.laid(submitter), voter.person == submitter
    assert voter.chips_there <= laid <= voter.chips_there + voter.chips
    assert laid == voter.chips_there or not own
    # Nothing new is spent, and what is over the budget comes back as far as it came with this idea.
    after = voter.spent - voter.chips - voter.chips_there + laid
    assert after <= max(voter.budget, voter.spent - voter.chips)
    assert (voter.carried(submitter) is not None) == (voter.vote is not None and voter.vote_there is None and not own)


@given(st.lists(st.builds(Shift, keys, st.integers(-1, 1), counts)))
def test_tallies_that_are_locked_together_stand_in_one_order_once_each(shifts: list[Shift]) -> None:
    found = together(shifts)
    places = [shift.key.place for shift in found]
    assert places == sorted(set(places))
    assert sum(shift.ideas for shift in found) == sum(shift.ideas for shift in shifts)
    assert sum(shift.counts.comments for shift in found) == sum(shift.counts.comments for shift in shifts)


async def test_a_merged_idea_gives_all_it_has_and_leads_to_the_other(ground: Ground) -> None:
    await ground.set(promote_points=3, demote_points=-2, comment_points=1, chip_points=2, chips=20)
    stays, goes = await ground.post(title="Fans"), await ground.post(title="Quiet fans", tags="fan")
    await vote(ground, stays["id"], "demote", ground.bo)
    await vote(ground, goes["id"], "promote", ground.bo)
    await vote(ground, goes["id"], "promote", ground.max)
    await lay(ground, stays["id"], 3, ground.bo)
    await lay(ground, goes["id"], 4, ground.bo)
    await lay(ground, goes["id"], 5, ground.max)
    shown, hidden = await comment(ground, goes["id"]), await comment(ground, goes["id"], "Hush")
    await act(ground, "comment", hidden, "hide")
    answer = await act(ground, "idea", goes["id"], "merge", into=await number_of(ground, "idea", stays["id"]))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["visible"], answer.json()["merged_into"]) == (False, 1)
    found = (await get(ground, f"/api3/idea/{stays['id']}"))["idea"]
    assert [found[name] for name in ("vote_count", "comment_count", "score")] == [2, 1, 3 - 2 + 1 + 12 * 2]
    assert {one["member"]["first_name"]: one["type"] for one in found["votes"]} == {"Bo": "demote", "Max": "promote"}
    laid = "SELECT person || ' ' || idea || ' ' || chips FROM tenant.ideas_chip_vote ORDER BY person"
    assert await ground.tenant.scope.direct().values(laid) == [
        f"{ground.people['bo']} 1 7",
        f"{ground.people['max']} 1 5",
    ]
    assert (await get(ground, f"/api3/comment/{shown}"))["comment"]["idea"]["id"] == stays["id"]
    assert (await ground.client.get(f"/api3/idea/{goes['id']}", headers=ground.ann)).status_code == 404
    events = (await get(ground, f"/api3/activity?idea_id={stays['id']}"))["activity_list"]
    assert sorted(event["type"] for event in events).count("POST_COMMENT") == 1
    await as_recounted(ground)
    direct = ground.tenant.scope.direct()
    assert await store.leads_to(direct, Viewer(ground.people["ann"]), "D2") == "D1"
    assert await store.leads_to(direct, Viewer(), "D2") is None
    assert await store.leads_to(direct, Viewer(ground.people["ann"]), "D1") is None


async def test_chips_come_back_from_ones_own_idea_and_past_a_budget_that_was_cut(ground: Ground) -> None:
    goes = await ground.post()
    answer = await ground.client.post(
        "/api3/idea",
        data={
            "campaign_id": ground.campaign_id,
            "title": "Bo's",
            "description": "B",
            "category_id": ground.category_id,
        },
        headers=ground.bo,
    )
    stays = answer.json()["idea"]
    await lay(ground, goes["id"], 40, ground.bo)
    await lay(ground, stays["id"], 10, ground.max)
    await lay(ground, goes["id"], 30, ground.max)
    await vote(ground, goes["id"], "promote", ground.bo)
    await ground.tenant.scope.direct().execute("UPDATE tenant.ideas_chip_budget SET budget = 25")
    assert (await act(ground, "idea", goes["id"], "merge", into=2)).status_code == 200
    laid = "SELECT person || ' ' || chips FROM tenant.ideas_chip_vote"
    assert await ground.tenant.scope.direct().values(laid) == [f"{ground.people['max']} 25"]
    assert (await get(ground, f"/api3/idea/{stays['id']}"))["idea"]["vote_count"] == 0
    await as_recounted(ground)


async def test_what_leads_to_an_idea_goes_on_with_it(ground: Ground) -> None:
    first, second, third = [(await ground.post())["id"] for _ in range(3)]
    assert (await act(ground, "idea", first, "merge", into=2)).status_code == 200
    assert (await act(ground, "idea", second, "merge", into=3)).status_code == 200
    led = "SELECT merged_into FROM tenant.ideas_idea ORDER BY id"
    assert await ground.tenant.scope.direct().values(led) == [3, 3, None]
    assert third
    await as_recounted(ground)


async def test_what_is_not_merged(ground: Ground) -> None:
    one, two, three = [(await ground.post())["id"] for _ in range(3)]
    assert said(await act(ground, "idea", one, "merge")) == (400, "into", "This field is required.")
    assert said(await act(ground, "idea", one, "merge", into=99)) == (400, "into", "There is no such idea.")
    assert said(await act(ground, "idea", one, "merge", into=1)) == (409, None, ITSELF)
    other = await make_campaign(ground.tenant, name="Other")
    assert (await act(ground, "idea", three, "move", campaign=other)).status_code == 200
    assert said(await act(ground, "idea", one, "merge", into=3)) == (409, None, APART)
    assert (await act(ground, "idea", one, "merge", into=2)).status_code == 200
    merged = (409, None, "This idea was merged into D2")
    assert said(await act(ground, "idea", one, "merge", into=2)) == merged
    assert said(await act(ground, "idea", two, "merge", into=1)) == merged
    assert said(await act(ground, "idea", one, "show")) == merged
    assert said(await act(ground, "idea", one, "move", campaign=other)) == merged
    answer = await ground.client.put(f"/api3/idea/{one}", data={"visible": "1"}, headers=ground.max)
    assert (answer.status_code, answer.json()["message"]) == (400, merged[2])
    await as_recounted(ground)
