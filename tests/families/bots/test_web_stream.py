"""The stream of a web chat: what it tells, where it goes on, when it ends, and how many there may be."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest

from clerestory.families.bots.chats.live import Live
from tests.families.bots.browsing import Browser, bubbles, change, shop
from tests.families.bots.streams import begun, opened
from tests.families.bots.tower import Customer, Tower


@pytest.fixture
async def ann(tower: Tower) -> Customer:
    return await shop(tower)


def ids(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"^id: (\d+)$", text, re.MULTILINE)]


async def test_a_stream_tells_what_is_said_and_how_the_chat_stands(
    browser: Browser, tower: Tower, ann: Customer
) -> None:
    await browser.page()
    await browser.say("hello")
    async with opened(tower.application, f"{browser.path}/stream", browser.http) as stream:
        await stream.until("Hello!")
        await browser.send(text="your hours please <b>")
        await stream.until("data: to five.")
        assert bubbles(re.sub("^data: ", "", stream.text, flags=re.MULTILINE)) == [
            ("mine", "hello"),
            ("theirs", "Hello!"),
            ("mine", "your hours please &lt;b&gt;"),
            ("theirs", "Nine\nto five."),
        ]
        key = await tower.tenant.scope.direct().value("SELECT key FROM tenant.bots_user")
        await tower.got("PUT", f"/v1/users/{key}", ann, json={"botId": ann.bot, "botStatus": "muted"})
        await browser.send(text="anybody there?")
        await stream.until("A human has taken over this chat")
    assert stream.status == 200
    assert tower.application.parts.find(Live).count() == 0


async def test_a_stream_goes_on_where_the_page_left_off(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    await tower.tenant.scope.direct().execute("UPDATE tenant.bots_message SET created = now() - interval '1 minute'")
    path = f"{browser.path}/stream"
    async with opened(tower.application, path, browser.http) as stream:
        await stream.until("Hello!")
    last = str(ids(stream.text)[-1])
    await browser.say("your hours please")
    for query, headers in ((f"?after={last}", {}), ("?after=0", {"Last-Event-ID": last})):
        async with opened(tower.application, path + query, browser.http, **headers) as stream:
            await stream.until("to five.")
            assert "Hello!" not in stream.text


async def test_strange_places_to_go_on_from_are_the_beginning(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    for query in ("?after=x", "?after=-1", "?after=%D9%A3", f"?after={'9' * 40}"):
        async with opened(tower.application, f"{browser.path}/stream{query}", browser.http) as stream:
            await stream.until("Hello!")


async def test_what_comes_late_is_told_though_later_numbers_were_told_before(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    write = """
        INSERT INTO tenant.bots_message (id, chat, kind, author, text, state)
        SELECT (SELECT max(id) FROM tenant.bots_message) + :further, id, 'message', 'person', :text, 'handled'
          FROM tenant.bots_chat
    """
    async with opened(tower.application, f"{browser.path}/stream", browser.http) as stream:
        await tower.tenant.scope.direct().execute(write, further=2, text="the later one")
        await stream.until("the later one")
        await tower.tenant.scope.direct().execute(write, further=-1, text="the one between")
        await stream.until("the one between")


async def test_a_stream_ends_with_the_process(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    stream = begun(tower.application, f"{browser.path}/stream", browser.http)
    await stream.until("Hello!")
    live = tower.application.parts.find(Live)
    live.close()
    await asyncio.wait_for(stream.task, 5)
    live.closing.clear()


async def test_before_anything_was_said_there_is_no_stream(browser: Browser) -> None:
    await browser.page()
    assert (await browser.http.get(f"{browser.path}/stream")).status_code == 204


async def test_a_closed_bot_has_no_stream(browser: Browser, tower: Tower, ann: Customer) -> None:
    await browser.say("hello")
    await change(tower, ann, webChat={"enabled": False})
    assert (await browser.http.get(f"{browser.path}/stream")).status_code == 404


async def test_a_network_has_twenty_streams_open(browser: Browser, tower: Tower) -> None:
    await browser.page()
    await browser.say("hello")
    path = f"{browser.path}/stream"
    async with AsyncExitStack() as stack:
        for _ in range(20):
            stream = await stack.enter_async_context(opened(tower.application, path, browser.http))
            await stream.until("Hello!")
        refused = await browser.http.get(path)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    async with opened(tower.application, path, browser.http) as stream:
        await stream.until("Hello!")


async def test_who_only_asks_for_the_head_of_a_stream_has_it(browser: Browser) -> None:
    await browser.page()
    await browser.say("hello")
    answer = await browser.http.head(f"{browser.path}/stream")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
