"""Messages on their way out: repeated when that is safe, never sent twice, and held back when a human has come."""

import asyncio
from datetime import timedelta

from clerestory.app import TASKS
from tests.families.bots.talk import EVA, GIL, Talk
from tests.standins.facebook import PAGE_TOKEN, webhook
from tests.standins.server import Answer

SIZES = (EVA, "S, M and L")


async def converse(talk: Talk) -> None:
    """Runs the job of the next try, for every chat."""
    task = next(task for task in TASKS if task.name == "bots.converse")
    for chat in await talk.rows("SELECT id FROM tenant.bots_chat ORDER BY id"):
        await task.run(talk.scope, {"chat": chat})


async def sweep(talk: Talk) -> None:
    talk.clock.turn(timedelta(minutes=5))
    await next(task for task in TASKS if task.name == "bots.sweep").run(talk.scope, {})


async def test_a_message_that_cannot_go_now_goes_later_and_holds_up_what_comes_after_it(talk: Talk) -> None:
    talk.facebook.fail(EVA, 613)
    await talk.tell(talk.message(EVA, "sizes"))
    await talk.tell(talk.message(EVA, "opening hours"))
    assert talk.said == []
    assert [state for *_, state in await talk.states()] == ["planned", "planned"]
    talk.facebook.heal(EVA)
    await converse(talk)
    talk.clock.turn(timedelta(seconds=30))
    await converse(talk)
    assert talk.said == [SIZES, (EVA, "Nine to five.")]


async def test_after_five_tries_it_has_failed_and_what_waits_behind_it_goes_out(talk: Talk) -> None:
    talk.facebook.fail(EVA, 2)
    await talk.tell(talk.message(EVA, "sizes"))
    for _ in range(5):
        talk.clock.turn(timedelta(minutes=3))
        await converse(talk)
    assert await talk.states() == [("bot", "S, M and L", "failed")]
    assert sum(heard.method == "POST" for heard in talk.facebook.heard) == 5
    talk.facebook.heal(EVA)
    await talk.tell(talk.message(EVA, "opening hours"))
    assert talk.said == [(EVA, "Nine to five.")]


async def test_what_may_have_arrived_is_never_sent_again(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "opening hours"))
    talk.facebook.script(Answer(drop=True))
    await talk.tell(talk.message(EVA, "sizes"))
    await sweep(talk)
    await converse(talk)
    assert [state for *_, state in await talk.states()] == ["sent", "unknown"]
    assert talk.said == [(EVA, "Nine to five.")]


async def test_what_was_being_sent_when_a_process_died_is_never_sent_again_and_the_rest_is(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "sizes"))
    await talk.scope.direct().execute("UPDATE tenant.bots_message SET state = 'sending' WHERE author = 'bot'")
    await talk.scope.direct().execute(
        """
        UPDATE tenant.bots_chat
           SET busy_until = :until
        """,
        until=talk.clock.now + timedelta(seconds=30),
    )
    body = webhook(talk.message(EVA, "opening hours"))
    assert (await talk.post(body)).status_code == 200
    await asyncio.sleep(0.1)
    assert len(talk.said) == 1
    await sweep(talk)
    assert talk.said == [SIZES, (EVA, "Nine to five.")]
    assert [state for *_, state in await talk.states()] == ["unknown", "sent"]


async def test_a_message_is_held_back_when_a_human_comes_between_decision_and_sending(talk: Talk) -> None:
    talk.facebook.fail(EVA, 613)
    await talk.tell(talk.message(EVA, "sizes"))
    await talk.tell(talk.by_human(EVA, "I answer that"))
    talk.facebook.heal(EVA)
    talk.clock.turn(timedelta(minutes=3))
    await converse(talk)
    assert (talk.said, await talk.states()) == ([], [("bot", "S, M and L", "withheld")])


async def test_another_app_that_controls_the_thread_silences_the_bot(talk: Talk) -> None:
    talk.facebook.fail(EVA, 10, 2018300)
    await talk.tell(talk.message(EVA, "sizes"))
    assert [state for *_, state in await talk.states()] == ["failed"]
    assert await talk.rows("SELECT thread_app FROM tenant.bots_chat") == ["another app"]


async def test_after_a_day_of_silence_a_bot_writes_no_more(talk: Talk) -> None:
    talk.facebook.fail(EVA, 613)
    await talk.tell(talk.message(EVA, "sizes"))
    talk.clock.turn(timedelta(hours=25))
    talk.facebook.heal(EVA)
    await converse(talk)
    assert (talk.said, [state for *_, state in await talk.states()]) == ([], ["failed"])


async def test_a_refused_page_token_is_noted_asked_no_more_and_told_to_the_admins_once_a_day(talk: Talk) -> None:
    talk.facebook.expire()
    for text in ("sizes", "sizes", "opening hours"):
        await talk.tell(talk.message(EVA, text))
    posts = [heard for heard in talk.facebook.heard if heard.method == "POST"]
    assert len(posts) == 1
    assert [state for *_, state in await talk.states()] == ["failed"] * 3
    [fault] = await talk.rows("SELECT token_fault FROM tenant.bots_bot")
    assert "token is refused" in fault
    mails = "SELECT recipients FROM tenant.delivery_message WHERE family = 'bots'"
    assert await talk.rows(mails) == [["ann@example.org"]]
    # Another token is another matter; a day later its refusal is told again.
    talk.clock.turn(timedelta(hours=25))
    talk.facebook.expire("EAAanother-page-token")
    await talk.change(facebook={"pageAccessToken": "EAAanother-page-token"})
    await talk.tell(talk.message(EVA, "sizes"))
    assert await talk.rows(mails) == [["ann@example.org"]] * 2
    talk.facebook.renew()
    await talk.change(facebook={"pageAccessToken": PAGE_TOKEN})
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]
    assert await talk.rows("SELECT token_fault FROM tenant.bots_bot") == [""]


async def test_a_bot_without_a_token_says_so_and_nobody_is_asked(talk: Talk) -> None:
    await talk.change(facebook={"pageAccessToken": ""})
    before = len(talk.facebook.heard)
    await talk.tell(talk.message(EVA, "sizes"))
    assert [state for *_, state in await talk.states()] == ["failed"]
    assert len(talk.facebook.heard) == before


async def test_chats_do_not_wait_for_each_other(talk: Talk) -> None:
    talk.facebook.know("psid-slow", "Slow", "One")
    talk.facebook.script(Answer(hold=True))
    slow = webhook(talk.message("psid-slow", "sizes"))
    assert (await talk.post(slow)).status_code == 200
    body = webhook(talk.message(GIL, "sizes"))
    assert (await talk.post(body)).status_code == 200
    for _ in range(500):
        await asyncio.sleep(0.01)
        if talk.said == [(GIL, "S, M and L")]:
            break
    talk.facebook.release()
    await talk.quiet()
    assert {to for to, _ in talk.said} == {GIL, "psid-slow"}
