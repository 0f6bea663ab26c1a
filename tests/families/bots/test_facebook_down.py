"""While Facebook is slow or down: answered in time, asked seldom, and no pile of requests behind it."""

import asyncio
from datetime import timedelta

from clerestory.families.bots.model import FacebookDown
from clerestory.families.bots.signin import graph
from clerestory.families.bots.signin.breaker import FAILURES, PAUSE, Breaker
from clerestory.families.bots.signin.identities import Identities
from clerestory.families.bots.signin.model import Identity
from tests.families.bots.tower import ANN, BOB, CID, DOWN, Tower, as_facebook_said, asked, plain, sign_in
from tests.standins.facebook import MALFORMED
from tests.standins.server import Answer


async def test_a_slow_facebook_is_given_up_within_eight_seconds(own_tower: Tower) -> None:
    own_tower.facebook.script(Answer(hold=True))
    # The stand-in lets go of nothing here, so an answer is one that did not wait for it.
    answers = await asyncio.gather(sign_in(own_tower, ANN), sign_in(own_tower, ANN))
    for answer in answers:
        plain(answer, DOWN)
    assert timedelta(seconds=8) > graph.DEADLINE


async def test_after_five_failures_in_a_row_nobody_is_asked(own_tower: Tower) -> None:
    own_tower.facebook.script(*[Answer(drop=True)] * FAILURES)
    for _ in range(FAILURES):
        plain(await sign_in(own_tower, ANN), DOWN)
    for token in (ANN, BOB, CID):
        plain(await sign_in(own_tower, token), DOWN)
    assert asked(own_tower) == FAILURES


async def test_who_is_known_goes_on_while_facebook_is_down(own_tower: Tower) -> None:
    await sign_in(own_tower, ANN)
    own_tower.facebook.script(*[Answer(drop=True)] * FAILURES)
    for _ in range(FAILURES):
        plain(await sign_in(own_tower, BOB), DOWN)
    assert (await sign_in(own_tower, ANN)).status_code == 201


async def test_a_refusal_between_failures_is_an_answer(own_tower: Tower) -> None:
    own_tower.facebook.script(*[Answer(drop=True)] * (FAILURES - 1))
    for _ in range(FAILURES - 1):
        plain(await sign_in(own_tower, ANN), DOWN)
    plain(await sign_in(own_tower, MALFORMED), as_facebook_said(MALFORMED))
    own_tower.facebook.script(*[Answer(drop=True)] * (FAILURES - 1))
    for _ in range(FAILURES - 1):
        plain(await sign_in(own_tower, ANN), DOWN)
    assert (await sign_in(own_tower, ANN)).status_code == 201


def test_a_breaker_lets_one_look_in_each_pause_and_closes_when_it_is_answered() -> None:
    now = 0.0
    breaker = Breaker(clock=lambda: now)
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    now += PAUSE.total_seconds()
    assert [breaker.allows() for _ in range(5)] == [True, False, False, False, False]
    breaker.failed()
    assert not breaker.allows()
    now += PAUSE.total_seconds()
    assert breaker.allows()
    breaker.answered()
    assert [breaker.allows() for _ in range(5)] == [True] * 5


async def test_past_a_thousand_who_wait_nobody_is_let_in(own_tower: Tower) -> None:
    identities, scope = own_tower.application.parts.find(Identities), own_tower.tenant.scope
    own_tower.facebook.script(*[Answer(200, {"id": "77", "name": "Slow"}, hold=True)] * 64)
    waiting = [asyncio.create_task(identities.of(scope, f"token-{number}")) for number in range(1000)]
    await asyncio.to_thread(own_tower.facebook.wait_for, 64)
    plain(await sign_in(own_tower, ANN), DOWN)
    # No more than 64 are asked about at once; when these are answered, the others have their turn.
    assert asked(own_tower) == 64
    own_tower.facebook.script(*[Answer(200, {"id": "78"})] * 936)
    own_tower.facebook.release()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert {one for one in found if isinstance(one, Identity)} <= {Identity("77", "Slow"), Identity("78")}
    assert all(isinstance(one, Identity | FacebookDown) for one in found)
