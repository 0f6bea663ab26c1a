"""widget/postIdea and widget/ideaList: a form whole, its three sentences, and the list with its tabs."""

import httpx
import pytest

from tests.families.ideas.land import MADE, App, make_campaign, make_person, put, token_of, uuid_of
from tests.families.ideas.test_forms import count_anew, id_of, make_idea
from tests.fixtures.tenants import MakeTenant, TestTenant

NOBODYS = "5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20"
HEAD = [
    {"id": "title", "description": "Title of your idea", "required": True, "type": "text"},
    {"id": "description", "description": "Describe your idea", "required": True, "type": "richtext"},
]
TAIL = {"id": "attachments", "description": "Attachments", "required": False, "type": "attachment"}


def refused(status: int, code: int, message: str, error: str = "invalid_request") -> tuple[int, dict[str, object]]:
    return status, {"errorCode": code, "message": message, "error": error, "error_description": message}


NO_WIDGET = refused(404, 2004, "Invalid ID or you don't have access to this widget")


@pytest.fixture
async def ann(client: httpx.AsyncClient, tenant: TestTenant, app: App) -> dict[str, str]:
    """The token of a regular member."""
    await make_person(tenant, "ann@x.org")
    return await token_of(client, app, "ann@x.org")


async def asking(tenant: TestTenant, campaign: int) -> tuple[list[dict[str, object]], dict[str, object]]:
    """Three questions of a campaign's own: as members see them, and the one for administrators."""
    of = {"campaign": campaign}
    inside = await put(
        tenant, "ideas_question", **of, type="number", description="Cost", asked="administrators", place=3
    )
    why = await put(tenant, "ideas_question", **of, type="textarea", description="Why?", place=2)
    shift = await put(tenant, "ideas_question", **of, type="radio", description="Which shift?", required=True, place=1)
    options: list[dict[str, object]] = []
    for order, name in ((2, "Late"), (1, "Early")):
        row = await put(tenant, "ideas_question_option", question=shift, description=name, place=order)
        uuid = await id_of(tenant, "ideas_question_option", row)
        options.insert(0, {"id": uuid, "order": order, "description": name})

    async def question(row: int, description: str, type: str, **more: object) -> dict[str, object]:
        uuid = await id_of(tenant, "ideas_question", row)
        return {"id": uuid, "description": description, "required": False, "type": type, **more}

    chosen = await question(shift, "Which shift?", "radio", required=True, options=options)
    return [chosen, await question(why, "Why?", "textarea")], await question(inside, "Cost", "number")


async def test_a_form_is_shown_whole(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], ann: dict[str, str]
) -> None:
    campaign = await make_campaign(tenant, title_label="What is it?")
    await put(tenant, "ideas_status", name="New")
    light = await put(tenant, "ideas_category", campaign=campaign, name="Light", place=2)
    noise = await put(tenant, "ideas_category", campaign=campaign, name="Noise", place=1)
    await make_idea(tenant, campaign, category=noise)
    await make_idea(tenant, campaign, category=noise, visible=False)
    await count_anew(tenant)
    own, inside = await asking(tenant, campaign)
    ids = {name: await id_of(tenant, "ideas_category", row) for name, row in (("Noise", noise), ("Light", light))}

    def form(noises: int) -> list[dict[str, object]]:
        select = {"id": "category_id", "description": "Category", "required": True, "type": "select"}
        options = [
            {"id": ids[name], "order": order, "num_ideas_in_cat": ideas, "description": name}
            for order, name, ideas in ((1, "Noise", noises), (2, "Light", 0))
        ]
        return [{**HEAD[0], "description": "What is it?"}, HEAD[1], {**select, "options": options}, TAIL]

    path = f"/api3/widget/postIdea/?campaign_id={await id_of(tenant, 'ideas_campaign', campaign)}"
    answer = await client.get(path, headers=ann)
    assert (answer.status_code, answer.json()) == (200, {"questions": [*form(1), *own]})
    assert (await client.get(path, headers=admin)).json() == {"questions": [*form(2), *own, inside]}


async def test_a_form_as_xml(client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str]) -> None:
    campaign = await make_campaign(tenant, description_label="How & why")
    uuid = await id_of(tenant, "ideas_category", await put(tenant, "ideas_category", campaign=campaign, name="Noise"))
    path = f"/api3/widget/postIdea?campaign_id={await uuid_of(tenant, 'ideas_campaign', campaign)}&format=xml"
    question = "<question><id>{}</id><description>{}</description><required>{}</required><type>{}</type>{}</question>"
    options = (
        f"<options><option><id>{uuid}</id><order>1</order><num_ideas_in_cat>0</num_ideas_in_cat>"
        "<description>Noise</description></option></options>"
    )
    expected = [
        question.format("title", "Title of your idea", "true", "text", ""),
        question.format("description", "How &amp; why", "true", "richtext", ""),
        question.format("category_id", "Category", "true", "select", options),
        question.format("attachments", "Attachments", "false", "attachment", ""),
    ]
    assert (await client.get(path, headers=ann)).text == (
        f'<?xml version="1.0" encoding="UTF-8"?><response><questions>{"".join(expected)}</questions></response>'
    )


@pytest.mark.parametrize(("required", "categories"), [(True, 0), (False, 1)])
async def test_a_category_is_required_where_the_campaign_says_so_and_has_one(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str], required: bool, categories: int
) -> None:
    campaign = await make_campaign(tenant, category_required=required)
    for number in range(categories):
        await put(tenant, "ideas_category", campaign=campaign, name=f"Category {number}")
    path = f"/api3/widget/postIdea?campaign_id={await uuid_of(tenant, 'ideas_campaign', campaign)}"
    [question] = [
        one for one in (await client.get(path, headers=ann)).json()["questions"] if one["id"] == "category_id"
    ]
    assert (question["required"], len(question["options"])) == (False, categories)


async def test_the_sentences_of_a_form_that_is_not_shown(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str], admin: dict[str, str]
) -> None:
    async def answered(campaign: object, headers: dict[str, str] | None = None) -> tuple[int, object]:
        answer = await client.get(f"/api3/widget/postIdea?campaign_id={campaign}", headers=headers or ann)
        return answer.status_code, answer.json()

    assert await answered("") == refused(400, 2001, "Missing required parameter")
    assert await answered("none") == refused(400, 2007, "Invalid GUID")
    assert await answered(NOBODYS) == NO_WIDGET
    restricted = await uuid_of(tenant, "ideas_campaign", await make_campaign(tenant, restricted=True, public=False))
    assert await answered(restricted) == NO_WIDGET
    over = await uuid_of(tenant, "ideas_campaign", await make_campaign(tenant, status="Closed"))
    assert await answered(over) == refused(403, 2003, "You are not authorized to view this widget", "access_denied")
    for campaign in (restricted, over):
        assert (await answered(campaign, admin))[0] == 200


async def test_a_form_wants_a_token_even_of_a_public_campaign(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    uuid = await uuid_of(tenant, "ideas_campaign", await make_campaign(tenant, public=True))
    answer = await client.get(f"/api3/widget/postIdea?campaign_id={uuid}")
    message = "The access token provided is invalid"
    assert (answer.status_code, answer.json()) == refused(401, 1002, message, "invalid_grant")


async def test_the_list_has_tabs_that_win_over_an_order(
    client: httpx.AsyncClient, tenant: TestTenant, ann: dict[str, str]
) -> None:
    person = await tenant.scope.direct().value("SELECT id FROM tenant.person WHERE email = 'ann@x.org'")
    campaign = await make_campaign(tenant)
    await put(tenant, "ideas_status", name="New")
    best = await make_idea(tenant, campaign, title="Best", created=MADE)
    await make_idea(tenant, campaign, title="Recent")
    await make_idea(tenant, campaign, title="Hidden", visible=False)
    await put(tenant, "ideas_vote", idea=best, person=person, type="promote")
    await count_anew(tenant)

    async def titles(query: str) -> list[str]:
        body = (await client.get(f"/api3/widget/ideaList{query}", headers=ann)).json()
        return [one["title"] for one in body["idea_list"]]

    assert await titles("") == ["Recent", "Best"]
    assert await titles("?tab=recent&order=title") == ["Recent", "Best"]
    assert await titles("/?tab=best&order=title DESC") == ["Best", "Recent"]
    assert await titles("?tab=other&order=title") == ["Best", "Recent"]
    assert await titles("?title=REC") == ["Recent"]
    assert await titles("?date_created=02/01/2024&visible=1&anonymous=0") == ["Best"]
    listed = (
        await client.get(
            "/api3/idea?campaign_id=" + str(await uuid_of(tenant, "ideas_campaign", campaign)), headers=ann
        )
    ).json()
    assert (await client.get("/api3/widget/ideaList", headers=ann)).json() == listed


async def test_the_neighbour_is_shown_neither(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    campaign = await make_campaign(tenant, public=True)
    await put(tenant, "ideas_status", name="New")
    await make_idea(tenant, campaign)
    await count_anew(tenant)
    neighbour = await make_tenant("joe@x.org")
    path = f"/api3/widget/postIdea?campaign_id={await uuid_of(tenant, 'ideas_campaign', campaign)}"
    answer = await neighbour.http.get(path)
    assert (answer.status_code, answer.json()) == NO_WIDGET
    assert (await tenant.http.get(path)).status_code == 200
    assert (await neighbour.http.get("/api3/widget/ideaList")).json()["idea_list"] == []
    assert len((await tenant.http.get("/api3/widget/ideaList")).json()["idea_list"]) == 1
