"""What a crash left open is finished later, chat by chat, and looked at again only while something stays open."""

from datetime import timedelta

import pytest

from clerestory.app import TASKS
from tests.families.bots.talk import EVA, GIL, Talk
from tests.standins.facebook import webhook

QUEUED = "SELECT count(*) FROM jobs.pgqueuer WHERE entrypoint = 'bots.sweep'"
SIZES = "S, M and L"


async def left_open(talk: Talk, *people: str) -> None:
    """Events that were stored while somebody worked at the chats who has died since."""
    for person in people:
        await talk.tell(talk.message(person, "hello"))
    until = talk.clock.now + timedelta(minutes=1)
    await talk.scope.direct().execute("UPDATE tenant.bots_chat SET busy_until = :until", until=until)
    for person in people:
        assert (await talk.post(webhook(talk.message(person, "sizes")))).status_code == 200


async def sweep(talk: Talk) -> None:
    talk.clock.turn(timedelta(minutes=5))
    await next(task for task in TASKS if task.name == "bots.sweep").run(talk.scope, {})


async def queued(talk: Talk) -> int:
    found: int = await talk.scope.database.direct().value(QUEUED)
    return found


async def test_what_was_stored_has_a_sweep_and_one_sweep_is_enough_for_many(talk: Talk) -> None:
    for _ in range(5):
        await talk.tell(talk.message(EVA, "hello"))
    assert await queued(talk) == 1


async def test_a_sweep_finishes_what_was_left_and_is_not_followed_by_another(talk: Talk) -> None:
    await left_open(talk, EVA, GIL)
    before = await queued(talk)
    await sweep(talk)
    assert sorted(talk.said[2:]) == [(EVA, SIZES), (GIL, SIZES)]
    assert await queued(talk) == before


async def test_a_chat_that_cannot_be_worked_at_holds_up_no_other(talk: Talk) -> None:
    await left_open(talk, EVA, GIL)
    await talk.scope.direct().execute(
        """
        UPDATE tenant.bots_message
           SET kind = 'of a later version'
         WHERE state = 'waiting'
           AND chat = (SELECT id FROM tenant.bots_chat WHERE address = :address)
        """,
        address=EVA,
    )
    with pytest.raises(ValueError, match="of a later version"):
        await sweep(talk)
    assert talk.said[2:] == [(GIL, SIZES)]
