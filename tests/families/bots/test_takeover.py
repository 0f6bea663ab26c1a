"""A human takes over: the bot falls silent at once, for every kind of event, until the chat is given back."""

from datetime import timedelta
from typing import Any

from clerestory.app import TASKS
from tests.families.bots.talk import EVA, GIL, Talk
from tests.standins import facebook as standin

SIZES = (EVA, "S, M and L")


async def resume(talk: Talk) -> None:
    """Runs the job that ends take-overs, for every user."""
    task = next(task for task in TASKS if task.name == "bots.resume")
    for user in await talk.rows("SELECT id FROM tenant.bots_user ORDER BY id"):
        await task.run(talk.scope, {"user": user})


async def muted(talk: Talk) -> list[Any]:
    listed = await talk.tower.got("GET", f"/v1/users/?botId={talk.owner.bot}", talk.owner)
    return [user["facebookId"] for user in listed]


async def test_an_answer_in_the_pages_inbox_mutes_the_user_at_once_and_is_noted(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "sizes"))
    await talk.tell(talk.by_human(EVA, "Let me look"))
    await talk.tell(talk.message(EVA, "sizes"), talk.message(EVA, "opening hours"))
    assert talk.said == [SIZES]
    assert await muted(talk) == [EVA]
    assert await talk.history() == [("muted", "echo")]


async def test_a_mute_holds_for_every_kind_of_event_and_for_nobody_else(talk: Talk) -> None:
    await talk.tell(talk.by_human(EVA, "I am here"))
    await talk.tell(standin.postback(EVA, "Sizes", "sizes", talk.mid(), at=talk.at))
    await talk.tell(talk.message(EVA, "x", payload="sizes"))
    await talk.tell(standin.told(EVA, "referral", {"ref": "sizes"}, at=talk.at))
    await talk.tell(talk.message(GIL, "sizes"))
    assert talk.said == [(GIL, "S, M and L")]


async def test_the_bots_own_words_come_back_as_echoes_and_mute_nobody(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "sizes"))
    [sent] = talk.facebook.sent
    known = {**standin.echo(EVA, "S, M and L", sent.id, None), "timestamp": talk.at}
    app = {**standin.echo(EVA, "x", talk.mid(), int(standin.APP_ID)), "timestamp": talk.at}
    marked = {**standin.echo(EVA, "x", talk.mid(), None, "clerestory"), "timestamp": talk.at}
    await talk.tell(known, app, marked)
    assert sent.message["metadata"] == "clerestory"
    assert await muted(talk) == []


async def test_a_client_mutes_before_the_first_word_and_unmutes(talk: Talk) -> None:
    body = {"botId": talk.owner.bot, "facebookId": EVA, "botStatus": "muted"}
    await talk.tower.got("PUT", "/v1/users/my-own-id", talk.owner, json=body)
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == []
    await talk.set_status("active")
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]


async def test_of_several_users_that_are_one_person_one_that_is_muted_is_enough(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "sizes"))
    body = {"botId": talk.owner.bot, "facebookId": EVA, "botStatus": "muted"}
    await talk.tower.got("PUT", "/v1/users/another-record", talk.owner, json=body)
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]
    await talk.change(takeover={"resumeWord": "back to the bot"})
    await talk.tell(talk.by_human(EVA, "Back  to the BOT"))
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES, SIZES]


async def test_what_a_client_has_muted_stays_so_whatever_time_passes(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "sizes"))
    await talk.set_status("muted")
    await talk.tell(talk.by_human(EVA, "hello"))
    talk.clock.turn(timedelta(days=30))
    await resume(talk)
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]
    assert await talk.history() == [("muted", "api")]


async def test_a_take_over_ends_by_itself_after_twelve_hours_from_the_last_word(talk: Talk) -> None:
    await talk.tell(talk.by_human(EVA, "one moment"))
    talk.clock.turn(timedelta(hours=11))
    await talk.tell(talk.by_human(EVA, "still looking"))
    talk.clock.turn(timedelta(hours=11))
    await resume(talk)
    await talk.tell(talk.message(EVA, "sizes"))
    assert (talk.said, await muted(talk)) == ([], [EVA])
    talk.clock.turn(timedelta(hours=2))
    # The bot speaks whether or not the job has come already.
    await talk.tell(talk.message(EVA, "sizes"))
    await resume(talk)
    assert (talk.said, await muted(talk)) == ([SIZES], [])
    assert await talk.history() == [("muted", "echo"), ("active", "time")]


async def test_the_bot_says_how_long_and_never_is_possible(talk: Talk) -> None:
    await talk.change(takeover={"resumeAfterMinutes": 5})
    await talk.tell(talk.by_human(EVA, "a moment"))
    talk.clock.turn(timedelta(minutes=6))
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]
    await talk.change(takeover={"resumeAfterMinutes": None})
    await talk.tell(talk.by_human(EVA, "a moment"))
    talk.clock.turn(timedelta(days=400))
    await resume(talk)
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]


async def test_the_word_gives_the_chat_back_whoever_writes_it_and_is_not_answered(talk: Talk) -> None:
    await talk.change(takeover={"resumeWord": "#bot"})
    for giver in (talk.by_human, talk.message):
        await talk.tell(talk.by_human(EVA, "I take over"))
        await talk.tell(talk.message(EVA, "sizes"))
        await talk.tell(giver(EVA, " #BOT "))
    assert talk.said == []
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]
    assert await talk.history() == [("muted", "echo"), ("active", "word")] * 2


async def test_an_echo_that_comes_after_the_chat_was_given_back_does_not_take_it_again(talk: Talk) -> None:
    late = talk.by_human(EVA, "what I said before")
    await talk.tell(talk.by_human(EVA, "I take over"))
    talk.clock.turn(timedelta(seconds=10))
    await talk.set_status("active")
    await talk.tell(late)
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]


async def test_a_thread_that_another_app_controls_is_not_spoken_into(talk: Talk) -> None:
    desk = "263902037430900"
    await talk.tell({**standin.passed(EVA, desk, standin.APP_ID), "timestamp": talk.at})
    assert await muted(talk) == [EVA]
    await talk.tell(talk.message(EVA, "sizes"), standby=True)
    await talk.tell({**standin.passed(EVA, int(standin.APP_ID), desk), "timestamp": talk.at})
    assert (talk.said, await muted(talk)) == ([], [])
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]
    assert await talk.history() == [("muted", "thread"), ("active", "thread")]


async def test_what_comes_as_our_own_again_says_that_the_thread_is_ours(talk: Talk) -> None:
    await talk.tell({**standin.taken(EVA, "42", standin.APP_ID), "timestamp": talk.at})
    await talk.tell(talk.message(EVA, "sizes"), standby=True)
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == [SIZES]


async def test_the_end_of_a_thread_takes_back_no_mute_of_a_human(talk: Talk) -> None:
    await talk.tell(talk.by_human(EVA, "I am here"))
    await talk.tell({**standin.passed(EVA, None, "42"), "timestamp": talk.at})
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == []
