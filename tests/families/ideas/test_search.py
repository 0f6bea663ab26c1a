"""search: what is found, by beginnings and stems, accents aside; and what never is."""

import httpx
import pytest

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.search import store
from clerestory.families.ideas.search.model import Found, read_query, read_type
from tests.families.ideas.land import MADE, App, make_campaign, make_person, put, token_of, uuid_of
from tests.families.ideas.test_forms import id_of, make_idea
from tests.fixtures.tenants import MakeTenant, TestTenant


async def names(client: httpx.AsyncClient, headers: dict[str, str], query: str) -> list[str]:
    body = (await client.get("/api3/search", params={"query": query}, headers=headers)).json()
    assert body["stats"]["total"] == len(body["search"])
    return [f"{one['type']} {one['name']}" for one in body["search"]]


@pytest.fixture
async def campaign(tenant: TestTenant) -> int:
    await put(tenant, "ideas_status", name="New")
    return await make_campaign(tenant, "Safer plant", language="english")


async def test_an_idea_that_was_found_is_shown_whole(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], campaign: int
) -> None:
    idea = await make_idea(
        tenant, campaign, title="Quieter <fans>", description="<p>Swap it.</p>", created=MADE, language="english"
    )
    code = await tenant.scope.direct().value("SELECT code FROM tenant.ideas_idea")
    expected = {
        "type": "Idea",
        "id": await id_of(tenant, "ideas_idea", idea),
        "name": "Quieter <fans>",
        "description": "<p>Swap it.</p>",
        "campaign_id": await id_of(tenant, "ideas_campaign", campaign),
        "date": "2024-02-01T14:00:00Z",
        "url": f"/{code}",
        "status": "New",
    }
    stats = {"total": 1, "page_count": 1, "current_page": 1}
    for path in ("search?query=fan&type=idea&format=json&page=1", "search/?query=FAN%20quiet&type=Idea&with=x"):
        answer = await client.get(f"/api3/{path}", headers=admin)
        assert (answer.status_code, answer.json()) == (200, {"search": [expected], "stats": stats})
    xml = await client.get("/api3/search?query=fan&format=xml", headers=admin)
    assert xml.text == (
        '<?xml version="1.0" encoding="UTF-8"?><response><search><result><type>Idea</type>'
        f"<id>{expected['id']}</id><name>Quieter &lt;fans&gt;</name>"
        f"<description>&lt;p&gt;Swap it.&lt;/p&gt;</description><campaign_id>{expected['campaign_id']}</campaign_id>"
        f"<date>2024-02-01T14:00:00Z</date><url>/{code}</url><status>New</status></result></search>"
        "<stats><total>1</total><page_count>1</page_count><current_page>1</current_page></stats></response>"
    )


async def test_every_kind_is_found_and_a_type_chooses(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    ann = await make_person(tenant, "ann@x.org", first_name="Lana", last_name="Lantern", role="Fitter")
    await put(tenant, "ideas_status", name="New")
    campaign = await make_campaign(tenant, "Lanterns", description="Better light", created=MADE)
    idea = await make_idea(tenant, campaign, title="A brighter lantern", description="")
    comment = await put(tenant, "ideas_comment", idea=idea, person=ann, text="My lantern too", created=MADE)
    found = {}
    for type in ("webstorm", "idea", "comment", "member", "blog"):
        body = (await client.get(f"/api3/search?query=lantern&type={type}", headers=admin)).json()
        found[type] = body["search"]
    campaign_id = await id_of(tenant, "ideas_campaign", campaign)
    assert found["webstorm"] == [
        {
            "type": "Webstorm",
            "id": campaign_id,
            "name": "Lanterns",
            "description": "Better light",
            "campaign_id": campaign_id,
            "date": "2024-02-01T14:00:00Z",
        }
    ]
    assert found["comment"] == [
        {
            "type": "Comment",
            "id": await id_of(tenant, "ideas_comment", comment),
            "name": "A brighter lantern",
            "description": "My lantern too",
            "campaign_id": campaign_id,
            "date": "2024-02-01T14:00:00Z",
        }
    ]
    [member] = found["member"]
    assert (member["name"], member["description"], member["campaign_id"]) == ("Lana Lantern", "Fitter", None)
    assert ([one["name"] for one in found["idea"]], found["blog"]) == (["A brighter lantern"], [])
    everything = await names(client, admin, "lantern")
    assert sorted(everything) == [
        "Comment A brighter lantern",
        "Idea A brighter lantern",
        "Member Lana Lantern",
        "Webstorm Lanterns",
    ]


@pytest.mark.parametrize(
    "case",
    [
        ("english", "Swapping the bearings", "beari"),
        ("english", "Swapping the bearings", "bearing swap"),
        ("english", "Swapping the bearings", "swapped"),
        ("english", "The plant", "the pla"),
        ("simple", "Swapping the bearings", "SWAPPING"),
        ("french", "Des idées pour l'été", "idee ete"),
        ("french", "Des idees pour l'ete", "idées"),
        ("german", "Größere Fenster", "grosse"),
        ("german", "Grosse Fenster", "größe"),
        ("spanish", "Señales", "se\u006e\u0303al"),
        ("english", "Release 3.5 of o'Brien's e-mail", "3.5 brien e-mail"),
        ("english", "See https://example.org/x?y=z", "example.org"),
    ],
)
async def test_words_are_found_by_their_beginnings_and_stems_accents_aside(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], case: tuple[str, str, str]
) -> None:
    language, title, query = case
    await put(tenant, "ideas_status", name="New")
    campaign = await make_campaign(tenant, "x", description="", language=language)
    await make_idea(tenant, campaign, title=title, language=language)
    await make_idea(tenant, campaign, title="Something else", language=language)
    assert await names(client, admin, query) == [f"Idea {title}"]


async def test_members_are_found_by_every_part_of_their_names(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str]
) -> None:
    person = await make_person(tenant, "ann@x.org", first_name="Zoë", last_name="O'Brien-Smith")
    await put(tenant, "ideas_member", person=person, screen_name="zobs")
    for query in ("zoe", "brien", "smi zo", "O'Brien", "ZOBS", "zob smith"):
        assert await names(client, admin, query) == ["Member zobs"], query
    for query in ("oe", "zoe x", "ann@x.org"):
        assert await names(client, admin, query) == [], query


async def test_the_better_come_first_and_pages_follow_each_other(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], campaign: int
) -> None:
    await make_idea(tenant, campaign, title="Other", description="A fan", language="english")
    for number in range(4):
        await make_idea(tenant, campaign, title=f"Fan {number}", description="fan", language="english", created=MADE)
    pages = []
    for page in (1, 2, 3, 4):
        body = (await client.get(f"/api3/search?query=fan&page={page}&page_size=2", headers=admin)).json()
        assert body["stats"] == {"total": 5, "page_count": 3, "current_page": page}
        pages.append([one["name"] for one in body["search"]])
    assert pages == [["Fan 3", "Fan 2"], ["Fan 1", "Fan 0"], ["Other"], []]


async def test_what_is_hidden_is_never_found(
    client: httpx.AsyncClient, tenant: TestTenant, app: App, admin: dict[str, str], campaign: int
) -> None:
    ann = await make_person(tenant, "ann@x.org")
    closed = await make_campaign(tenant, "Closed fans", restricted=True)
    shown = await make_idea(tenant, campaign, title="Other", language="english")
    await make_idea(tenant, campaign, title="Hidden fan", visible=False, language="english")
    await make_idea(tenant, closed, title="Closed fan")
    await put(tenant, "ideas_comment", idea=shown, person=ann, text="Hidden fan", visible=False)
    token = await token_of(client, app, "ann@x.org")
    assert await names(client, token, "fan") == []
    assert sorted(await names(client, admin, "fan")) == [
        "Comment Other",
        "Idea Closed fan",
        "Idea Hidden fan",
        "Webstorm Closed fans",
    ]
    await put(tenant, "ideas_role", campaign=campaign, person=ann, role="moderator")
    assert sorted(await names(client, token, "fan")) == ["Comment Other", "Idea Hidden fan"]


async def test_without_a_token_public_campaigns_are_searched(tenant: TestTenant, campaign: int) -> None:
    ann = await make_person(tenant, "ann@x.org", last_name="Fanning")
    public = await make_campaign(tenant, "Public fans", public=True)
    await tenant.scope.direct().execute("UPDATE tenant.ideas_campaign SET language = 'simple'")
    for number, title in ((campaign, "Private fan"), (public, "Public fan")):
        await put(tenant, "ideas_comment", idea=await make_idea(tenant, number, title=title), person=ann, text="Fans")

    async def seen() -> list[str]:
        found = await store.find(tenant.scope.direct(), Viewer(), read_query("fan"), list(Found), (20, 0))
        return sorted(f"{hit.type} {hit.name}" for hit in found)

    assert await seen() == ["Comment Public fan", "Idea Public fan", "Webstorm Public fans"]
    await put(tenant, "ideas_entrant", campaign=public, person=ann)
    assert "Member Ann Fanning" in await seen()


async def test_what_cannot_be_searched_for_is_refused(client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    for query, code, message in (
        ("", 2001, "Missing required parameter"),
        ("?query=%20", 2001, "Missing required parameter"),
        ("?query=fan&type=stars", 2007, "type must be one of webstorm, idea, comment, member, blog"),
        ("?query=a%00b", 2007, "query has characters that cannot be stored"),
    ):
        answer = await client.get(f"/api3/search{query}", headers=admin)
        found = answer.json()
        assert (answer.status_code, found["errorCode"], found["message"]) == (400, code, message), query


@pytest.mark.parametrize(
    "query", ["'", "\\", "a\\", "!!", "a & | ! ( )", ":*", "a:*b", "<->", "'a':B", "\u0149", "½", "ʹ"]
)
async def test_no_query_is_a_mistake_in_the_language_of_the_database(
    client: httpx.AsyncClient, tenant: TestTenant, admin: dict[str, str], campaign: int, query: str
) -> None:
    assert await names(client, admin, query) in ([], ["Webstorm Safer plant"])


async def test_every_letter_may_be_searched_for(tenant: TestTenant, campaign: int) -> None:
    letters = [chr(number) for number in range(0x80, 0x3000) if chr(number).isalnum()]
    for start in range(0, len(letters), 16):
        sought = read_query(" ".join(letters[start : start + 16]))
        found = await store.find(tenant.scope.direct(), Viewer(admin=True), sought, list(Found), (20, 0))
        assert {hit.name for hit in found} <= {"Safer plant", "Jane Doe"}


def test_a_query_is_read() -> None:
    read = read_query("  The o'Brien-Plan\u00e9 3.5 ")
    assert (read.terms, read.words) == (
        ["the", "o'brien-plan\u00e9", "3.5"],
        ["the", "o", "brien", "plan\u00e9", "3", "5"],
    )
    assert [len(term) for term in read_query("x" * 100 + " y" * 100).terms] == [64] + [1] * 15
    assert (read_type(" WebStorm "), read_type("stars")) == (Found.WEBSTORM, None)


async def test_the_neighbour_finds_nothing(tenant: TestTenant, make_tenant: MakeTenant, campaign: int) -> None:
    await make_idea(tenant, campaign, title="Plant fans", language="english")
    uuid = await uuid_of(tenant, "ideas_campaign", campaign)
    assert str(uuid).upper() in (await tenant.http.get("/api3/search?query=plant")).text
    neighbour = await make_tenant("joe@x.org")
    stats = {"total": 0, "page_count": 0, "current_page": 1}
    assert (await neighbour.http.get("/api3/search?query=plant")).json() == {"search": [], "stats": stats}
