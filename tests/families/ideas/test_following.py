"""Followers are told what comes in what they follow: who, of what, once, and nothing that they may not see."""

import asyncio

import httpx
import pytest

from clerestory.families.ideas.follow import tell
from clerestory.families.ideas.follow.model import Mail, Of
from clerestory.kernel.errors import NotFound
from tests.families.ideas.following import (
    choose,
    comment,
    digested,
    follow,
    follows,
    letters,
    pending,
    set_status,
)
from tests.families.ideas.ground import Ground, make_ground
from tests.families.ideas.land import make_app, make_campaign, put, uuid_of
from tests.families.ideas.moderating import act, number_of
from tests.families.ideas.test_idea_lists import statements
from tests.fixtures.tenants import MakeTenant


async def test_who_submits_and_who_comments_is_told_of_what_others_say(ground: Ground) -> None:
    idea = await ground.post()
    await comment(ground, idea["id"], ground.bo, "Which bearings?")
    await comment(ground, idea["id"], ground.ann, "The <b>small</b> ones &amp; theirs")
    told = await digested(ground)
    code, home = idea["idea_code"], "http://127.0.0.1:8000"
    ends = {who: told[f"{who}@x.org"].text.split("No more mails of this idea: ")[1].split()[0] for who in ("ann", "bo")}
    assert {who: letter.subject for who, letter in told.items()} == dict.fromkeys(
        ("ann@x.org", "bo@x.org"), "New comment: Quieter fans"
    )
    assert told["ann@x.org"].text == (
        f"Quieter fans ({code})\n{home}/{code}\n\n  Bo Lee commented:\n    Which bearings?\n\n"
        f"No more mails of this idea: {ends['ann']}\n\n"
        f"How often you are told: {home}/following/\nEnd all of these mails: {told['ann@x.org'].end}\n"
    )
    assert "  Ann Lee commented:\n    The small ones & theirs\n" in told["bo@x.org"].text
    assert ends["ann"].startswith(f"{home}/following/stop/")
    assert ends["ann"] != ends["bo"]
    assert await digested(ground) == {}


async def test_a_new_status_is_told_to_all_but_who_set_it(ground: Ground) -> None:
    idea = await ground.post()
    for who in ("bo", "max"):
        await follow(ground, who, Of.IDEA, idea["id"])
    await set_status(ground, idea["id"], ground.later_id)
    told = await digested(ground)
    assert set(told) == {"ann@x.org", "bo@x.org"}
    assert told["bo@x.org"].subject == "Planned: Quieter fans"
    assert "  Its status is now Planned.\n" in told["bo@x.org"].text


@pytest.mark.parametrize("of", [Of.CAMPAIGN, Of.CATEGORY])
async def test_new_ideas_are_told_to_who_follows_where_they_are(ground: Ground, of: Of) -> None:
    await follow(ground, "bo", of, ground.campaign_id if of is Of.CAMPAIGN else ground.category_id)
    idea = await ground.post(anonymous="0")
    await comment(ground, idea["id"], ground.max)
    told = await digested(ground)
    assert set(told) == {"ann@x.org", "bo@x.org"}
    where = "Safer plant" if of is Of.CAMPAIGN else "Noise"
    assert told["bo@x.org"].subject == "New idea: Quieter fans"
    assert f"  It is a new idea in {where}.\n    Swap the bearings.\n" in told["bo@x.org"].text
    assert f"No more mails of new ideas in {where}: " in told["bo@x.org"].text
    assert "Ann" not in told["bo@x.org"].text


async def test_who_follows_both_a_campaign_and_a_category_is_told_of_an_idea_once(ground: Ground) -> None:
    await follow(ground, "bo", Of.CAMPAIGN, ground.campaign_id)
    await follow(ground, "bo", Of.CATEGORY, ground.category_id)
    await ground.post()
    assert (await digested(ground))["bo@x.org"].text.count("It is a new idea in Noise.") == 1


async def test_many_events_of_many_ideas_are_one_mail_in_their_order(ground: Ground) -> None:
    ideas = [await ground.post(title=title) for title in ("One", "Two")]
    for text, idea in (("First", 1), ("Second", 0), ("Third", 1)):
        await comment(ground, ideas[idea]["id"], ground.bo, text)
    [letter] = (await digested(ground)).values()
    assert letter.subject == "News of Two and 1 more"
    places = [letter.text.index(text) for text in ("Two (", "First", "Third", "One (", "Second")]
    assert places == sorted(places)


async def test_what_was_switched_off_is_not_told_and_commenting_does_not_switch_it_on(ground: Ground) -> None:
    idea = await ground.post()
    await follow(ground, "ann", Of.IDEA, idea["id"], on=False)
    await comment(ground, idea["id"], ground.ann)
    await comment(ground, idea["id"], ground.bo)
    await comment(ground, idea["id"], ground.max)
    assert set(await digested(ground)) == {"bo@x.org"}
    await follow(ground, "ann", Of.IDEA, idea["id"])
    await comment(ground, idea["id"], ground.max)
    assert set(await digested(ground)) == {"ann@x.org", "bo@x.org"}


async def test_what_was_noted_and_then_switched_off_is_not_told(ground: Ground) -> None:
    idea = await ground.post()
    await comment(ground, idea["id"], ground.bo)
    await follow(ground, "ann", Of.IDEA, idea["id"], on=False)
    assert await digested(ground) == {}
    assert await pending(ground.tenant) == 0


async def test_who_wants_no_mail_gets_none_and_finds_no_old_news_afterwards(ground: Ground) -> None:
    idea = await ground.post()
    await comment(ground, idea["id"], ground.bo)
    await choose(ground, "ann", Mail.NEVER)
    await comment(ground, idea["id"], ground.bo)
    assert await digested(ground) == {}
    await choose(ground, "ann", Mail.DAILY)
    assert await digested(ground) == {}


async def test_who_wants_it_at_once_is_told_by_a_job_and_nobody_else_is(ground: Ground) -> None:
    idea = await ground.post()
    await comment(ground, idea["id"], ground.bo)
    await choose(ground, "bo", Mail.AT_ONCE)
    await comment(ground, idea["id"], ground.max)
    queued = "SELECT count(*) FROM jobs.pgqueuer WHERE entrypoint = :task AND headers ->> 'tenant' = :tenant"
    arguments = {"task": tell.TELL, "tenant": str(ground.tenant.tenant.id)}
    assert await ground.tenant.scope.direct().value(queued, **arguments) == 1
    await tell.tell(ground.tenant.scope, at_once=True)
    assert [letter.to for letter in await letters(ground.tenant)] == [("bo@x.org",)]
    assert set(await digested(ground)) == {"ann@x.org"}


async def test_the_deactivated_are_told_nothing(ground: Ground) -> None:
    idea = await ground.post()
    await comment(ground, idea["id"], ground.bo)
    person = ground.people["ann"]
    await ground.tenant.http.patch(f"/api/v1/people/{person}/", json={"active": False})
    await comment(ground, idea["id"], ground.bo)
    assert await digested(ground) == {}
    await ground.tenant.http.patch(f"/api/v1/people/{person}/", json={"active": True})
    assert await digested(ground) == {}


async def test_what_is_hidden_meanwhile_is_told_to_those_alone_who_see_it(ground: Ground) -> None:
    shown, hidden = [await ground.post(title=title) for title in ("Shown", "Hidden")]
    for idea in (shown, hidden):
        await follow(ground, "max", Of.IDEA, idea["id"])
    await comment(ground, shown["id"], ground.bo, "kind words")
    rude = await comment(ground, shown["id"], ground.bo, "rude words")
    await comment(ground, hidden["id"], ground.bo, "lost words")
    assert (await act(ground, "comment", rude, "hide")).status_code == 200
    assert (await act(ground, "idea", hidden["id"], "hide")).status_code == 200
    told = await digested(ground)
    found = {
        who: [word for word in ("kind", "rude", "lost", "Hidden") if word in letter.text]
        for who, letter in told.items()
    }
    assert found == {"ann@x.org": ["kind"], "max@x.org": ["kind", "rude", "lost", "Hidden"]}


async def test_who_may_not_enter_the_campaign_any_more_is_not_told(ground: Ground) -> None:
    idea = await ground.post()
    await follow(ground, "bo", Of.IDEA, idea["id"])
    await follow(ground, "bo", Of.CAMPAIGN, ground.campaign_id)
    await comment(ground, idea["id"], ground.max)
    await ground.post(title="Another")
    await ground.set(restricted=True)
    assert await digested(ground) == {}
    group = await put(ground.tenant, "person_group", name="Let in")
    await put(ground.tenant, "ideas_access", campaign=ground.campaign, person_group=group)
    await put(ground.tenant, "membership", person_group=group, person=ground.people["bo"])
    await comment(ground, idea["id"], ground.max, "Now")
    assert set(await digested(ground)) == {"bo@x.org"}


async def test_a_merge_carries_followers_and_what_they_are_yet_to_be_told(ground: Ground) -> None:
    merged, kept = [await ground.post(title=title) for title in ("Merged", "Kept")]
    numbers = {one["title"]: await number_of(ground, "idea", one["id"]) for one in (merged, kept)}
    await comment(ground, merged["id"], ground.bo, "carried words")
    await follow(ground, "max", Of.IDEA, merged["id"])
    await follow(ground, "max", Of.IDEA, kept["id"], on=False)
    assert (await act(ground, "idea", merged["id"], "merge", into=numbers["Kept"])).status_code == 200
    assert [await follows(ground, numbers["Kept"], who) for who in ("ann", "bo", "max")] == [True, True, False]
    [letter] = (await digested(ground)).values()
    assert letter.to == ("ann@x.org",)
    assert [word for word in ("Kept (", "carried words", "Merged") if word in letter.text] == [
        "Kept (",
        "carried words",
    ]


async def test_what_is_not_seen_cannot_be_followed(ground: Ground, make_tenant: MakeTenant) -> None:
    idea = await ground.post()
    assert (await act(ground, "idea", idea["id"], "hide")).status_code == 200
    draft = str(await uuid_of(ground.tenant, "ideas_campaign", await make_campaign(ground.tenant, status="Draft")))
    neighbour = await make_tenant("joe@x.org")
    theirs = str(await uuid_of(neighbour, "ideas_campaign", await make_campaign(neighbour)))
    for of, uuid in ((Of.IDEA, idea["id"]), (Of.CAMPAIGN, draft), (Of.CAMPAIGN, theirs), (Of.IDEA, ground.campaign_id)):
        with pytest.raises(NotFound):
            await follow(ground, "bo", of, uuid)


async def test_the_neighbour_is_told_nothing(
    ground: Ground, make_tenant: MakeTenant, client: httpx.AsyncClient
) -> None:
    neighbour = await make_tenant("joe@x.org")
    theirs = await make_ground(neighbour, client, await make_app(neighbour))
    for each in (ground, theirs):
        idea = await each.post()
        await follow(each, "bo", Of.CAMPAIGN, each.campaign_id)
        await comment(each, idea["id"], each.max)
    assert set(await digested(ground)) == {"ann@x.org"}
    assert await letters(neighbour) == []
    assert await pending(neighbour) == 1


async def test_two_digests_at_a_time_tell_everything_once(ground: Ground) -> None:
    for number in range(5):
        idea = await ground.post(title=f"Idea {number}")
        await comment(ground, idea["id"], ground.bo)
        await comment(ground, idea["id"], ground.max)
    await asyncio.gather(*(tell.digest(ground.tenant.scope) for _ in range(4)))
    found = await letters(ground.tenant)
    assert sorted(letter.to for letter in found) == [("ann@x.org",), ("bo@x.org",)]
    assert [letter.text.count(" commented:") for letter in sorted(found, key=lambda one: one.to)] == [10, 5]


async def _statements_of_a_digest(ground: Ground, people: int, comments: int) -> int:
    idea = await ground.post()
    number = await number_of(ground, "idea", idea["id"])
    for each in range(people):
        person = await put(ground.tenant, "person", email=f"p{number}-{each}@x.org")
        await put(ground.tenant, "ideas_follow", person=person, idea=number)
    for _ in range(comments):
        await comment(ground, idea["id"], ground.bo)
    with statements() as found:
        told = await digested(ground)
    assert len(told) == people + 1
    # Each mail has a job of its own, which sends it.
    return len(found)


async def test_the_statements_of_a_digest_do_not_grow_with_its_readers(ground: Ground) -> None:
    few, many = [await _statements_of_a_digest(ground, people, people) for people in (1, 20)]
    assert few == many
