"""The queue of those who manage, and merging and moving by forms."""

import re

import httpx

from tests.families.ideas.browsing import Crowd, text_of
from tests.families.ideas.land import make_campaign, put
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn

QUEUE = "/ideas/moderation/"


def entries(page: httpx.Response) -> list[str]:
    return re.findall(r'<h2><a href="[^"]+">([^<]+)</a></h2>', page.text)


async def test_what_came_in_is_listed_the_newest_first(crowd: Crowd, tenant: TestTenant) -> None:
    first = await crowd.idea(title="First")
    await crowd.idea(title="Second")
    await crowd.bo.post(f"{first}comments/", {"comment": "Rude <b>words</b>"})
    assert entries(await crowd.max.get(QUEUE)) == ["Second", "First"]
    page = await crowd.max.get(f"{QUEUE}?kind=comments")
    assert (entries(page), "Rude words" in text_of(page)) == (["First"], True)
    await crowd.max.post(f"{first}visible/", {"visible": "0"})
    assert entries(await crowd.max.get(f"{QUEUE}?seen=hidden")) == ["First"]
    assert entries(await crowd.max.get(f"{QUEUE}?seen=shown")) == ["Second"]
    assert entries(await crowd.max.get(f"{QUEUE}?campaign={crowd.ground.campaign_id}")) == ["Second", "First"]
    assert entries(await crowd.max.get(f"{QUEUE}?campaign=00000000-0000-4000-8000-000000000000")) == []


async def test_it_is_hidden_and_shown_there(crowd: Crowd) -> None:
    path = await crowd.idea(title="First")
    await crowd.bo.post(f"{path}comments/", {"comment": "Rude words"})
    for address, text in ((f"{QUEUE}?kind=comments", "Rude words"), (QUEUE, "First")):
        for label, seen in (("Hide", False), ("Show", True)):
            page = await crowd.max.get(address)
            [action] = re.findall(r'action="([^"]+/visible/)"', page.text)
            [value] = re.findall(rf'name="visible" value="(\d)"[^>]*>{label}<', page.text)
            answer = await crowd.max.post(action, {"visible": value, "back": address})
            assert (answer.status_code, answer.headers["location"]) == (303, address)
            assert (text in (await crowd.ann.get(path)).text) is seen


async def test_a_long_queue_has_pages(crowd: Crowd) -> None:
    for number in range(21):
        await crowd.idea(title=f"Idea {number:02}")
    page = await crowd.max.get(f"{QUEUE}?seen=shown")
    assert (entries(page)[0], len(entries(page)), "Previous page" in page.text) == ("Idea 20", 20, False)
    [following] = re.findall(r'<a href="([^"]+)" rel="next">', page.text)
    page = await crowd.max.get(following.replace("&amp;", "&"))
    assert (entries(page), "Next page" in page.text) == (["Idea 00"], False)


async def test_the_queue_is_for_those_who_manage_and_of_what_they_manage(
    crowd: Crowd, tenant: TestTenant, make_tenant: MakeTenant, sign_in: SignIn
) -> None:
    await crowd.idea(title="First")
    other = await make_campaign(tenant, "Another")
    status = await put(tenant, "ideas_status", name="Elsewhere", place=9)
    elsewhere = {"campaign": other, "status": status, "person": crowd.ground.people["ann"], "title": "Not Max's"}
    await put(tenant, "ideas_idea", description="", **elsewhere)
    assert (await crowd.bo.get(QUEUE)).status_code == 403
    assert (await crowd.nobody.get(QUEUE)).headers["location"] == f"/login/?next={QUEUE}"
    assert entries(await crowd.max.get(QUEUE)) == ["First"]
    assert entries(await (await sign_in(tenant)).get(QUEUE)) == ["Not Max&#39;s", "First"]
    assert entries(await (await sign_in(await make_tenant("other@x.org"))).get(QUEUE)) == []


async def test_a_moderator_is_not_told_who_submitted_an_anonymous_idea(crowd: Crowd, tenant: TestTenant) -> None:
    await put(tenant, "ideas_role", campaign=crowd.ground.campaign, person=crowd.ground.people["bo"], role="moderator")
    await crowd.ground.set(anonymous=True)
    await crowd.idea(title="Unnamed", anonymous="1")
    page = await crowd.bo.get(QUEUE)
    assert ("Ann Lee" in page.text, "Anonymous" in page.text, "Merge or move" in page.text) == (False, True, False)
    page = await crowd.max.get(QUEUE)
    assert ("Ann Lee" in page.text, "Merge or move" in page.text) == (True, True)


async def test_an_idea_is_merged_by_its_number(crowd: Crowd) -> None:
    merged, kept = await crowd.idea(title="Quieter fans"), await crowd.idea(title="Quieter fans, please")
    code = kept.split("/")[2]
    page = await crowd.max.get(f"{merged}moderation/")
    assert f'<li>{code}: <a href="{kept}">Quieter fans, please</a>' in page.text
    await crowd.bo.post(f"{merged}vote/", {"type": "promote"})
    answer = await crowd.max.post(f"{merged}merge/", {"into": f" {code.lower()} "})
    assert (answer.status_code, answer.headers["location"]) == (303, kept)
    assert "1 for" in text_of(await crowd.ann.get(kept))
    assert (await crowd.ann.get(merged)).headers["location"] == kept


async def test_a_merge_that_is_refused_says_why(crowd: Crowd) -> None:
    path = await crowd.idea()
    for into, status, words in (
        ("", 400, "has this number"),
        ("D999", 400, "has this number"),
        ("<b>", 400, "has this number"),
        (path.split("/")[2], 409, "An idea is not merged into itself."),
    ):
        page = await crowd.max.post(f"{path}merge/", {"into": into})
        assert (page.status_code, words in text_of(page)) == (status, True), into
        assert 'aria-invalid="true" aria-describedby="merge-fault"' in page.text


async def test_an_idea_is_moved_with_its_category(crowd: Crowd, tenant: TestTenant) -> None:
    path = await crowd.idea()
    assert "There is no other campaign that you administer." in text_of(await crowd.max.get(f"{path}moderation/"))
    other = await make_campaign(tenant, "Another", category_required=True)
    light = await put(tenant, "ideas_category", campaign=other, name="Light", place=1)
    assert "Another" not in text_of(await crowd.max.get(f"{path}moderation/"))
    await put(tenant, "ideas_role", campaign=other, person=crowd.ground.people["max"], role="administrator")
    page = await crowd.max.get(f"{path}moderation/")
    assert re.findall(r'<option value="([^"]+)">Another', page.text) == [f"{other}", f"{other} {light}"]
    page = await crowd.max.post(f"{path}move/", {"to": str(other)})
    assert (page.status_code, "say which one the idea is to have" in page.text) == (400, True)
    page = await crowd.max.post(f"{path}move/", {"to": ""})
    assert (page.status_code, "Choose a campaign." in page.text) == (400, True)
    answer = await crowd.max.post(f"{path}move/", {"to": f"{other} {light}"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    text = text_of(await crowd.bo.get(path))
    assert ("Another" in text, "Light" in text) == (True, True)


async def test_members_merge_and_move_nothing(crowd: Crowd, tenant: TestTenant) -> None:
    path, other = await crowd.idea(), await crowd.idea(title="Another")
    await put(tenant, "ideas_role", campaign=crowd.ground.campaign, person=crowd.ground.people["bo"], role="moderator")
    into = other.split("/")[2]
    for visit in (crowd.ann, crowd.bo):
        assert (await visit.get(f"{path}moderation/")).status_code == 403
        assert (await visit.post(f"{path}merge/", {"into": into})).status_code == 403
        assert (await visit.post(f"{path}move/", {"to": str(crowd.ground.campaign)})).status_code == 403
        assert "Merge or move" not in (await visit.get(path)).text
    assert (await crowd.ann.get(path)).status_code == 200
