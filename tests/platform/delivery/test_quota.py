"""Over the operator's transports a tenant sends so much a day and no more; over its own, as much as it likes."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from clerestory.platform.delivery import Channel, Code
from clerestory.platform.delivery.settings import DeliverySettings
from tests.platform.delivery.post import Office, office, set_up, with_twilio, write
from tests.standins.mail import Mail
from tests.standins.twilio import Twilio

NOTE = r"The operator's limit of 3 messages a day is used up\. It begins anew at \d{4}-\d\d-\d\d \d\d:\d\d UTC"


@pytest.fixture
def mail() -> Iterator[Mail]:
    with Mail() as standin:
        yield standin


def settings(mail: Mail, most: int) -> DeliverySettings:
    return DeliverySettings(
        smtp_url=mail.url, smtp_from="ops@example.org", outbound_allow_private=True, shared_messages_per_day=most
    )


@pytest.fixture
async def three(database_url: str, mail: Mail) -> AsyncIterator[Office]:
    """Three messages a day."""
    async with office(database_url, settings(mail, 3)) as opened:
        yield opened


async def codes(one: Office, *messages: tuple[str, ...]) -> list[Code]:
    """What comes of a mail to each of these lists of addresses."""
    return [
        (await one.sender.attempt(one.scope, await write(one.scope, Channel.EMAIL, *addresses))).code
        for addresses in messages
    ]


async def test_past_the_limit_nobody_is_called_and_the_note_says_why(three: Office, mail: Mail) -> None:
    assert set(await codes(three, *[("ann@example.org",)] * 3)) == {Code.SENT}
    outcome = await three.sender.attempt(three.scope, await write(three.scope, Channel.EMAIL))
    assert (outcome.code, outcome.retry_after, outcome.refused) == (Code.PROVIDER_RATE_LIMITED, None, ())
    assert re.fullmatch(NOTE, outcome.note)
    assert len(mail.taken) == 3
    (stored,) = await three.rows("SELECT (state, code, note, tries) FROM tenant.delivery_message ORDER BY id OFFSET 3")
    assert stored == ("failed", "PROVIDER_RATE_LIMITED", outcome.note, 1)


async def test_a_mail_counts_once_for_each_address_and_goes_to_all_or_none(three: Office, mail: Mail) -> None:
    two, one = ("ann@example.org", "bob@example.org"), ("ann@example.org",)
    assert await codes(three, two, two, one, one) == [
        Code.SENT,
        Code.PROVIDER_RATE_LIMITED,
        Code.SENT,
        Code.PROVIDER_RATE_LIMITED,
    ]
    assert [taken.recipients for taken in mail.taken] == [list(two), list(one)]


async def test_the_limit_is_each_tenants_own_and_begins_anew_after_a_day(three: Office, mail: Mail) -> None:
    assert (await codes(three, *[("ann@example.org",)] * 4))[-1] is Code.PROVIDER_RATE_LIMITED
    neighbour = replace(three, scope=await three.another("joe@x.org"))
    assert await codes(neighbour, ("ann@example.org",)) == [Code.SENT]
    three.clock.ahead = timedelta(days=1)
    assert await codes(three, ("ann@example.org",)) == [Code.SENT]


async def test_own_transports_are_not_counted(three: Office) -> None:
    with Mail() as own:
        await set_up(three.scope, smtp_url=own.url, smtp_from="Own <own@example.org>")
        assert set(await codes(three, *[("ann@example.org",)] * 5)) == {Code.SENT}
        assert len(own.taken) == 5


async def test_a_repetition_is_not_counted_again(three: Office, mail: Mail) -> None:
    mail.replies["ann@example.org"] = "450 4.2.0 Greylisted"
    message = await write(three.scope, Channel.EMAIL, "ann@example.org")
    assert (await three.sender.attempt(three.scope, message)).retry_after is not None
    del mail.replies["ann@example.org"]
    three.clock.ahead = timedelta(minutes=1)
    await three.sender.retry(three.scope, message)
    assert await codes(three, *[("bob@example.org",)] * 3) == [Code.SENT, Code.SENT, Code.PROVIDER_RATE_LIMITED]


async def test_all_channels_count_together(database_url: str, mail: Mail, twilio: Twilio) -> None:
    given = replace(with_twilio(twilio), smtp_url=mail.url, smtp_from="ops@example.org", shared_messages_per_day=1)
    async with office(database_url, given) as one:
        assert await codes(one, ("ann@example.org",)) == [Code.SENT]
        outcome = await one.sender.attempt(one.scope, await write(one.scope, Channel.SMS))
        assert (outcome.code, twilio.heard) == (Code.PROVIDER_RATE_LIMITED, [])


async def test_nought_is_no_limit(database_url: str, mail: Mail) -> None:
    async with office(database_url, settings(mail, 0)) as one:
        assert set(await codes(one, *[("ann@example.org",)] * 5)) == {Code.SENT}
