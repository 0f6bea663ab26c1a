"""The page where anybody tries a bot: as a browser without script sees it, and as its script does."""

import hashlib
import re

import pytest

from clerestory.app import demonstrate
from clerestory.platform.database import Database
from tests.families.bots.browsing import SCRIPT, Browser, browsing, bubbles, change, shop
from tests.families.bots.tower import NO_ONE, Customer, Tower
from tests.fixtures.clocks import own_application, visitor


@pytest.fixture
async def ann(tower: Tower) -> Customer:
    return await shop(tower)


async def test_looking_at_a_page_stores_nothing_and_offers_to_start(browser: Browser, tower: Tower) -> None:
    page = await browser.page()
    assert "<title>Shop &amp; Co" in page.text
    assert ">Start</button>" in page.text
    assert [await tower.count(table) for table in ("bots_chat", "bots_message", "bots_user")] == [0, 0, 0]


async def test_the_cookie_is_for_this_bot_alone_and_no_script_reads_it(browser: Browser) -> None:
    cookie = (await browser.page()).headers["set-cookie"]
    assert re.fullmatch(
        rf"visitor=[A-Za-z0-9_-]{{43}}; HttpOnly; Max-Age=2592000; Path={browser.path}; SameSite=lax", cookie
    )


async def test_start_brings_the_welcome(browser: Browser) -> None:
    await browser.page()
    await browser.post(payload="GET_STARTED", title="Start")
    page = (await browser.page()).text
    assert bubbles(page) == [("mine", "Start"), ("theirs", "Hello!")]
    assert ">Start</button>" not in page
    assert '<input type="hidden" name="payload" value="hours">' in page


async def test_a_message_is_answered_without_script(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    assert bubbles(await browser.say("your hours please"))[-2:] == [
        ("mine", "your hours please"),
        ("theirs", "Nine\nto five."),
    ]
    [secret] = [cookie.value for cookie in browser.http.cookies.jar]
    address = await tower.tenant.scope.direct().value("SELECT address FROM tenant.bots_chat")
    assert address == hashlib.sha256(str(secret).encode()).hexdigest()
    assert await tower.tenant.scope.direct().value("SELECT name FROM tenant.bots_user") == f"Visitor {address[:6]}"


async def test_a_pressed_button_says_its_payload(browser: Browser) -> None:
    await browser.page()
    await browser.post(payload="hours", title="Opening?")
    assert bubbles((await browser.page()).text) == [("mine", "Opening?"), ("theirs", "Nine\nto five.")]


async def test_a_card_has_its_picture_its_link_and_its_buttons(browser: Browser) -> None:
    await browser.page()
    page = await browser.say("shirts")
    assert "<strong>Shirts</strong>" in page
    assert '<img class="logo" src="https://img.example.org/shirt.png"' in page
    assert '<a class="button plain" href="https://shop.example.org/all" rel="noopener noreferrer"' in page
    policy = (await browser.page()).headers["content-security-policy"]
    assert "img-src 'self' data: https:;" in policy
    assert "script-src 'self';" in policy


async def test_nothing_that_is_said_is_markup(browser: Browser, tower: Tower, ann: Customer) -> None:
    await change(tower, ann, facebook={"pageName": SCRIPT})
    await browser.page()
    page = await browser.say("evil")
    page += await browser.say(SCRIPT)
    assert SCRIPT not in page
    assert "javascript:" not in page
    assert page.count("&lt;script&gt;") >= 5


async def test_what_is_sent_twice_is_stored_once_and_other_words_with_the_same_key_are_not_lost(
    browser: Browser, tower: Tower
) -> None:
    await browser.page()
    for text in ("hello", "hello", "something else"):
        assert (await browser.post(text=text, key="one")).status_code == 303
    assert [text for whose, text in bubbles((await browser.page()).text) if whose == "mine"] == [
        "hello",
        "something else",
    ]


async def test_a_script_is_answered_without_a_page(browser: Browser) -> None:
    await browser.page()
    answer = await browser.send(text="hello")
    assert (answer.status_code, answer.text) == (204, "")
    empty = await browser.send(text="  ")
    assert (empty.status_code, empty.json()) == (400, {"text": "Write something first."})


async def test_what_is_too_long_is_refused_and_kept_in_the_form(browser: Browser, tower: Tower) -> None:
    await browser.page()
    answer = await browser.post(text="a" * 2001)
    assert answer.status_code == 400
    assert "A message may have at most 2,000 characters." in answer.text
    assert "a" * 2001 in answer.text
    assert (await browser.post(text="\r\n".join(["é" * 10] * 180))).status_code == 303
    assert await tower.count("bots_chat") == 1


async def test_strange_forms_are_refused_in_a_page(browser: Browser, tower: Tower) -> None:
    await browser.page()
    for fields in ({}, {"text": ""}, {"text": "a\0b"}, {"payload": "p" * 1001}, {"title": "only"}):
        answer = await browser.post(**fields)
        assert answer.status_code == 400, fields
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert await tower.count("bots_chat") == 0


async def test_thirty_messages_a_minute_are_enough(browser: Browser, tower: Tower) -> None:
    await browser.page()
    answers = [await browser.send(text=f"number {number}") for number in range(31)]
    assert [answer.status_code for answer in answers] == [204] * 30 + [429]
    assert answers[-1].json() == {"text": "That was too fast for the bot. Wait a minute, and go on."}
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    page = await browser.post(text="kept")
    assert (page.status_code, ">kept</textarea>" in page.text) == (429, True)


async def test_two_browsers_have_two_chats(browser: Browser, tower: Tower, ann: Customer) -> None:
    await browser.page()
    await browser.say("my secret")
    async with browsing(tower, ann.bot) as other:
        assert "my secret" not in (await other.page()).text
        assert "my secret" not in await other.say("hello")
        other.http.cookies.set("visitor", "x", path=other.path)
        assert "my secret" not in (await other.page()).text


async def test_no_other_site_says_anything(browser: Browser, tower: Tower) -> None:
    await browser.page()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = await browser.http.post(f"{browser.path}/", data={"text": "hi"}, headers=headers)
        assert answer.status_code == 403
    assert await tower.count("bots_chat") == 0


async def test_who_is_signed_in_needs_what_its_own_page_has(browser: Browser, tower: Tower) -> None:
    await browser.page()
    credentials = {"email": tower.tenant.email, "password": tower.tenant.password, "client": tower.tenant.client}
    assert (await browser.http.post("/login/", data=credentials)).status_code == 303
    page = (await browser.page()).text
    assert (await browser.post(text="hello")).status_code == 403
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    assert (await browser.post(text="hello", csrf=found[1])).status_code == 303
    assert "The bot's page</a>" in page


async def test_what_is_not_open_is_not_found(browser: Browser, tower: Tower, ann: Customer) -> None:
    for bot in (NO_ONE, "x", ann.bot.upper()):
        assert (await browser.http.get(f"/chat/{bot}")).status_code == 404
    await change(tower, ann, webChat={"enabled": False})
    for answer in (await browser.http.get(browser.path), await browser.post(text="hi"), await browser.send(text="hi")):
        assert answer.status_code == 404
        assert "There is no such bot." in answer.text
    assert (await browser.http.get(f"{browser.path}/stream")).status_code == 404


async def test_while_a_human_has_taken_over_the_page_says_so(browser: Browser, tower: Tower, ann: Customer) -> None:
    await browser.page()
    await browser.say("hello")
    key = await tower.tenant.scope.direct().value("SELECT key FROM tenant.bots_user")
    await tower.got("PUT", f"/v1/users/{key}", ann, json={"botId": ann.bot, "botStatus": "muted"})
    page = await browser.say("your hours please")
    assert "A human has taken over this chat" in page
    assert bubbles(page)[-1] == ("mine", "your hours please")


async def test_the_last_hundred_messages_are_shown(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    await tower.tenant.scope.direct().execute(
        """
        INSERT INTO tenant.bots_message (chat, kind, author, text, state)
        SELECT chat.id, 'message', 'person', 'number ' || n, 'handled'
          FROM tenant.bots_chat AS chat, generate_series(1, 100) AS n
        """
    )
    page = (await browser.page()).text
    assert [text for _, text in bubbles(page)] == [f"number {n}" for n in range(1, 101)]
    assert "Earlier messages are not shown." in page


async def test_a_bot_of_public_is_only_looked_at(database_url: str) -> None:
    async with own_application(database_url) as application, visitor(application) as http:
        await demonstrate(application.parts.find(Database))
        bot = await application.parts.find(Database).direct().value("SELECT uuid::text FROM public.bots_bot LIMIT 1")
        page = await http.get(f"/chat/{bot}")
        assert page.status_code == 200
        assert "This bot is here to be looked at." in page.text
        assert "<textarea" not in page.text
        answer = await http.post(f"/chat/{bot}/", data={"text": "hello"})
        assert answer.status_code == 403
        assert "Log in, and talk to your own." in answer.text


async def test_a_chat_is_whoevers_browser_has_its_secret(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("my secret")
    async with visitor(tower.application) as other:
        assert "my secret" not in (await other.get(browser.path)).text
        other.cookies = browser.http.cookies
        assert "my secret" in (await other.get(browser.path)).text
