"""A mail that some addresses take at once and others only later: each gets it once."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from clerestory.platform import delivery
from clerestory.platform.delivery import Channel, Code, Message, MessageId, Stage
from clerestory.platform.delivery.settings import DeliverySettings
from tests.platform.delivery.post import Office, office, write
from tests.standins.mail import Mail

ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"
LATER = "451 4.7.1 Greylisted, come back later"
NEVER = "550 5.1.1 No such user"


@pytest.fixture
def mail() -> Iterator[Mail]:
    with Mail() as standin:
        yield standin


@pytest.fixture
async def mailing(database_url: str, mail: Mail) -> AsyncIterator[Office]:
    settings = DeliverySettings(smtp_url=mail.url, smtp_from="ops@example.org", outbound_allow_private=True)
    async with office(database_url, settings) as opened:
        yield opened


async def stored(one: Office, message: MessageId) -> Message:
    found = await delivery.read(one.scope.direct(), message)
    assert found is not None
    return found


def refused(message: Message) -> list[tuple[str, Code, bool]]:
    """Each refused address, why, and whether it is tried again."""
    return [(one.address, one.outcome.code, one.outcome.retry_after is not None) for one in message.refused]


async def test_who_took_it_gets_no_second_mail_and_who_said_later_gets_the_first(mailing: Office, mail: Mail) -> None:
    mail.replies = {BOB: LATER, CAT: NEVER}
    message = await write(mailing.scope, Channel.EMAIL, ANN, BOB, CAT)
    outcome = await mailing.sender.attempt(mailing.scope, message)
    assert (outcome.code, outcome.retry_after) == (Code.SENT, None)
    waits = await stored(mailing, message)
    assert (waits.stage, refused(waits)) == (
        Stage.PLANNED,
        [(BOB, Code.PROVIDER_ERROR, True), (CAT, Code.RECIPIENT_INVALID, False)],
    )
    mail.replies = {}
    mailing.clock.ahead += timedelta(seconds=31)
    await mailing.sender.retry(mailing.scope, message)
    assert [taken.recipients for taken in mail.taken] == [[ANN], [BOB]]
    sent = await stored(mailing, message)
    assert (sent.stage, sent.code, refused(sent)) == (Stage.SENT, Code.SENT, [(CAT, Code.RECIPIENT_INVALID, False)])


async def test_a_mail_that_somebody_has_is_sent_though_the_server_is_gone_later(mailing: Office, mail: Mail) -> None:
    mail.replies = {BOB: LATER}
    message = await write(mailing.scope, Channel.EMAIL, ANN, BOB)
    await mailing.sender.attempt(mailing.scope, message)
    mail.mail_reply = "421 4.3.0 Closed"
    for pause in (30, 120, 600):
        mailing.clock.ahead += timedelta(seconds=pause + 1)
        await mailing.sender.retry(mailing.scope, message)
    ended = await stored(mailing, message)
    assert (ended.stage, ended.code, ended.tries) == (Stage.SENT, Code.SENT, 4)
    assert refused(ended) == [(BOB, Code.PROVIDER_ERROR, False)]


async def test_a_mail_that_nobody_took_is_tried_again_for_who_said_later(mailing: Office, mail: Mail) -> None:
    mail.replies = {ANN: NEVER, BOB: LATER}
    message = await write(mailing.scope, Channel.EMAIL, ANN, BOB)
    outcome = await mailing.sender.attempt(mailing.scope, message)
    assert (outcome.accepted, outcome.retry_after) == (False, timedelta(seconds=30))
    mail.replies = {}
    mailing.clock.ahead += timedelta(seconds=31)
    await mailing.sender.retry(mailing.scope, message)
    ended = await stored(mailing, message)
    assert (ended.stage, ended.code, refused(ended)) == (
        Stage.SENT,
        Code.SENT,
        [(ANN, Code.RECIPIENT_INVALID, False)],
    )
    assert [taken.recipients for taken in mail.taken] == [[BOB]]


async def test_who_says_never_the_second_time_is_refused_for_good(mailing: Office, mail: Mail) -> None:
    mail.replies = {ANN: NEVER, BOB: LATER}
    message = await write(mailing.scope, Channel.EMAIL, ANN, BOB)
    await mailing.sender.attempt(mailing.scope, message)
    mail.replies = {BOB: NEVER}
    mailing.clock.ahead += timedelta(seconds=31)
    await mailing.sender.retry(mailing.scope, message)
    ended = await stored(mailing, message)
    assert (ended.stage, ended.code, mail.taken) == (Stage.FAILED, Code.RECIPIENT_INVALID, [])
    assert sorted(refused(ended)) == [(ANN, Code.RECIPIENT_INVALID, False), (BOB, Code.RECIPIENT_INVALID, False)]
