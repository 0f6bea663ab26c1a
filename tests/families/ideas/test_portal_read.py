"""The portal as a browser without script sees it: campaigns, lists, an idea, and who sees nothing of them."""

import re
from urllib.parse import quote

import httpx

from tests.families.ideas.browsing import Crowd, text_of
from tests.families.ideas.land import make_campaign, put, uuid_of
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn

SCRIPT = "<script>alert(1)</script>"


def titles(page: httpx.Response) -> list[str]:
    return re.findall(r'<h2><a href="/ideas/D\d+/">([^<]+)</a></h2>', page.text)


async def test_campaigns_are_those_that_may_be_entered(
    crowd: Crowd, tenant: TestTenant, client: httpx.AsyncClient
) -> None:
    await make_campaign(tenant, "For few", restricted=True)
    await make_campaign(tenant, "Not yet", status="Draft")
    await crowd.idea()
    page = await crowd.bo.get("/ideas/")
    assert "Safer plant" in page.text
    assert "For few" not in page.text
    assert "Not yet" not in page.text
    assert "1 idea · 0 comments · 0 votes" in text_of(page)
    assert f'<a href="{crowd.campaign}">Safer plant</a>' in page.text
    assert "No campaign is called that." in text_of(await crowd.bo.get("/ideas/?q=nothing"))


async def test_a_list_is_the_best_first_or_the_newest(crowd: Crowd) -> None:
    first, _ = await crowd.idea(title="First"), await crowd.idea(title="Second")
    await crowd.bo.post(f"{first}vote/", {"type": "promote"})
    assert titles(await crowd.bo.get(crowd.campaign)) == ["First", "Second"]
    assert titles(await crowd.bo.get(f"{crowd.campaign}?tab=recent")) == ["Second", "First"]


async def test_a_list_is_filtered_and_searched(crowd: Crowd, tenant: TestTenant) -> None:
    await crowd.idea(title="Quieter fans", tags="noise & more")
    await crowd.idea(title="Brighter lamps", description="So that nobody is a-fraid")
    ground, other = crowd.ground, await put(tenant, "ideas_category", campaign=crowd.ground.campaign, name="Light")
    category = await uuid_of(tenant, "ideas_category", other)
    expected = {
        "?q=fan": ["Quieter fans"],
        "?q=bright+nobody": ["Brighter lamps"],
        "?q=bright+fan": [],
        "?q=%2D%2D": ["Brighter lamps", "Quieter fans"],
        "?q=%27": ["Brighter lamps", "Quieter fans"],
        f"?category={ground.category_id}": ["Brighter lamps", "Quieter fans"],
        f"?category={category}": [],
        f"?status={ground.later_id}": [],
        f"?status={ground.status_id}&q=lamps": ["Brighter lamps"],
        f"?tag={quote('noise & more')}": ["Quieter fans"],
        "?category=nonsense&status=1&page=x": ["Brighter lamps", "Quieter fans"],
    }
    assert {query: titles(await crowd.bo.get(crowd.campaign + query)) for query in expected} == expected
    assert "No idea is like that." in text_of(await crowd.bo.get(f"{crowd.campaign}?q=nothing"))


async def test_a_long_list_has_pages_that_keep_the_filter(crowd: Crowd) -> None:
    for number in range(21):
        await crowd.idea(title=f"Idea {number:02}")
    page = await crowd.bo.get(f"{crowd.campaign}?q=idea&tab=recent")
    assert titles(page)[0] == "Idea 20"
    assert len(titles(page)) == 20
    [following] = re.findall(r'<a href="([^"]+)" rel="next">', page.text)
    assert titles(await crowd.bo.get(following.replace("&amp;", "&"))) == ["Idea 00"]


async def test_an_idea_shows_all_that_belongs_to_it(crowd: Crowd, tenant: TestTenant) -> None:
    ground = crowd.ground
    question = await put(
        tenant, "ideas_question", campaign=ground.campaign, type="text", description="What does it cost?"
    )
    uuid = await uuid_of(tenant, "ideas_question", question)
    path = await crowd.idea(
        title="Quieter fans",
        description='<p>Swap the <a href="https://x.org/b">bearings</a>.</p><ul><li>All</li></ul>',
        tags="noise",
        **{str(uuid): "Little"},
    )
    page = await crowd.bo.get(path)
    assert '<a href="https://x.org/b" rel="nofollow ugc noopener">bearings</a>' in page.text
    assert re.search(r"<ul>\s*<li>All</li>\s*</ul>", page.text)
    text = text_of(page)
    for shown in ("Quieter fans", "New", "Noise", "Ann Lee", "#noise", "What does it cost? Little", "0 comments"):
        assert shown in text
    assert f'<a href="/ideas/members/{(await ground.id_of("ann")).lower()}/">Ann Lee</a>' in page.text


async def test_nothing_that_was_typed_is_markup(crowd: Crowd) -> None:
    path = await crowd.idea(
        title=f"Quiet {SCRIPT}",
        tags=SCRIPT,
        description=f'<p>One {SCRIPT}</p><a href="javascript:alert(2)">two</a><img src=x onerror=alert(3)>',
    )
    await crowd.bo.post(f"{path}comments/", {"comment": f'{SCRIPT} "quoted" <b onclick="alert(4)">bold</b>'})
    for address in (
        path,
        crowd.campaign,
        f"{crowd.campaign}roadmap/",
        f"{crowd.campaign}?q=%22%3E{SCRIPT}",
        f"{crowd.campaign}?tag={SCRIPT}",
    ):
        page = await crowd.bo.get(address)
        assert page.status_code == 200
        for typed in (SCRIPT, "javascript:", "onerror=alert", "onclick="):
            assert typed not in page.text, address


async def test_a_plain_description_keeps_its_lines(crowd: Crowd) -> None:
    page = await crowd.bo.get(await crowd.idea(description="One < two\nthree\n\nAnother"))
    assert '<p class="said">One &lt; two\nthree</p>' in page.text
    assert '<p class="said">Another</p>' in page.text


async def test_a_private_campaign_leads_nobody_to_the_log_in(crowd: Crowd) -> None:
    path = await crowd.idea()
    for address in (path, crowd.campaign, path.replace("/ideas", "").rstrip("/"), "/ideas/D999999999/"):
        page = await crowd.nobody.get(address)
        assert (page.status_code, page.headers["location"]) == (303, f"/login/?next={quote(address)}")
    assert "Safer plant" not in (await crowd.nobody.get("/ideas/")).text


async def test_a_restricted_campaign_is_not_there_for_others(crowd: Crowd) -> None:
    path = await crowd.idea()
    await crowd.ground.set(restricted=True)
    assert [(await crowd.bo.get(address)).status_code for address in (path, crowd.campaign)] == [404, 404]
    assert [(await crowd.max.get(address)).status_code for address in (path, crowd.campaign)] == [200, 200]


async def test_the_short_address_leads_to_the_page(crowd: Crowd) -> None:
    path = await crowd.idea()
    code = path.split("/")[2]
    for short in (f"/{code}", f"/{code}/"):
        answer = await crowd.bo.get(short)
        assert (answer.status_code, answer.headers["location"]) == (302, path)
    for strange in ("/D", "/D1x", "/D-1", "/D" + "9" * 5000, "/D999999999999999999999"):
        assert (await crowd.bo.get(strange)).status_code == 404


async def test_a_hidden_idea_is_seen_by_those_who_manage_the_campaign(crowd: Crowd) -> None:
    path = await crowd.idea(title="Secret")
    assert (await crowd.max.post(f"{path}visible/", {"visible": "0", "back": path})).status_code == 303
    assert [(await visit.get(path)).status_code for visit in (crowd.ann, crowd.bo, crowd.max)] == [404, 404, 200]
    assert [titles(await visit.get(crowd.campaign)) for visit in (crowd.bo, crowd.max)] == [[], ["Secret"]]
    assert "hidden" in text_of(await crowd.max.get(path))
    assert "Secret" not in (await crowd.bo.get(f"{crowd.campaign}roadmap/")).text


async def test_a_neighbour_finds_nothing(crowd: Crowd, make_tenant: MakeTenant, sign_in: SignIn) -> None:
    path = await crowd.idea()
    visit = await sign_in(await make_tenant("other@x.org"))
    for address in (path, crowd.campaign, f"{crowd.campaign}new/", f"{crowd.campaign}roadmap/"):
        assert (await visit.get(address)).status_code == 404
    assert "Safer plant" not in (await visit.get("/ideas/")).text
    assert (await visit.post(f"{path}vote/", {"type": "promote"})).status_code == 404


async def test_a_roadmap_has_each_idea_below_its_status(crowd: Crowd) -> None:
    await crowd.idea(title="Begun")
    path = await crowd.idea(title="Further on")
    await crowd.max.post(f"{path}status/", {"status": crowd.ground.later_id})
    text = text_of(await crowd.bo.get(f"{crowd.campaign}roadmap/"))
    assert re.search(r"New 1 Begun .*Planned 1 Further on", text)


async def test_an_anonymous_idea_names_nobody(crowd: Crowd) -> None:
    await crowd.ground.set(anonymous=True)
    path = await crowd.idea(anonymous="1")
    for address in (path, crowd.campaign):
        assert "Ann Lee" not in (await crowd.bo.get(address)).text
        assert "Anonymous" in (await crowd.bo.get(address)).text
        assert "Ann Lee" in (await crowd.ann.get(address)).text


async def test_who_opens_a_campaign_has_entered_it(crowd: Crowd, tenant: TestTenant) -> None:
    for _ in range(2):
        await crowd.bo.get(crowd.campaign)
    members = await tenant.scope.direct().value(
        "SELECT members FROM tenant.ideas_campaign WHERE id = :id", id=crowd.ground.campaign
    )
    entrants = await tenant.scope.direct().values("SELECT person FROM tenant.ideas_entrant")
    assert (members, entrants) == (1, [crowd.ground.people["bo"]])
