"""Profiles, the feed, following, and what leads to an idea from elsewhere."""

import re
from urllib.parse import quote

import httpx
import pytest

from tests.families.ideas.browsing import Crowd, text_of
from tests.families.ideas.land import make_campaign, make_person
from tests.families.ideas.moderating import act
from tests.families.ideas.uploads import picture
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn


async def member(crowd: Crowd, name: str) -> str:
    return f"/ideas/members/{(await crowd.ground.id_of(name)).lower()}/"


def id_in(path: str, page: httpx.Response) -> str:
    """The id of what a page can follow."""
    [found] = re.findall(r'name="what" value="idea ([^"]+)"', page.text)
    return str(found)


async def test_a_member_has_a_page_with_its_ideas(crowd: Crowd) -> None:
    path = await crowd.idea(title="Quieter fans")
    await crowd.ground.set(anonymous=True)
    await crowd.idea(title="Unnamed", anonymous="1")
    page = await crowd.bo.get(await member(crowd, "ann"))
    assert "Ann Lee" in text_of(page)
    assert f'<a href="{path}">Quieter fans</a>' in page.text
    assert "Unnamed" not in page.text
    assert "Change your profile" not in page.text
    assert "Unnamed" in (await crowd.ann.get(await member(crowd, "ann"))).text


async def test_ones_own_profile_is_changed_there(crowd: Crowd) -> None:
    path = await member(crowd, "bo")
    assert f'href="{path}edit/"' in (await crowd.bo.get(path)).text
    page = await crowd.bo.get(f"{path}edit/")
    assert 'name="last_name" type="text" value="Lee"' in page.text
    form: dict[str, str | list[str]] = {
        "first_name": "Bo",
        "last_name": "Berg",
        "screen_name": "<b>Bo",
        "skills": "Welding",
    }
    answer = await crowd.bo.post(f"{path}edit/", form)
    assert answer.status_code == 303, text_of(answer)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = await crowd.ann.get(path)
    assert "<h1>&lt;b&gt;Bo</h1>" in page.text
    assert "Skills Welding" in text_of(page)
    page = await crowd.bo.post(f"{path}edit/", {**form, "screen_name": "x" * 300})
    assert page.status_code == 400
    assert 'aria-invalid="true" aria-describedby="screen_name-fault"' in page.text


async def test_the_profile_of_another_is_not_changed(crowd: Crowd) -> None:
    path = await member(crowd, "bo")
    assert (await crowd.ann.get(f"{path}edit/")).status_code == 403
    assert (await crowd.ann.post(f"{path}edit/", {"first_name": "Eve"})).status_code == 403
    assert (await crowd.ann.post(f"{path}photo/", {"remove": "1"})).status_code == 403
    assert "Bo Lee" in (await crowd.ann.get(path)).text


async def test_a_picture_is_put_on_a_profile_and_taken_off(crowd: Crowd) -> None:
    path = await member(crowd, "bo")
    files = {"photo": ("me.png", picture("PNG"), "image/png")}
    answer = await crowd.bo.http.post(f"{path}photo/", data={"csrf": crowd.bo.csrf}, files=files)
    assert answer.status_code == 303, answer.text
    page = await crowd.ann.get(path)
    [image] = re.findall(r'<img class="face large" src="([^"]+)"', page.text)
    shown = await crowd.ann.get(image.replace("&amp;", "&"))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    files = {"photo": ("me.txt", b"words", "text/plain")}
    page = await crowd.bo.http.post(f"{path}photo/", data={"csrf": crowd.bo.csrf}, files=files)
    assert (page.status_code, "This is no picture" in page.text) == (400, True)
    assert (await crowd.bo.post(f"{path}photo/", {"remove": "1"})).status_code == 303
    assert "face large" not in (await crowd.ann.get(path)).text


async def test_the_feed_tells_what_happened(crowd: Crowd) -> None:
    path = await crowd.idea(title="Quieter fans")
    await crowd.bo.post(f"{path}comments/", {"comment": "At <b>last</b>"})
    await crowd.bo.post(f"{path}vote/", {"type": "promote"})
    await crowd.max.post(f"{path}status/", {"status": crowd.ground.later_id})
    text = text_of(await crowd.ann.get("/ideas/activity/"))
    told = (
        "Quieter fans is now Planned , set by Max Lee",
        "Bo Lee voted for Quieter fans",
        "Bo Lee commented on Quieter fans At last",
        "Ann Lee submitted Quieter fans",
    )
    places = [text.find(one) for one in told]
    assert sorted(places) == places, text
    assert -1 not in places, text
    by = f"/ideas/activity/?member={await crowd.ground.id_of('ann')}"
    assert "Bo Lee" not in text_of(await crowd.ann.get(by))
    within = f"/ideas/activity/?campaign={crowd.ground.campaign_id}"
    assert "Activity in Safer plant" in text_of(await crowd.ann.get(within))


async def test_the_feed_tells_nothing_hidden_or_unnamed(crowd: Crowd) -> None:
    await crowd.ground.set(anonymous=True)
    await crowd.idea(title="Unnamed", anonymous="1")
    path = await crowd.idea(title="Secret")
    await crowd.max.post(f"{path}visible/", {"visible": "0"})
    text = text_of(await crowd.bo.get("/ideas/activity/"))
    assert ("Secret" in text, "Ann Lee" in text) == (False, False)
    assert "Anonymous submitted Unnamed" in text
    assert "Secret" in text_of(await crowd.max.get("/ideas/activity/"))


async def test_a_neighbour_reads_no_profile_and_no_feed(crowd: Crowd, make_tenant: MakeTenant, sign_in: SignIn) -> None:
    await crowd.idea(title="Quieter fans")
    visit = await sign_in(await make_tenant("other@x.org"))
    path = await member(crowd, "ann")
    assert [(await visit.get(one)).status_code for one in (path, f"{path}edit/")] == [404, 404]
    assert (await visit.get(f"/ideas/activity/?campaign={crowd.ground.campaign_id}")).status_code == 404
    assert "Quieter fans" not in (await visit.get("/ideas/activity/")).text


@pytest.mark.parametrize("what", ["idea", "campaign"])
async def test_ideas_and_campaigns_are_followed_by_a_button(crowd: Crowd, what: str) -> None:
    path = await crowd.idea()
    path = path if what == "idea" else crowd.campaign
    page = await crowd.bo.get(path)
    [of] = re.findall(rf'name="what" value="({what} [^"]+)"', page.text)
    for on, words in (("1", "Stop following"), ("0", "Follow")):
        answer = await crowd.bo.post("/following/switch/", {"what": of, "on": on, "back": path})
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        assert f"{words} this {what}" in text_of(await crowd.bo.get(path))


async def test_a_merged_idea_leads_to_the_other(crowd: Crowd) -> None:
    merged, kept = await crowd.idea(title="Twice"), await crowd.idea(title="Once")
    ids = [id_in(path, await crowd.bo.get(path)) for path in (merged, kept)]
    sql = "SELECT id FROM tenant.ideas_idea WHERE uuid = :uuid::text::uuid"
    into = await crowd.ground.tenant.scope.direct().value(sql, uuid=ids[1])
    assert (await act(crowd.ground, "idea", ids[0], "merge", into=into)).status_code == 200
    for visit in (crowd.bo, crowd.max):
        for path in (merged, f"/{merged.split('/')[2]}"):
            answer = await visit.get(path)
            assert (answer.status_code, answer.headers["location"]) == (302, kept)
    await crowd.ground.set(restricted=True)
    assert (await crowd.bo.get(merged)).status_code == 404


async def test_a_text_from_elsewhere_goes_to_the_form(crowd: Crowd, tenant: TestTenant) -> None:
    given = f"title={quote('The <till> & more')}&text={quote('It is stuck')}"
    answer = await crowd.bo.get(f"/ideas/new/?{given}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{crowd.campaign}new/?")
    page = await crowd.bo.get(answer.headers["location"])
    assert 'value="The &lt;till&gt; &amp; more"' in page.text
    assert ">It is stuck</textarea>" in page.text
    await make_campaign(tenant, "Another")
    await make_campaign(tenant, "Over", status="Closed")
    await make_campaign(tenant, "For few", restricted=True)
    page = await crowd.bo.get(f"/ideas/new?{given}")
    assert re.findall(r"<h2><a href=[^>]*>([^<]+)</a></h2>", page.text) == ["Another", "Safer plant"]
    assert "Where does “The <till> & more” belong?" in text_of(page)
    await tenant.scope.direct().execute("UPDATE tenant.ideas_campaign SET status = 'Closed'")
    assert "No campaign takes ideas now." in text_of(await crowd.bo.get("/ideas/new/"))


async def test_who_is_no_administrator_of_anything_moderates_nothing(crowd: Crowd, tenant: TestTenant) -> None:
    await make_person(tenant, "eve@x.org")
    assert ["/ideas/moderation/" in (await visit.get("/ideas/")).text for visit in (crowd.bo, crowd.max)] == [
        False,
        True,
    ]
