"""The operator's pages of bots: who sees which, what is told of one, and what is changed there."""

import html
import re

import pytest

from clerestory.families.bots.chats.token_health import mark
from tests.families.bots.desk import SCRIPT, Desk, say, shop_of
from tests.families.bots.tower import BOB, NO_ONE, Customer, Tower, tower_of
from tests.fixtures.clocks import visitor
from tests.fixtures.visitors import SignIn, Visit


@pytest.fixture
async def ann(tower: Tower) -> Customer:
    return await shop_of(tower)


async def member(tower: Tower, sign_in: SignIn) -> Visit:
    return await sign_in(tower.tenant, member=True, at=tower.application)


def bots_in(page: str) -> list[str]:
    return re.findall(r'<a href="/bots/\d+/">([^<]+)</a>', page)


async def test_an_administrator_sees_every_bot(desk: Desk, tower: Tower) -> None:
    bob = await tower.customer(BOB)
    page = (await desk.visit.get("/bots/")).text
    assert bots_in(page) == [bob.bot, "Shop &amp; Co"]
    assert "Bob Müller" in page
    assert '<span class="badge planned">missing</span>' in page
    assert ">New bot</button>" in page
    assert 'href="/bots/" aria-current="page"' in page


async def test_a_member_sees_the_bots_that_it_is_an_admin_of_and_no_other(
    desk: Desk, tower: Tower, ann: Customer, sign_in: SignIn
) -> None:
    visit = await member(tower, sign_in)
    await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    assert "You are an admin of no bot." in (await visit.get("/bots/")).text
    for path in (f"/bots/{desk.bot}/", chat, f"{chat}stream/"):
        assert (await visit.get(path)).status_code == 404
    for path in (f"/bots/{desk.bot}/", f"/bots/{desk.bot}/invitation/", f"/bots/{desk.bot}/page/"):
        assert (await visit.post(path, {})).status_code == 404
    for form in ("answer/", "mute/", "resume/"):
        assert (await visit.post(chat + form, {"text": "x"})).status_code == 404
    assert (await visit.post("/bots/", {})).status_code == 403
    assert await tower.count("bots_bot") == 1
    await tower.tenant.scope.direct().execute(
        """
        UPDATE tenant.bots_customer
           SET person = (SELECT id FROM tenant.person WHERE email = 'member@example.org')
        """
    )
    page = (await visit.get("/bots/")).text
    assert bots_in(page) == ["Shop &amp; Co"]
    assert ">New bot</button>" not in page
    assert (await visit.post(f"{chat}answer/", {"text": "I am Mel"})).status_code == 303
    assert "Mel <time" in (await visit.get(chat)).text


async def test_a_neighbours_bot_is_not_found(desk: Desk, tower: Tower, ann: Customer, sign_in: SignIn) -> None:
    await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    async with tower_of(tower.application, tower.facebook) as other:
        theirs = await sign_in(other.tenant, at=tower.application)
        assert bots_in((await theirs.get("/bots/")).text) == []
        for path in (f"/bots/{desk.bot}/", chat, f"{chat}stream/"):
            assert (await theirs.get(path)).status_code == 404
        for path in (f"{chat}answer/", f"{chat}mute/", f"/bots/{desk.bot}/"):
            assert (await theirs.post(path, {"text": "x"})).status_code == 404


async def test_a_form_without_the_token_of_its_page_is_refused(desk: Desk, tower: Tower, ann: Customer) -> None:
    await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    for path in ("/bots/", f"/bots/{desk.bot}/", f"{chat}answer/", f"{chat}mute/", f"/bots/{desk.bot}/invitation/"):
        assert (await desk.visit.http.post(path, data={"text": "x"})).status_code == 403
    assert await tower.count("bots_bot") == 1


async def test_a_new_bot_belongs_to_whoever_made_it(desk: Desk, tower: Tower) -> None:
    for answer in (await desk.visit.post("/bots/", {}), await desk.visit.post("/bots/", {})):
        assert re.fullmatch(r"/bots/\d+/\?done=made", answer.headers["location"])
    page = (await desk.visit.get(answer.headers["location"])).text
    assert "The bot was made." in page
    assert "Jane Doe" in page
    assert "Give it an address" not in page
    customers = await tower.tenant.scope.direct().values("SELECT facebook_id FROM tenant.bots_customer ORDER BY id")
    assert customers == ["10154544223979636", None]
    found = re.search(r"/chat/([0-9a-f-]{36})", page)
    assert found is not None
    async with visitor(tower.application) as stranger:
        assert (await stranger.get(found[0])).status_code == 200


async def test_the_page_of_a_bot_tells_what_meta_asks_for(desk: Desk, tower: Tower, ann: Customer) -> None:
    page = await desk.page()
    assert f"/messenger/{ann.bot}</code>" in page
    assert f"/chat/{ann.bot}</code>" in page
    found = re.search(r'id="verify-token">([0-9a-f]{32})<', page)
    assert found is not None
    asked = {"hub.mode": "subscribe", "hub.verify_token": found[1], "hub.challenge": "17"}
    assert (await tower.tenant.http.get(f"/messenger/{ann.bot}", params=asked)).text == "17"
    code = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["inviteCode"]
    assert f">{code}</code>" in page
    assert f">{ann.id}</code>" in page


async def test_a_renewed_invitation_ends_the_one_before(desk: Desk, tower: Tower, ann: Customer) -> None:
    old = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["inviteCode"]
    answer = await desk.post("invitation/")
    assert answer.headers["location"] == f"/bots/{desk.bot}/?done=renewed"
    new = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["inviteCode"]
    assert new != old
    assert f">{new}</code>" in await desk.page("?done=renewed")
    # As with the API's own codes, no text in the database shows it.
    assert new not in await tower.stored()


async def test_a_refused_page_token_is_shown_until_there_is_another(desk: Desk, tower: Tower, ann: Customer) -> None:
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"facebook": {"pageAccessToken": "EAAold"}})
    assert '<span class="badge sent">set</span>' in await desk.page()
    await tower.tenant.scope.direct().execute(
        "UPDATE tenant.bots_bot SET token_fault = :fault, token_mark = :mark, token_told = now()",
        fault=f"Session has expired {SCRIPT}",
        mark=mark("EAAold"),
    )
    page = await desk.page()
    assert "Facebook refuses the page token" in page
    assert "Session has expired &lt;script&gt;" in page
    assert "EAAold" not in page
    assert '<span class="badge failed">refused</span>' in (await desk.visit.get("/bots/")).text
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"facebook": {"pageAccessToken": "EAAnew"}})
    assert "Facebook refuses" not in await desk.page()
    assert '<span class="badge sent">set</span>' in (await desk.visit.get("/bots/")).text


async def test_a_bot_without_an_address_is_given_one_that_nobody_shares(
    desk: Desk, tower: Tower, ann: Customer
) -> None:
    run = tower.tenant.scope.direct().execute
    await run("DELETE FROM platform.bots_address WHERE bot = :bot", bot=ann.bot)
    page = await desk.page()
    assert "Give it an address" in page
    assert "Messenger webhook" not in page
    assert (await desk.visit.get(f"/chat/{ann.bot}")).status_code == 200
    answer = await desk.post("address/")
    assert answer.headers["location"] == f"/bots/{desk.bot}/?done=reachable"
    made = await tower.tenant.scope.direct().value(
        "SELECT uuid::text FROM tenant.bots_bot WHERE id = :bot", bot=desk.bot
    )
    assert made != ann.bot
    async with visitor(tower.application) as stranger:
        assert (await stranger.get(f"/chat/{made}")).status_code == 200
        assert (await stranger.get(f"/chat/{NO_ONE}")).status_code == 404
    assert (await desk.post("address/")).status_code == 409


SETTINGS = {"replies": '{"hello": "Hi!"}', "resume_after": "30", "resume_word": "over to you", "web": "yes"}


async def test_settings_are_merged_as_the_api_merges_them(desk: Desk, tower: Tower, ann: Customer) -> None:
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"takeover": {"note": 1}, "webChat": {"color": "red"}})
    answer = await desk.post(**SETTINGS)
    assert answer.headers["location"] == f"/bots/{desk.bot}/?done=saved"
    shown = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert shown["replies"] == '{"hello": "Hi!"}'
    assert shown["takeover"] == {"note": 1, "resumeAfterMinutes": 30, "resumeWord": "over to you"}
    # What is as it was is not written.
    assert shown["webChat"] == {"color": "red"}
    page = await desk.page()
    assert "The bot has 1 reply now." in page
    assert 'value="30"' in page
    closed = {name: value for name, value in SETTINGS.items() if name != "web"}
    await desk.post(**{**closed, "resume_after": ""})
    shown = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert shown["takeover"]["resumeAfterMinutes"] is None
    assert shown["webChat"] == {"color": "red", "enabled": False}
    assert (await desk.visit.get(f"/chat/{ann.bot}")).status_code == 404


async def test_settings_that_make_no_sense_are_refused_at_their_fields(desk: Desk) -> None:
    before = await desk.attributes()
    wrong = {
        "replies": ['{"hello": ', "[1]", '"text"', '{"a": NaN}', "[" * 100_000, "x"],
        "resume_after": ["-1", "1.5", "soon", "525601", "٣"],
        "resume_word": ["w" * 256],
    }
    for name, values in wrong.items():
        for value in values:
            answer = await desk.post(**{**SETTINGS, name: value})
            assert answer.status_code == 400, (name, value)
            assert f'<span class="fault" id="{name}-fault">' in answer.text, (name, value[:50])
    assert "in line 1, column 2." in (await desk.post(**{**SETTINGS, "replies": "{x"})).text
    kept = (await desk.post(**{**SETTINGS, "replies": f"{{{SCRIPT}</textarea>"})).text
    assert SCRIPT not in kept
    assert "{&lt;script&gt;" in kept
    assert await desk.attributes() == before


async def test_what_nobody_touched_is_not_judged(desk: Desk, tower: Tower, ann: Customer) -> None:
    body = {"replies": "broken {", "takeover": {"resumeAfterMinutes": 0.5}}
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    page = await desk.page()
    assert "broken {</textarea>" in page
    answer = await desk.post(replies="broken {", resume_after="0.5", resume_word="word", web="yes")
    assert answer.status_code == 303
    shown = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert (shown["replies"], shown["takeover"]) == ("broken {", {"resumeAfterMinutes": 0.5, "resumeWord": "word"})


async def test_who_is_not_signed_in_is_sent_to_the_log_in(desk: Desk, tower: Tower) -> None:
    async with visitor(tower.application) as stranger:
        for path in ("/bots/", f"/bots/{desk.bot}/", f"/bots/{desk.bot}/chats/1/"):
            answer = await stranger.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/login/?next={path}")
        assert 'href="/bots/"' not in (await stranger.get("/")).text


async def test_replies_in_one_line_are_shown_in_many_and_not_written_for_that(
    desk: Desk, tower: Tower, ann: Customer
) -> None:
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"replies": '{"a":"b"}'})
    spread = '{\n  "a": "b"\n}'
    assert html.escape(spread).replace("&quot;", "&#34;") in await desk.page()
    await desk.post(**{**SETTINGS, "replies": spread.replace("\n", "\r\n")})
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["replies"] == '{"a":"b"}'
