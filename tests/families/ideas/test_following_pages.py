"""The page of what one follows, and the address by which a mail is ended: signed, a tenant's own, and asked first."""

import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from clerestory.families.ideas.follow import settings
from clerestory.families.ideas.follow.links import End, StopLinks
from clerestory.families.ideas.follow.model import Followed, Mail, Of
from clerestory.kernel.errors import Forbidden, ReadOnly
from clerestory.kernel.links import PublicUrl
from clerestory.platform.tenancy import PUBLIC_TENANT
from clerestory.platform.tokens import Vault, VaultSettings
from tests.families.ideas.following import choose, comment, digested, follow, follows, scope_of
from tests.families.ideas.ground import Ground
from tests.families.ideas.land import put
from tests.families.ideas.moderating import act, number_of
from tests.fixtures.tenants import MakeTenant
from tests.fixtures.visitors import SignIn, Visit

SECRET = "a secret of this test, long enough to be taken"


def links(secret: str = SECRET) -> StopLinks:
    return StopLinks(Vault(VaultSettings(secret)), PublicUrl("https://clerestory.test"))


@pytest.mark.parametrize("followed", [None, *(Followed(of, 7) for of in Of)])
def test_an_address_says_what_it_ends(followed: Followed | None) -> None:
    end = End(3, 12, followed)
    assert links().end(links().token(end)) == end
    assert links().url(end) == f"https://clerestory.test/following/stop/{links().token(end)}/"


def test_addresses_cannot_be_made_up() -> None:
    token = links().token(End(3, 12, Followed(Of.IDEA, 7)))
    begun, digest = token.rsplit("-", 1)
    assert re.fullmatch("3-12-idea-7-[0-9a-f]{32}", token)
    made_up = [f"{other}-{digest}" for other in ("4-12-idea-7", "3-13-idea-7", "3-12-idea-8", "3-12-campaign-7")]
    made_up += ["", begun, f"{begun}-", token[:-1], f"{token}0", f"0{token}", f"3-12-all-0-{digest}", "٣" + token[1:]]
    made_up += [links("another secret of this test, long enough").token(End(3, 12, Followed(Of.IDEA, 7)))]
    assert [links().end(each) for each in made_up] == [None] * len(made_up)


async def member(ground: Ground, sign_in: SignIn) -> tuple[Visit, int]:
    """A member in the browser, and its number."""
    visit = await sign_in(ground.tenant, member=True)
    person = "SELECT id FROM tenant.person WHERE email = 'member@example.org'"
    return visit, await ground.tenant.scope.direct().value(person)


async def stop_url(ground: Ground, person: int, followed: Followed | None) -> str:
    found = ground.tenant.scope.part(StopLinks)
    return f"/following/stop/{found.token(End(ground.tenant.tenant.id, person, followed))}/"


async def test_the_page_shows_what_one_follows_and_sees_and_nothing_else(ground: Ground, sign_in: SignIn) -> None:
    shown, hidden = [await ground.post(title=title) for title in ("Fans <b>on</b>", "Out of sight")]
    visit, person = await member(ground, sign_in)
    for one in (shown, hidden):
        await put(ground.tenant, "ideas_follow", person=person, idea=await number_of(ground, "idea", one["id"]))
    assert (await act(ground, "idea", hidden["id"], "hide")).status_code == 200
    page = await visit.get("/following/")
    assert f'<a class="wrap" href="/{shown["idea_code"]}">Fans &lt;b&gt;on&lt;/b&gt;</a>' in page.text
    assert "Out of sight" not in page.text
    assert f'<option value="campaign {ground.campaign_id.lower()}">Safer plant</option>' in page.text
    assert f'<option value="category {ground.category_id.lower()}">Safer plant: Noise</option>' in page.text
    assert re.search(r'value="daily" checked', page.text)


async def test_following_is_switched_on_and_off_and_leads_back(ground: Ground, sign_in: SignIn) -> None:
    idea = await ground.post()
    visit, person = await member(ground, sign_in)
    sql = "SELECT active FROM tenant.ideas_follow WHERE person = :person"
    for on, what, back, place in (
        ("1", f"idea {idea['id']}", f"/ideas/{idea['idea_code']}/", f"/ideas/{idea['idea_code']}/"),
        ("0", f"idea {idea['id'].lower()}", "//evil.example/", "/following/"),
        ("1", f"idea {idea['id']}", "", "/following/"),
    ):
        answer = await visit.post("/following/switch/", {"what": what, "on": on, "back": back})
        assert (answer.status_code, answer.headers["location"]) == (303, place)
        assert await ground.tenant.scope.direct().values(sql, person=person) == [on == "1"]


@pytest.mark.parametrize("what", ["", "idea", "idea x", "person 3F2504E0-4F89-41D3-9A0C-0305E82C3301"])
async def test_what_is_nothing_that_can_be_followed_is_not_found(ground: Ground, sign_in: SignIn, what: str) -> None:
    visit, _ = await member(ground, sign_in)
    assert (await visit.post("/following/switch/", {"what": what, "on": "1"})).status_code == 404


async def test_how_often_one_is_told_is_chosen(ground: Ground, sign_in: SignIn) -> None:
    visit, _ = await member(ground, sign_in)
    assert (await visit.post("/following/", {"mail": "at once"})).status_code == 303
    assert re.search(r'value="at once" checked', (await visit.get("/following/")).text)
    assert (await visit.post("/following/", {"mail": "hourly"})).status_code == 400


async def test_a_form_without_its_own_token_changes_nothing(ground: Ground, sign_in: SignIn) -> None:
    visit, _ = await member(ground, sign_in)
    assert (await visit.http.post("/following/", data={"mail": "never"})).status_code == 403
    what = {"what": f"campaign {ground.campaign_id}", "on": "1"}
    assert (await visit.http.post("/following/switch/", data=what)).status_code == 403


async def test_who_is_not_signed_in_is_sent_to_the_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/following/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login/?next=/following/")


async def test_an_end_asks_first_and_then_ends_one_idea_alone(ground: Ground, client: httpx.AsyncClient) -> None:
    one, other = [await ground.post(title=title) for title in ("One", "Other")]
    numbers = [await number_of(ground, "idea", each["id"]) for each in (one, other)]
    url = await stop_url(ground, ground.people["ann"], Followed(Of.IDEA, numbers[0]))
    page = await client.get(url)
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    # Mail programs and scanners open addresses by themselves.
    assert [await follows(ground, number, "ann") for number in numbers] == [True, True]
    for _ in range(2):
        assert "Nothing of this idea is mailed to you any more." in (await client.post(url)).text
    assert [await follows(ground, number, "ann") for number in numbers] == [False, True]
    # The page's address may be seen by others than its owner.
    assert not any(word in page.text for word in ("One", "Ann", "ann@x.org"))


async def test_an_end_of_all_mails_is_heeded_and_can_be_taken_back(ground: Ground, client: httpx.AsyncClient) -> None:
    idea = await ground.post()
    url = await stop_url(ground, ground.people["ann"], None)
    assert (await client.post(url, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    await comment(ground, idea["id"], ground.bo)
    assert await digested(ground) == {}
    await choose(ground, "ann", Mail.DAILY)
    await comment(ground, idea["id"], ground.bo)
    assert set(await digested(ground)) == {"ann@x.org"}


async def test_an_end_is_that_of_its_own_tenant(
    ground: Ground, make_tenant: MakeTenant, client: httpx.AsyncClient
) -> None:
    neighbour = await make_tenant("joe@x.org")
    rows = "SELECT id FROM tenant.person ORDER BY id LIMIT 1"
    [person] = {await each.scope.direct().value(rows) for each in (ground.tenant, neighbour)}
    assert (await client.post(await stop_url(ground, person, None))).status_code == 200
    never = "SELECT count(*) FROM tenant.ideas_member WHERE mail = 'never'"
    assert [await each.scope.direct().value(never) for each in (ground.tenant, neighbour)] == [1, 0]


async def test_an_end_that_is_none_of_ours_or_whose_tenant_has_gone_is_not_found(
    ground: Ground, client: httpx.AsyncClient
) -> None:
    token = ground.tenant.scope.part(StopLinks).token(End(999_999_999, 1))
    for method, path in (("GET", "x"), ("POST", "x"), ("POST", token), ("POST", token[:-1])):
        assert (await client.request(method, f"/following/stop/{path}/")).status_code == 404


async def test_an_end_whose_person_has_gone_does_nothing(ground: Ground, client: httpx.AsyncClient) -> None:
    assert (await client.post(await stop_url(ground, 999_999_999, None))).status_code == 200


async def test_the_neighbours_page_shows_nothing_of_ours(
    ground: Ground, make_tenant: MakeTenant, sign_in: SignIn
) -> None:
    idea = await ground.post()
    await follow(ground, "ann", Of.CAMPAIGN, ground.campaign_id)
    visit = await sign_in(await make_tenant("joe@x.org"))
    page = await visit.get("/following/")
    assert page.status_code == 200
    assert not any(word in page.text for word in ("Safer plant", "Quieter fans", ground.campaign_id.lower()))
    assert (await visit.post("/following/switch/", {"what": f"idea {idea['id']}", "on": "1"})).status_code == 404


async def test_public_is_not_written_and_the_system_follows_nothing(ground: Ground) -> None:
    ann, campaign = scope_of(ground, "ann"), UUID(ground.campaign_id)
    with pytest.raises(ReadOnly):
        await settings.choose(replace(ann, tenant=PUBLIC_TENANT), "never")
    with pytest.raises(ReadOnly):
        await settings.switch(replace(ann, tenant=PUBLIC_TENANT), Of.CAMPAIGN, campaign, on=True)
    with pytest.raises(Forbidden):
        await settings.switch(ground.tenant.scope, Of.CAMPAIGN, campaign, on=True)
