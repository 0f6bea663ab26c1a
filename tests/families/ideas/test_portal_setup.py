"""Campaigns set up by forms: made, changed, with all that they consist of; for administrators alone."""

import re
from dataclasses import dataclass

import httpx
import pytest

from tests.families.ideas.browsing import Crowd, text_of
from tests.families.ideas.land import put
from tests.fixtures.tenants import MakeTenant, TestTenant
from tests.fixtures.visitors import SignIn, Visit

NEW = "/ideas/setup/campaigns/new/"


def typed(page: httpx.Response) -> dict[str, str | list[str]]:
    """What a browser would send of the page's first form if nothing were changed."""
    form = re.findall(r'<form class="stack broad".*?</form>', page.text, re.DOTALL)[0]
    fields: dict[str, str | list[str]] = dict(re.findall(r'<input id="(\w+)"[^>]*value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', form))
    fields |= dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" value="1" checked', form), "1")
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        fields[name] = re.findall(r'<option value="([^"]*)" selected', options)[0]
    return fields


async def made(visit: Visit, **fields: str) -> str:
    """The page of a new campaign."""
    answer = await visit.post(NEW, {"name": "Cleaner air", "description": "", "status": "Active", **fields})
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"]


async def test_a_campaign_is_made_and_its_rules_changed(crowd: Crowd, tenant: TestTenant, sign_in: SignIn) -> None:
    founder = await sign_in(tenant)
    assert NEW in (await founder.get("/ideas/")).text
    path = await made(founder, description="What we breathe")
    page = await founder.get(path)
    before = typed(page)
    # What the table has by itself stands there, so that saving does not switch it off.
    assert {name: before.get(name) for name in ("name", "voting", "public", "chips")} == {
        "name": "Cleaner air", "voting": "1", "public": None, "chips": "100",
    }  # fmt: skip
    changed = {**before, "public": "1", "chips": "7", "starts": "2026-01-02T03:04", "sponsor": "ANN@x.org"}
    answer = await founder.post(path, changed)
    assert answer.headers["location"] == f"{path}?saved=1"
    after = typed(await founder.get(path))
    assert after == {**changed, "sponsor": "ann@x.org"}
    private = {name: text for name, text in after.items() if name != "public"} | {"starts": ""}
    await founder.post(path, private)
    assert typed(await founder.get(path)) == private


async def test_what_is_wrong_stands_at_its_field(crowd: Crowd, tenant: TestTenant, sign_in: SignIn) -> None:
    founder = await sign_in(tenant)
    page = await founder.post(NEW, {"name": " ", "status": "Active"})
    assert page.status_code == 400
    assert 'aria-invalid="true" aria-describedby="name-fault" required' in page.text
    path = await made(founder)
    given = typed(await founder.get(path))
    page = await founder.post(path, {**given, "sponsor": "nobody@x.org", "chips": "<b>", "name": "<i>"})
    assert page.status_code == 400
    assert "No member has this e-mail address." in page.text
    assert 'name="chips" type="number" value="&lt;b&gt;" aria-invalid="true"' in page.text
    assert 'value="&lt;i&gt;"' in page.text
    page = await founder.post(path, {**given, "starts": "2026-02-01T00:00", "ends": "2026-01-01T00:00"})
    assert page.status_code == 400


@dataclass(frozen=True, slots=True)
class Part:
    """A record of a campaign: as it is typed, what is changed of it, and how the campaign's page then shows it."""

    kind: str
    fields: dict[str, str]
    changed: dict[str, str]
    shown: str


@pytest.mark.parametrize(
    "part",
    [
        Part("categories", {"name": "Air"}, {"name": "Water"}, "Water"),
        Part("statuses", {"name": "Begun", "place": "3"}, {"name": "Over"}, "Over"),
        Part(
            "questions", {"type": "radio", "description": "Soon?", "required": "1"}, {"required": ""}, "Soon? radio New"
        ),
        Part("roles", {"person": "bo@x.org", "role": "moderator"}, {"role": "administrator"}, "bo@x.org administrator"),
        Part("budgets", {"person": "bo@x.org", "budget": "5"}, {"budget": "6"}, "bo@x.org 6 chips, 0 laid"),
    ],
    ids=lambda part: part.kind,
)
async def test_what_a_campaign_consists_of_is_made_changed_and_removed(
    crowd: Crowd, tenant: TestTenant, sign_in: SignIn, part: Part
) -> None:
    founder = await sign_in(tenant)
    path = await made(founder)
    number = path.split("/")[-2]
    new = f"/ideas/setup/{part.kind}/new/?in={number}"
    assert f'href="{new}"' in (await founder.get(path)).text
    assert (await founder.get(new)).status_code == 200
    assert (await founder.post(new, {**part.fields})).status_code == 303
    page = await founder.get(path)
    before = text_of(page)
    assert part.shown not in before
    section = page.text[page.text.index(f'id="list-{part.kind}"') :]
    record = re.findall(rf'href="(/ideas/setup/{part.kind}/\d+/)"', section)[-1]
    answer = await founder.post(record, {**typed(await founder.get(record)), **part.changed})
    assert answer.headers["location"] == path
    assert part.shown in text_of(await founder.get(path))
    removed = await founder.post(f"{record}remove/", {})
    assert removed.status_code == (404 if part.kind == "budgets" else 303)
    assert (part.shown in text_of(await founder.get(path))) is (part.kind == "budgets")


async def test_a_questions_choices_are_made_on_its_page(crowd: Crowd, tenant: TestTenant, sign_in: SignIn) -> None:
    founder = await sign_in(tenant)
    question = await put(
        tenant, "ideas_question", campaign=crowd.ground.campaign, type="select", description="How soon?"
    )
    path = f"/ideas/setup/questions/{question}/"
    for text in ("Now", "Later"):
        answer = await founder.post(f"/ideas/setup/options/new/?in={question}", {"description": text})
        assert answer.headers["location"] == path
    assert "Now Later" in text_of(await founder.get(path))
    assert ">Later</option>" in (await crowd.bo.get(f"{crowd.campaign}new/")).text


async def test_what_ideas_need_is_not_removed(crowd: Crowd, tenant: TestTenant, sign_in: SignIn) -> None:
    await crowd.idea()
    founder = await sign_in(tenant)
    page = await founder.post(f"/ideas/setup/campaigns/{crowd.ground.campaign}/remove/", {})
    assert page.status_code == 409
    assert (await crowd.bo.get(crowd.campaign)).status_code == 200


async def test_only_administrators_of_the_tenant_set_up(
    crowd: Crowd, tenant: TestTenant, make_tenant: MakeTenant, sign_in: SignIn
) -> None:
    path = f"/ideas/setup/campaigns/{crowd.ground.campaign}/"
    for visit in (crowd.bo, crowd.max):
        assert [(await visit.get(one)).status_code for one in (NEW, path)] == [403, 403]
        assert (await visit.post(NEW, {"name": "Mine", "status": "Active"})).status_code == 403
        assert (await visit.post(path, {"name": "Mine"})).status_code == 403
        assert (await visit.post(f"{path}remove/", {})).status_code == 403
        assert NEW not in (await visit.get("/ideas/")).text
    assert (await crowd.nobody.get(path)).headers["location"] == f"/login/?next={path}"
    other = await sign_in(await make_tenant("other@x.org"))
    far = "/ideas/setup/campaigns/999/"
    assert [(await other.get(far)).status_code, (await other.post(far, {"name": "x"})).status_code] == [404, 404]
    founder = await sign_in(tenant)
    for strange in ("/ideas/setup/ideas/1/", "/ideas/setup/categories/new/", "/ideas/setup/people/new/"):
        assert (await founder.get(strange)).status_code == 404
