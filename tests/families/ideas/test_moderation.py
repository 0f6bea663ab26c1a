"""Moderation by the workspace API: ideas and comments hidden, shown, moved; who may, and every counter after it."""

import asyncio
import random
from functools import partial
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.moderation.hide import show_comment, show_idea
from clerestory.families.ideas.moderation.merge import merge
from clerestory.families.ideas.moderation.move import WHICH_CATEGORY
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.standing import keep
from clerestory.kernel.errors import Conflict, Forbidden, NotFound, Problem
from tests.families.ideas.ground import Ground, get
from tests.families.ideas.land import make_campaign, put, uuid_of
from tests.families.ideas.moderating import act, comment, lay, number_of, said
from tests.families.ideas.test_standing import Walk, as_recounted, begun
from tests.fixtures.tenants import MakeTenant
from tests.platform.jobs.crew import until


def asked(ground: Ground, person: str) -> Asked:
    return Asked(ground.tenant.scope, Viewer(ground.people[person]), Parameters({}))


async def test_an_idea_is_hidden_and_shown(ground: Ground) -> None:
    idea = await ground.post(tags="fan")
    for action, visible, status in (("hide", False, 404), ("hide", False, 404), ("show", True, 200)):
        answer = await act(ground, "idea", idea["id"], action)
        row = await number_of(ground, "idea", idea["id"])
        assert (answer.status_code, answer.json()["id"], answer.json()["visible"]) == (200, row, visible)
        assert (await ground.client.get(f"/api3/idea/{idea['id']}", headers=ground.ann)).status_code == status
        await as_recounted(ground)


async def test_a_comment_is_hidden_and_shown(ground: Ground) -> None:
    idea = await ground.post()
    remark = await comment(ground, idea["id"])
    for action, visible, status, count in (("hide", False, 404, 0), ("show", True, 200, 1)):
        answer = await act(ground, "comment", remark, action)
        assert (answer.status_code, answer.json()["visible"]) == (200, visible)
        assert (await ground.client.get(f"/api3/comment/{remark}", headers=ground.ann)).status_code == status
        assert (await get(ground, f"/api3/idea/{idea['id']}"))["idea"]["comment_count"] == count
        await as_recounted(ground)


async def test_a_comment_that_a_merge_just_carried_off_is_told(ground: Ground) -> None:
    one, other = await ground.post(), await ground.post()
    remark = await number_of(ground, "comment", await comment(ground, one["id"]))
    uuid = await uuid_of(ground.tenant, "ideas_comment", remark)
    elsewhere = await number_of(ground, "idea", other["id"])

    async def waiting() -> bool:
        sql = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity
                            WHERE wait_event_type = 'Lock' AND datname = current_database())
        """
        return bool(await ground.tenant.scope.direct().value(sql))

    async with ground.tenant.scope.begin() as tx:
        await keep.hold(tx, UUID(one["id"]))
        hiding = asyncio.ensure_future(show_comment(asked(ground, "max"), uuid, visible=False))
        await until(waiting)
        carry = "UPDATE tenant.ideas_comment SET idea = :elsewhere WHERE id = :remark"
        await tx.execute(carry, elsewhere=elsewhere, remark=remark)
    with pytest.raises(Conflict, match="just moved"):
        await hiding


async def test_who_moderates(ground: Ground) -> None:
    """Ann and Bo are members, Bo then a moderator; Max administers the campaign."""
    one, other = await ground.post(), await ground.post()
    remark = await uuid_of(
        ground.tenant, "ideas_comment", await number_of(ground, "comment", await comment(ground, one["id"]))
    )
    ideas = [
        await uuid_of(ground.tenant, "ideas_idea", await number_of(ground, "idea", idea["id"])) for idea in (one, other)
    ]

    async def outcomes(person: str) -> list[type[Problem] | None]:
        found: list[type[Problem] | None] = []
        for deed in (
            partial(show_idea, asked(ground, person), ideas[0], visible=False),
            partial(show_idea, asked(ground, person), ideas[0], visible=True),
            partial(show_comment, asked(ground, person), remark, visible=False),
            partial(show_comment, asked(ground, person), remark, visible=True),
            partial(merge, asked(ground, person), ideas[1], ideas[0]),
        ):
            try:
                await deed()
                found.append(None)
            except Problem as problem:
                found.append(type(problem))
        return found

    # What shows something that is shown already needs the right to change anything.
    assert await outcomes("bo") == [Forbidden] * 5
    await ground.set(restricted=True)
    assert await outcomes("bo") == [NotFound] * 5
    await put(ground.tenant, "ideas_role", campaign=ground.campaign, person=ground.people["bo"], role="moderator")
    assert await outcomes("bo") == [None, None, None, None, Forbidden]
    assert await outcomes("max") == [None] * 5
    await as_recounted(ground)


async def test_a_hidden_comment_is_none_to_whoever_may_not_see_it(ground: Ground) -> None:
    idea = await ground.post()
    remark = await comment(ground, idea["id"])
    await act(ground, "comment", remark, "hide")
    uuid = await uuid_of(ground.tenant, "ideas_comment", await number_of(ground, "comment", remark))
    with pytest.raises(NotFound):
        await show_comment(asked(ground, "ann"), uuid, visible=True)


async def test_an_idea_is_moved_with_what_is_called_the_same(ground: Ground) -> None:
    idea = await ground.post()
    await lay(ground, idea["id"], 5, ground.bo)
    other = await make_campaign(ground.tenant, name="Other", category_required=True)
    like = await put(ground.tenant, "ideas_category", campaign=other, name="noise")
    answer = await act(ground, "idea", idea["id"], "move", campaign=other)
    assert [answer.json()[name] for name in ("campaign", "category", "status")] == [other, like, 1]
    await as_recounted(ground)


async def test_an_idea_is_moved_to_what_is_said_and_refused_with_words(ground: Ground) -> None:
    idea = await ground.post()
    other = await make_campaign(ground.tenant, name="Other", category_required=True)
    category = await put(ground.tenant, "ideas_category", campaign=other, name="Heat")
    status = await put(ground.tenant, "ideas_status", campaign=other, name="Open")
    path = {"campaign": other}
    own = await ground.tenant.scope.direct().value("SELECT min(id) FROM tenant.ideas_category")
    for body, field, text in (
        ({}, "campaign", "This field is required."),
        ({"campaign": 999}, "campaign", "There is no such campaign."),
        ({**path, "category": own}, "category", "The campaign has no such category."),
        ({**path, "status": 999}, "status", "The campaign has no such status."),
        (path, "category", WHICH_CATEGORY),
    ):
        assert said(await act(ground, "idea", idea["id"], "move", **body)) == (400, field, text)
    answer = await act(ground, "idea", idea["id"], "move", campaign=other, category=category, status=status)
    assert [answer.json()[name] for name in ("campaign", "category", "status")] == [other, category, status]
    events = "SELECT type || ' ' || campaign FROM tenant.ideas_activity ORDER BY id"
    assert await ground.tenant.scope.direct().values(events) == [f"POST_IDEA {other}", f"STATUS_CHANGE {other}"]
    await as_recounted(ground)


async def test_the_neighbour_moderates_nothing_here(ground: Ground, make_tenant: MakeTenant) -> None:
    idea = await ground.post()
    remark = await comment(ground, idea["id"])
    rows = {
        "ideas": await number_of(ground, "idea", idea["id"]),
        "comments": await number_of(ground, "comment", remark),
    }
    neighbour = await make_tenant("joe@x.org")
    await neighbour.scope.direct().execute("DELETE FROM tenant.ideas_idea")
    for record, action in (("ideas", "hide"), ("ideas", "merge"), ("ideas", "move"), ("comments", "hide")):
        answer = await neighbour.http.post(f"/api/v1/ideas/{record}/{rows[record]}/{action}/", json={})
        assert answer.status_code == 404, action
        open_to_all = await ground.client.post(f"/api/v1/ideas/{record}/{rows[record]}/{action}/", json={})
        assert open_to_all.status_code == 403
    assert (await get(ground, f"/api3/idea/{idea['id']}"))["idea"]["comment_count"] == 1


async def moderated(walk: Walk, chance: random.Random) -> None:
    """One deed of moderation with whatever there is."""
    ground, campaigns = walk.ground, list(walk.campaigns)
    if walk.comments and chance.random() < 0.3:
        answer = await act(ground, "comment", chance.choice(walk.comments), chance.choice(["hide", "show"]))
    elif walk.ideas:
        action = chance.choice(["hide", "show", "merge", "move"])
        into = await number_of(ground, "idea", chance.choice(walk.ideas))
        campaign = await number_of(ground, "campaign", chance.choice(campaigns))
        body = {"merge": {"into": into}, "move": {"campaign": campaign}}.get(action, {})
        answer = await act(ground, "idea", chance.choice(walk.ideas), action, **body)
    else:
        return
    assert answer.status_code in (200, 400, 409), answer.text


# Each example walks on among the rows of those before it.
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(chance=st.randoms(use_true_random=False), steps=st.integers(1, 40))
async def test_counters_equal_a_recount_after_any_moderation(ground: Ground, chance: random.Random, steps: int) -> None:
    walk = await begun(ground, chance)
    for _ in range(steps):
        await walk.stroll()
        if chance.random() < 0.5:
            await moderated(walk, chance)
    await as_recounted(ground)
