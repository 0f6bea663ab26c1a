"""What is done on an idea's page by forms alone: votes, chips, comments and their threads, status, hiding."""

import re

import httpx

from tests.families.ideas.browsing import Crowd, button, text_of
from tests.families.ideas.land import put
from tests.fixtures.tenants import TestTenant


def comment_ids(page: httpx.Response) -> list[str]:
    return re.findall(r'id="comment-(\d+)"', page.text)


def voting_of(page: httpx.Response) -> list[str]:
    """The paths that votes on comments go to."""
    return re.findall(r'action="(/ideas/comments/[^/]+/)vote/"', page.text)


async def test_a_vote_is_cast_changed_and_taken_back(crowd: Crowd) -> None:
    path = await crowd.idea()
    for cast, up, down in (("promote", 1, 0), ("promote", 1, 0), ("demote", 0, 1), ("none", 0, 0), ("none", 0, 0)):
        answer = await crowd.bo.post(f"{path}vote/", {"type": cast, "back": f"{crowd.campaign}?q=fans#vote-D1"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{crowd.campaign}?q=fans#vote-D1")
        page = await crowd.bo.get(path)
        pressed = ["true" if cast == "promote" else "false", "true" if cast == "demote" else "false"]
        buttons = [
            button(page, f"Vote for this idea, {up} for"),
            button(page, f"Vote against this idea, {down} against"),
        ]
        assert [re.findall(r'aria-pressed="(\w+)"', one)[0] for one in buttons] == pressed
        assert [re.findall(r'value="(\w+)"', one)[0] for one in buttons] == [
            "none" if cast == "promote" else "promote",
            "none" if cast == "demote" else "demote",
        ]


async def test_a_form_leads_back_to_pages_of_the_portal_alone(crowd: Crowd) -> None:
    path = await crowd.idea()
    for back in ("//evil.org/", "https://evil.org", "/\\evil.org", "/admin/", "", "/ideas/\nx"):
        answer = await crowd.bo.post(f"{path}vote/", {"type": "promote", "back": back})
        assert answer.headers["location"] == path


async def test_there_are_no_buttons_where_one_may_not_vote(crowd: Crowd) -> None:
    path = await crowd.idea()
    assert 'class="vote" id="vote" method' not in (await crowd.ann.get(path)).text
    answer = await crowd.ann.post(f"{path}vote/", {"type": "promote"})
    assert (answer.status_code, "You cannot vote on your own idea" in answer.text) == (403, True)
    await crowd.ground.set(demoting=False)
    assert "Vote against" not in (await crowd.bo.get(path)).text
    await crowd.ground.set(voting=False)
    assert "Vote for" not in (await crowd.bo.get(path)).text
    await crowd.ground.set(voting=True, status="Closed")
    page = await crowd.bo.get(path)
    assert "Vote for" not in page.text
    assert "<textarea" not in page.text


async def test_a_form_without_the_sessions_own_token_is_refused(crowd: Crowd) -> None:
    path = await crowd.idea()
    for form in ({"type": "promote"}, {"type": "promote", "csrf": crowd.ann.csrf}):
        assert (await crowd.bo.http.post(f"{path}vote/", data=form)).status_code == 403
    new = {"title": "a", "description": "b", "category_id": crowd.ground.category_id}
    assert (await crowd.bo.http.post(f"{crowd.campaign}new/", data=new)).status_code == 403
    assert "Vote for this idea, 0 for" in (await crowd.bo.get(path)).text


async def test_comments_stand_below_what_they_answer(crowd: Crowd) -> None:
    path = await crowd.idea()
    answer = await crowd.bo.post(f"{path}comments/", {"comment": "A question"})
    [first] = comment_ids(await crowd.bo.get(path))
    assert answer.headers["location"] == f"{path}#comment-{first}"
    page = await crowd.ann.get(path)
    [above] = re.findall(r'name="answers" value="([^"]+)"', page.text)
    answer = await crowd.ann.post(f"{path}comments/", {"comment": "An answer", "answers": above})
    await crowd.max.post(f"{path}comments/", {"comment": "Another thread"})
    page = await crowd.bo.get(path)
    second, third = [one for one in comment_ids(page) if one != first]
    assert answer.headers["location"] == f"{path}#comment-{second}"
    below = rf'id="comment-{first}".*<ul class="plain-list thread">\s*<li id="comment-{second}"'
    assert re.search(rf'{below}.*</ul>\s*</li>\s*<li id="comment-{third}"', page.text, re.DOTALL)
    assert "3 comments" in text_of(page)
    assert text_of(page).count("Admin") >= 1


async def test_a_comment_that_is_refused_comes_back_with_what_is_wrong(crowd: Crowd) -> None:
    path = await crowd.idea()
    page = await crowd.bo.post(f"{path}comments/", {"comment": "  "})
    assert page.status_code == 400
    assert 'aria-invalid="true" aria-describedby="say-new-fault"' in page.text
    assert '<span class="fault" id="say-new-fault">Please fill this in.</span>' in page.text
    page = await crowd.bo.post(f"{path}comments/", {"comment": "<b>" + "x" * 50_000})
    assert page.status_code == 400
    assert "This has at most 50000 characters." in page.text
    assert ">&lt;b&gt;xxx" in page.text
    elsewhere = await crowd.idea(title="Another")
    await crowd.bo.post(f"{elsewhere}comments/", {"comment": "There"})
    [above] = re.findall(r'name="answers" value="([^"]+)"', (await crowd.bo.get(elsewhere)).text)
    assert (await crowd.bo.post(f"{path}comments/", {"comment": "x", "answers": above})).status_code == 404


async def test_a_comment_is_voted_on(crowd: Crowd) -> None:
    path = await crowd.idea()
    await crowd.bo.post(f"{path}comments/", {"comment": "Mine"})
    assert voting_of(await crowd.bo.get(path)) == []
    [place] = voting_of(await crowd.ann.get(path))
    assert (await crowd.ann.post(f"{place}vote/", {"type": "promote", "back": path})).headers["location"] == path
    assert 'aria-pressed="true"' in button(await crowd.ann.get(path), "Vote for the comment of Bo Lee, 1 for")
    await crowd.ann.post(f"{place}vote/", {"type": "none"})
    assert 'aria-pressed="false"' in button(await crowd.ann.get(path), "Vote for the comment of Bo Lee, 0 for")
    assert (await crowd.bo.post(f"{place}vote/", {"type": "promote"})).status_code == 403


async def test_a_hidden_comment_leaves_a_gap_where_it_was_answered(crowd: Crowd) -> None:
    path = await crowd.idea()
    await crowd.bo.post(f"{path}comments/", {"comment": "Rude words"})
    page = await crowd.ann.get(path)
    [above] = re.findall(r'name="answers" value="([^"]+)"', page.text)
    hide = f"/ideas/comments/{above}/visible/"
    assert hide not in page.text
    assert (await crowd.ann.post(hide, {"visible": "0"})).status_code == 403
    assert (await crowd.max.post(hide, {"visible": "0", "back": path})).status_code == 303
    page = await crowd.bo.get(path)
    assert comment_ids(page) == []
    assert "0 comments" in text_of(page)
    await crowd.max.post(hide, {"visible": "1"})
    await crowd.ann.post(f"{path}comments/", {"comment": "Please calm down", "answers": above})
    await crowd.max.post(hide, {"visible": "0"})
    page = await crowd.bo.get(path)
    assert len(comment_ids(page)) == 2
    assert "This comment is hidden." in text_of(page)
    assert "Rude words" not in page.text
    assert "Bo Lee" not in text_of(page)
    assert "Rude words" in (await crowd.max.get(path)).text


async def test_a_comment_is_found_on_its_page(crowd: Crowd, tenant: TestTenant) -> None:
    path = await crowd.idea()
    number = int(path.split("/")[2][1:])
    for text in range(50):
        await put(tenant, "ideas_comment", idea=number, person=crowd.ground.people["ann"], text=f"Comment {text:02}")
    answer = await crowd.bo.post(f"{path}comments/", {"comment": "The last"})
    address, place = answer.headers["location"].split("#")
    assert address == f"{path}?page=2"
    assert comment_ids(await crowd.bo.get(address)) == [place.removeprefix("comment-")]
    assert len(comment_ids(await crowd.bo.get(path))) == 50


async def test_chips_are_laid_within_the_budget(crowd: Crowd) -> None:
    path = await crowd.idea()
    await crowd.ground.set(chips=10)
    assert (await crowd.bo.post(f"{path}chips/", {"chips": "7"})).status_code == 303
    page = await crowd.bo.get(path)
    assert "3 left · 7 of all lie here" in text_of(page)
    assert re.search(r'name="chips" type="number" min="0" max="10" value="7"', page.text)
    page = await crowd.bo.post(f"{path}chips/", {"chips": "11"})
    assert page.status_code == 400
    assert re.search(r'value="11"[^>]*aria-describedby="left chips-fault" aria-invalid="true"', page.text)
    assert "You do not have so many chips left in this campaign" in text_of(page)
    page = await crowd.bo.post(f"{path}chips/", {"chips": "<b>"})
    assert "This must be a whole number from 0 to 1000000." in text_of(page)


async def test_status_and_sight_are_set_by_those_who_manage(crowd: Crowd) -> None:
    path = await crowd.idea()
    page = await crowd.ann.get(path)
    assert ("Set" in text_of(page), "Hide this idea" in text_of(page)) == (False, False)
    for name, value in (("status", crowd.ground.later_id), ("visible", "0")):
        assert (await crowd.ann.post(f"{path}{name}/", {name: value})).status_code == 403
        assert (await crowd.max.post(f"{path}{name}/", {name: value})).status_code == 303
    text = text_of(await crowd.max.get(path))
    assert "hidden Planned" in text
    assert "Show this idea" in text
    assert (await crowd.max.post(f"{path}visible/", {"visible": "1"})).status_code == 303
    assert "Planned" in text_of(await crowd.bo.get(path))
