"""A conversation as it was recorded, told again with repetitions, in another order, in other portions: one outcome."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest

from tests.families.bots.talk import EVA, GIL, Talk
from tests.standins import facebook as standin
from tests.standins.facebook import webhook


def recorded(talk: Talk) -> list[dict[str, Any]]:
    """Two people at once, a second between events; in the end a human has taken over from one of them."""
    start = talk.at - 60_000
    items = [
        standin.postback(EVA, "Get started", "GET_STARTED", "m_a1"),
        standin.message(GIL, "opening hours?", "m_b1"),
        standin.message(EVA, "Shirts, please", "m_a2"),
        standin.postback(EVA, "Sizes", "sizes", "m_a3"),
        standin.message(GIL, "thanks", "m_b2"),
        standin.seen(GIL),
        standin.echo(GIL, "You are welcome!", "m_b3"),
        standin.message(EVA, "opening hours", "m_a4"),
    ]
    return [{**item, "timestamp": start + 1000 * place} for place, item in enumerate(items)]


def portions(items: Sequence[dict[str, Any]], shuffled: random.Random) -> list[bytes]:
    """The items in bodies of one to three."""
    left, bodies = list(items), []
    while left:
        size = shuffled.randint(1, 3)
        bodies.append(webhook(*left[:size]))
        left = left[size:]
    return bodies


async def outcome(talk: Talk) -> dict[str, list[Any]]:
    """What each was told, in order, and who is muted."""
    said: dict[str, list[Any]] = {EVA: [], GIL: []}
    for to, content in talk.said:
        said[to].append(content if isinstance(content, str) else content["payload"]["elements"][0]["title"])
    listed = await talk.tower.got("GET", f"/v1/users/?botId={talk.owner.bot}", talk.owner)
    return {**said, "muted": [user["facebookId"] for user in listed]}


EXPECTED = {
    EVA: ["Hello! Ask me about our opening hours.", "Shirts", "S, M and L", "Nine to five."],
    GIL: ["Nine to five.", "I did not understand that."],
    "muted": [GIL],
}


@pytest.mark.parametrize("seed", range(3))
async def test_every_event_told_twice_or_more_has_its_effect_once(talk: Talk, seed: int) -> None:
    shuffled = random.Random(seed)
    items = recorded(talk)
    for place, item in enumerate(items):
        again = items[: place + 1]
        await talk.tell(item, *shuffled.choices(again, k=2))
    for body in portions(items, shuffled):
        assert (await talk.post(body)).status_code == 200
    await talk.quiet()
    assert await outcome(talk) == EXPECTED
    assert await talk.tower.count("bots_message") == len(items) - 1 + 6


@pytest.mark.parametrize("seed", range(3))
async def test_what_comes_in_one_portion_is_handled_in_the_order_in_which_it_happened(talk: Talk, seed: int) -> None:
    items = recorded(talk)
    random.Random(seed).shuffle(items)
    await talk.tell(*items)
    assert await outcome(talk) == EXPECTED


async def test_many_bodies_at_once_lose_nothing_and_answer_everything_once(talk: Talk) -> None:
    people = [f"psid-{number}" for number in range(20)]
    bodies = [
        webhook(standin.message(person, "sizes", f"m_{person}_{number}", at=talk.at + number))
        for number in range(5)
        for person in people
    ]
    random.Random(7).shuffle(bodies)
    answers = await asyncio.gather(*(talk.post(body) for body in [*bodies, *bodies]))
    assert {answer.status_code for answer in answers} == {200}
    await talk.quiet()
    assert sorted(talk.said) == sorted((person, "S, M and L") for person in people for _ in range(5))
    assert await talk.tower.count("bots_user") == len(people)
