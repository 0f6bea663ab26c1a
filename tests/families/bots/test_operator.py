"""The operator at a chat: who said what, a human who answers and takes over, and a bot that is given the chat back."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from clerestory.families.bots.web.sent import key_of
from tests.families.bots.desk import SCRIPT, Desk, desk_of, heard, say, shop_of
from tests.families.bots.streams import opened
from tests.families.bots.talk import EVA, Talk
from tests.families.bots.tower import BOB, Customer, Tower
from tests.fixtures.visitors import SignIn


@pytest.fixture
async def ann(tower: Tower) -> Customer:
    return await shop_of(tower)


async def test_a_chat_of_another_bot_is_not_found(desk: Desk, tower: Tower) -> None:
    bob = await tower.customer(BOB)
    await say(tower, bob.bot, "hello")
    path = await desk.chat()
    assert (await desk.visit.get(path)).status_code == 404
    for number in (0, 2**63, 10**30):
        assert (await desk.visit.get(f"/bots/{desk.bot}/chats/{number}/")).status_code == 404
        assert (await desk.visit.get(f"/bots/{number}/")).status_code == 404


async def test_chats_stand_in_the_list_with_what_was_said_last(desk: Desk, tower: Tower, ann: Customer) -> None:
    assert "Nobody has written to this bot yet." in await desk.page()
    await say(tower, ann.bot, "hello", f"{SCRIPT} opening hours")
    await say(tower, ann.bot, "something")
    run = tower.tenant.scope.direct().execute
    name = json.dumps({"name": f"100% {SCRIPT}"})
    await run(
        """
        UPDATE tenant.bots_user
           SET attributes = attributes || :name::jsonb
         WHERE id = (SELECT min(id) FROM tenant.bots_user)
        """,
        name=name,
    )
    page = await desk.page()
    assert SCRIPT not in page
    assert "Nine to five." in page
    assert "2 chats" in page
    for query, count in (("?q=100%25", 1), ("?q=100_", 0), ("?q=visitor", 1), ("?show=muted", 0), ("?page=2", 0)):
        assert len(re.findall(r'href="/bots/\d+/chats/\d+/"', await desk.page(query))) == count, query
    await desk.visit.post(f"{await desk.chat()}mute/", {})
    page = await desk.page("?show=muted&q=visitor")
    assert "1 chat" in page
    assert re.search(r"Silenced by Jane Doe on the operator page at [\d-]+ [\d:]+ UTC, until ", page)


async def test_a_chat_offers_what_can_be_made_of_what_the_person_wrote(desk: Desk, tower: Tower, ann: Customer) -> None:
    await say(tower, ann.bot, "opening hours", f"On  Sundays\ntoo? {SCRIPT}")
    page = (await desk.visit.get(await desk.chat())).text
    [address] = re.findall(r'<a class="button plain" href="([^"]*)">Make an idea of this</a>', page)
    asked = parse_qs(urlsplit(html.unescape(address)).query)
    assert asked == {
        "title": [f"On Sundays too? {SCRIPT}"],
        "text": [f"opening hours\n\nOn  Sundays\ntoo? {SCRIPT}"],
    }
    assert "Make an idea" not in (await desk.visit.get(f"{await desk.chat()}?before=1")).text


async def test_many_chats_have_pages_that_keep_the_filter(desk: Desk, tower: Tower) -> None:
    await tower.tenant.scope.direct().execute(
        """
        WITH made AS (
            INSERT INTO tenant.bots_user (bot, key, attributes)
            SELECT :bot, 'key ' || n, jsonb_build_object('name', 'Visitor ' || n)
              FROM generate_series(1, 26) AS n
            RETURNING id, key
        )
        INSERT INTO tenant.bots_chat (bot, channel, address, bots_user)
        SELECT :bot, 'web', key, id
          FROM made
        """,
        bot=desk.bot,
    )
    first = await desk.page("?q=Visitor")
    assert "26 chats, page 1 of 2" in first
    assert f'href="/bots/{desk.bot}/?q=Visitor&amp;page=2#chats"' in first
    assert "page 2 of 2" in await desk.page("?q=Visitor&page=2")


async def test_a_human_answers_and_the_bot_is_silent_until_the_chat_is_given_back(
    desk: Desk, tower: Tower, ann: Customer
) -> None:
    http = await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    answer = await desk.visit.post(f"{chat}answer/", {"text": "I am <b>Jane</b>.\r\nHow can I help?", "key": "one"})
    assert answer.headers["location"] == f"{chat}#end"
    await desk.visit.post(f"{chat}answer/", {"text": "I am <b>Jane</b>.\r\nHow can I help?", "key": "one"})
    await http.post(f"/chat/{ann.bot}/", data={"text": "opening hours?"})
    assert await heard(http, ann.bot) == [
        "hello",
        "Hello! Ask me about our opening hours.",
        "I am &lt;b&gt;Jane&lt;/b&gt;.\nHow can I help?",
        "opening hours?",
    ]
    page = (await desk.visit.get(chat)).text
    assert "<strong>The bot is silent.</strong> Silenced by Jane Doe on the operator page" in page
    assert "Jane Doe <time" in page
    assert (await desk.visit.post(f"{chat}resume/", {})).headers["location"] == f"{chat}#end"
    await http.post(f"/chat/{ann.bot}/", data={"text": "opening hours?"})
    assert (await heard(http, ann.bot))[-1] == "Nine to five."
    page = (await desk.visit.get(chat)).text
    assert "The bot answers." in page
    assert re.findall(r"(Silenced|Given back) (by Jane Doe on the operator page)", page) == [
        ("Given back", "by Jane Doe on the operator page"),
        ("Silenced", "by Jane Doe on the operator page"),
    ]
    await http.aclose()


async def test_what_is_planned_when_a_human_takes_over_is_withheld_and_told(
    desk: Desk, tower: Tower, ann: Customer
) -> None:
    http = await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    await desk.visit.post(f"{chat}mute/", {})
    await tower.tenant.scope.direct().execute(
        """
        INSERT INTO tenant.bots_message (chat, kind, author, text, payload, state)
        SELECT id, 'message', 'bot', 'too late', '{"text": "too late"}', 'planned'
          FROM tenant.bots_chat
        """
    )
    await http.post(f"/chat/{ann.bot}/", data={"text": "hm"})
    assert "too late" not in await heard(http, ann.bot)
    page = (await desk.visit.get(chat)).text
    assert "withheld: the bot was silent" in page
    await http.aclose()


async def test_an_answer_of_nothing_is_refused(desk: Desk, tower: Tower, ann: Customer) -> None:
    await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    for text in ("", "  ", "a" * 4001):
        assert (await desk.visit.post(f"{chat}answer/", {"text": text})).status_code == 400
    page = await desk.visit.post(f"{chat}answer/", {"text": "a" * 4001})
    assert "An answer may have at most 4,000 characters." in page.text
    assert "a" * 4001 in page.text
    headers = {"Accept": "application/json"}
    form = {"csrf": desk.visit.csrf, "text": " "}
    refused = await desk.visit.http.post(f"{chat}answer/", data=form, headers=headers)
    assert (refused.status_code, refused.json()) == (400, {"text": "Write something first."})
    taken = await desk.visit.http.post(f"{chat}answer/", data={**form, "text": "Hello"}, headers=headers)
    assert (taken.status_code, taken.text) == (204, "")


async def test_a_long_answer_is_said_in_pieces(desk: Desk, tower: Tower, ann: Customer) -> None:
    http = await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    await desk.visit.post(f"{chat}answer/", {"text": "word " * 600})
    await http.post(f"/chat/{ann.bot}/", data={"text": "hm"})
    assert [len(text) for text in await heard(http, ann.bot)][2:] == [1999, 999, 2]
    await http.aclose()


async def test_a_user_who_was_deleted_is_made_again_for_the_answer(desk: Desk, tower: Tower, ann: Customer) -> None:
    await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    await tower.tenant.scope.direct().execute("DELETE FROM tenant.bots_user")
    assert (await desk.visit.post(f"{chat}answer/", {"text": "Still there?"})).status_code == 303
    assert "The bot is silent." in (await desk.visit.get(chat)).text


async def test_earlier_messages_have_pages(desk: Desk, tower: Tower, ann: Customer) -> None:
    await say(tower, ann.bot, "hello")
    await tower.tenant.scope.direct().execute(
        """
        INSERT INTO tenant.bots_message (chat, kind, author, text, state)
        SELECT id, 'message', 'person', 'number ' || n, 'handled'
          FROM tenant.bots_chat, generate_series(1, 50) AS n
        """
    )
    chat = await desk.chat()
    page = (await desk.visit.get(chat)).text
    assert re.findall(r'<p class="said">(.*?)</p>', page) == [f"number {n}" for n in range(1, 51)]
    older = re.search(r'href="(/bots/\d+/chats/\d+/\?before=\d+)"', page)
    assert older is not None
    page = (await desk.visit.get(older[1])).text
    assert re.findall(r'<p class="said">(.*?)</p>', page) == ["hello", "Hello! Ask me about our opening hours."]
    assert "data-chat" not in page
    assert "<textarea" not in page


async def test_the_stream_of_a_chat_tells_states_and_the_standing(desk: Desk, tower: Tower, ann: Customer) -> None:
    http = await say(tower, ann.bot, "hello")
    chat = await desk.chat()
    async with opened(tower.application, f"{chat}stream/", desk.visit.http) as stream:
        await stream.until("Ask me about our opening hours.")
        await http.post(f"/chat/{ann.bot}/", data={"text": f"{SCRIPT} opening hours"})
        await stream.until("Nine to five.")
        assert SCRIPT not in stream.text
        await desk.visit.post(f"{chat}answer/", {"text": "I am Jane"})
        await stream.until("The bot is silent.")
        await stream.until("I am Jane")
        assert desk.visit.csrf in stream.text
    await http.aclose()


async def test_on_messenger_an_answer_goes_out_and_giving_back_frees_the_thread(talk: Talk, sign_in: SignIn) -> None:
    desk = await desk_of(talk.tower, sign_in, talk.owner)
    await talk.tell(talk.message(EVA, "opening hours"))
    chat = await desk.chat()
    page = (await desk.visit.get(chat)).text
    assert "Eva Estrada" in page
    assert "on Messenger" in page
    await desk.visit.post(f"{chat}answer/", {"text": "A human here."})
    await talk.quiet()
    assert talk.said[-1] == (EVA, "A human here.")
    await talk.tell(talk.message(EVA, "opening hours"))
    assert talk.said[-1] == (EVA, "A human here.")
    await talk.scope.direct().execute("UPDATE tenant.bots_chat SET thread_app = '42'")
    assert "muted" in await desk.page("?show=muted")
    await desk.visit.post(f"{chat}resume/", {})
    await talk.tell(talk.message(EVA, "opening hours"))
    assert talk.said[-1] == (EVA, "Nine to five.")


def test_a_form_that_comes_twice_has_one_key_and_with_other_words_another() -> None:
    assert key_of("web", "one", "a", "b") == key_of("web", "one", "a", "b")
    assert len({key_of("web", "one", "a", "b"), key_of("web", "one", "ab", ""), key_of("web", "two", "a", "b")}) == 3
    assert key_of("web", "", "a") != key_of("web", "", "a")
