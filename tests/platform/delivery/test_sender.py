"""A recorded message is attempted once by one process; what came of it is stored, remembered and told."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from clerestory.kernel.errors import Invalid, NotFound, Unavailable
from clerestory.platform import delivery
from clerestory.platform.delivery import Channel, Code, Listeners, Message, MessageId, NewMessage, Stage, blocks, store
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.delivery.trial import send_trial
from clerestory.platform.tenancy import Scope
from tests.platform.delivery.post import NUMBER, Office, office, set_up, with_twilio, write
from tests.standins.mail import Mail
from tests.standins.server import Answer
from tests.standins.twilio import Twilio, refusal

SMTP_FROM = "Clerestory <ops@example.org>"
ROW = "SELECT (state, code, note, transport, sender, provider_id, tries) FROM tenant.delivery_message ORDER BY id"


@pytest.fixture
def mail() -> Iterator[Mail]:
    with Mail() as standin:
        yield standin


@pytest.fixture
async def mailing(database_url: str, mail: Mail) -> AsyncIterator[Office]:
    settings = DeliverySettings(smtp_url=mail.url, smtp_from=SMTP_FROM, outbound_allow_private=True)
    async with office(database_url, settings) as opened:
        yield opened


@pytest.fixture
async def texting(database_url: str, twilio: Twilio) -> AsyncIterator[Office]:
    async with office(database_url, with_twilio(twilio)) as opened:
        yield opened


async def test_without_a_transport_the_message_is_kept_in_the_inbox(database_url: str) -> None:
    async with office(database_url) as one:
        message = await write(one.scope, Channel.EMAIL)
        outcome = await one.sender.attempt(one.scope, message)
        assert (outcome.code, outcome.note) == (Code.KEPT, "Kept in the inbox: no EMAIL transport is configured")
        assert outcome.accepted
        assert await one.rows(ROW) == [("kept", "KEPT", outcome.note, "inbox", None, None, 1)]
        assert await one.sender.attempt(one.scope, message) == outcome


async def test_a_mail_is_sent_and_its_outcome_and_answer_stored(mailing: Office, mail: Mail) -> None:
    message = await write(mailing.scope, Channel.EMAIL, "ann@example.org", "bob@example.org")
    outcome = await mailing.sender.attempt(mailing.scope, message)
    assert (outcome.code, outcome.note, outcome.refused) == (Code.SENT, "Sent successfully", ())
    assert [taken.recipients for taken in mail.taken] == [["ann@example.org", "bob@example.org"]]
    assert await mailing.rows(ROW) == [("sent", "SENT", "Sent successfully", "SMTP", "ops@example.org", None, 1)]
    answers = await mailing.rows("SELECT (message, code, note, raw) FROM tenant.delivery_attempt")
    assert answers == [(message, "SENT", "Sent successfully", "250 2.0.0 Taken as 4fTq")]


async def test_a_mail_offers_its_own_end_where_one_was_recorded(mailing: Office, mail: Mail) -> None:
    end = "https://clerestory.example/following/stop/1-2-0-abc"
    new = NewMessage("test", Channel.EMAIL, ("ann@example.org",), "News", "A text", unsubscribe=end)
    async with mailing.scope.begin() as tx:
        message = await delivery.record(tx, new)
    assert (await mailing.sender.attempt(mailing.scope, message)).code is Code.SENT
    assert mail.taken[0].mail["List-Unsubscribe"] == f"<{end}>"


async def test_a_text_message_keeps_the_providers_id_and_names_the_tenants_callback(
    texting: Office, twilio: Twilio
) -> None:
    outcome = await texting.sender.attempt(texting.scope, await write(texting.scope, Channel.SMS))
    sid = "SM" + "0" * 31 + "1"
    assert (outcome.code, outcome.provider_id) == (Code.SENT, sid)
    assert await texting.rows(ROW) == [("sent", "SENT", "Sent successfully", "Twilio", "+15005550006", sid, 1)]
    callback = twilio.heard[0].form["StatusCallback"]
    assert callback.startswith(f"https://clerestory.example/callbacks/twilio/{texting.scope.tenant.id}-")


async def test_a_channel_without_a_transport_is_kept_though_another_has_one(texting: Office) -> None:
    outcome = await texting.sender.attempt(texting.scope, await write(texting.scope, Channel.EMAIL))
    assert outcome.code is Code.KEPT


async def test_the_tenants_own_transport_goes_before_the_servers(mailing: Office, mail: Mail) -> None:
    neighbour = await mailing.another("joe@x.org")
    with Mail() as own:
        await set_up(mailing.scope, smtp_url=own.url, smtp_from="Own <own@example.org>")
        await mailing.sender.attempt(mailing.scope, await write(mailing.scope, Channel.EMAIL))
        await mailing.sender.attempt(neighbour, await write(neighbour, Channel.EMAIL))
        assert [taken.sender for taken in own.taken] == ["own@example.org"]
    assert [taken.sender for taken in mail.taken] == ["ops@example.org"]


async def test_a_tenants_host_must_be_public(database_url: str, mail: Mail) -> None:
    async with office(database_url, DeliverySettings()) as one:
        await set_up(one.scope, smtp_url=mail.url, smtp_from="own@example.org")
        outcome = await one.sender.attempt(one.scope, await write(one.scope, Channel.EMAIL))
    assert (outcome.code, mail.connections) == (Code.PROVIDER_ERROR, 0)
    assert outcome.note == "SMTP: its address is not public, so it may not be called"


async def test_settings_that_contradict_themselves_are_told(database_url: str) -> None:
    async with office(database_url) as one:
        await set_up(one.scope, twilio_account_sid="AC1")
        outcome = await one.sender.attempt(one.scope, await write(one.scope, Channel.SMS))
        assert (outcome.code, outcome.retry_after) == (Code.CHANNEL_NOT_CONFIGURED, None)
        assert outcome.note.startswith("The settings cannot be used: ")
        assert await one.rows("SELECT state FROM tenant.delivery_message") == ["failed"]


async def test_refused_addresses_of_a_mail_that_was_taken_are_told_and_stored(mailing: Office, mail: Mail) -> None:
    mail.replies["bob@example.org"] = "550 5.1.1 No such user"
    message = await write(mailing.scope, Channel.EMAIL, "ann@example.org", "bob@example.org")
    outcome = await mailing.sender.attempt(mailing.scope, message)
    assert (outcome.code, [(one.address, one.outcome.code) for one in outcome.refused]) == (
        Code.SENT,
        [("bob@example.org", Code.RECIPIENT_INVALID)],
    )
    stored = await delivery.read(mailing.scope.direct(), message)
    assert stored is not None
    assert [(one.address, one.outcome.code) for one in stored.refused] == [("bob@example.org", Code.RECIPIENT_INVALID)]


async def test_a_block_is_remembered_and_the_next_message_answered_without_a_call(
    texting: Office, twilio: Twilio
) -> None:
    twilio.fail(NUMBER, 21610)
    first = await texting.sender.attempt(texting.scope, await write(texting.scope, Channel.SMS))
    second = await texting.sender.attempt(texting.scope, await write(texting.scope, Channel.SMS))
    assert (first.code, second.code, len(twilio.heard)) == (Code.SENDER_BLOCKED, Code.SENDER_BLOCKED, 1)
    stored = await texting.rows("SELECT (channel, sender, address) FROM tenant.delivery_block")
    assert stored == [("SMS", "+15005550006", NUMBER)]
    neighbour = await texting.another("joe@x.org")
    await texting.sender.attempt(neighbour, await write(neighbour, Channel.SMS))
    assert len(twilio.heard) == 2


async def test_a_mail_goes_to_those_who_have_not_blocked_the_sender(mailing: Office, mail: Mail) -> None:
    async with mailing.scope.begin() as tx:
        await blocks.block(tx, Channel.EMAIL, "ops@example.org", "bob@example.org", "said so")
    message = await write(mailing.scope, Channel.EMAIL, "ann@example.org", "bob@example.org")
    outcome = await mailing.sender.attempt(mailing.scope, message)
    assert [taken.recipients for taken in mail.taken] == [["ann@example.org"]]
    assert [(one.address, one.outcome.code) for one in outcome.refused] == [("bob@example.org", Code.SENDER_BLOCKED)]


async def test_two_processes_send_one_message_once(database_url: str, twilio: Twilio) -> None:
    twilio.script(Answer(hold=True))
    async with office(database_url, with_twilio(twilio)) as one:
        message = await write(one.scope, Channel.SMS)
        attempts = [asyncio.create_task(one.sender.attempt(one.scope, message)) for _ in range(5)]
        await asyncio.to_thread(twilio.wait_for, 1)
        async with office(database_url, with_twilio(twilio)) as other:
            scope = replace(one.scope, parts=other.application.parts)
            late = await asyncio.gather(*(other.sender.attempt(scope, message) for _ in range(5)))
        twilio.release()
        await asyncio.gather(*attempts)
    assert {(outcome.code, outcome.retry_after) for outcome in late} == {(Code.PROVIDER_TIMEOUT, timedelta(0))}
    assert len(twilio.heard) == 1


async def test_a_busy_mail_server_is_asked_again_with_growing_pauses(mailing: Office, mail: Mail) -> None:
    mail.mail_reply = "451 4.3.0 Try later"
    told: list[Message] = []
    hear(mailing, told)
    message = await write(mailing.scope, Channel.EMAIL)
    outcome = await mailing.sender.attempt(mailing.scope, message)
    assert (outcome.code, outcome.retry_after) == (Code.PROVIDER_ERROR, timedelta(seconds=30))
    with pytest.raises(Unavailable):
        await mailing.sender.retry(mailing.scope, message)
    for pause in (30, 120, 600):
        mailing.clock.ahead += timedelta(seconds=pause + 1)
        await mailing.sender.retry(mailing.scope, message)
    assert [(name, due) for name, _, due in await mailing.jobs()] == [
        ("delivery.retry", 30),
        ("delivery.retry", 120),
        ("delivery.retry", 600),
        ("delivery.told", 0),
    ]
    await mailing.scope.part(Listeners).told(mailing.scope, {"message": message})
    assert [(one.id, one.reference, one.stage, one.code, one.tries) for one in told] == [
        (message, 7, Stage.FAILED, Code.PROVIDER_ERROR, 4)
    ]


async def test_a_mail_that_a_retry_brings_through_is_told_as_sent(mailing: Office, mail: Mail) -> None:
    mail.mail_reply = "451 4.3.0 Try later"
    told: list[Message] = []
    hear(mailing, told)
    message = await write(mailing.scope, Channel.EMAIL)
    await mailing.sender.attempt(mailing.scope, message)
    mail.mail_reply = None
    assert (await mailing.sender.attempt(mailing.scope, message)).retry_after is not None
    assert mail.taken == []
    mailing.clock.ahead += timedelta(seconds=31)
    await mailing.sender.retry(mailing.scope, message)
    await mailing.scope.part(Listeners).told(mailing.scope, {"message": message})
    assert ([one.stage for one in told], len(mail.taken)) == ([Stage.SENT], 1)


async def test_a_mail_whose_fate_is_unknown_is_never_repeated(mailing: Office, mail: Mail) -> None:
    mail.hold.clear()
    message = await write(mailing.scope, Channel.EMAIL)
    outcome = await mailing.sender.attempt(mailing.scope, message, deadline=timedelta(milliseconds=300))
    assert (outcome.code, outcome.retry_after) == (Code.PROVIDER_TIMEOUT, None)
    assert await mailing.rows("SELECT (state, code) FROM tenant.delivery_message") == [("failed", "PROVIDER_TIMEOUT")]
    assert await mailing.jobs() == []


async def test_a_text_message_that_came_too_fast_is_asked_once_more(texting: Office, twilio: Twilio) -> None:
    slow = refusal(20429, 429, "Too many requests")
    hasty = Answer(429, slow.body, {"Retry-After": "0"})
    twilio.script(hasty)
    outcome = await texting.sender.attempt(texting.scope, await write(texting.scope, Channel.SMS))
    assert (outcome.code, len(twilio.heard)) == (Code.SENT, 2)
    twilio.script(hasty, hasty)
    outcome = await texting.sender.attempt(texting.scope, await write(texting.scope, Channel.SMS))
    assert (outcome.code, outcome.retry_after, len(twilio.heard)) == (Code.PROVIDER_RATE_LIMITED, None, 4)
    assert await texting.rows("SELECT code FROM tenant.delivery_attempt ORDER BY id") == [
        "PROVIDER_RATE_LIMITED",
        "SENT",
        "PROVIDER_RATE_LIMITED",
        "PROVIDER_RATE_LIMITED",
    ]


async def test_a_message_left_open_by_a_crash_is_found_and_given_up_not_repeated(
    texting: Office, twilio: Twilio
) -> None:
    planned, sending = await write(texting.scope, Channel.SMS), await write(texting.scope, Channel.SMS)
    async with texting.scope.begin() as tx:
        assert await store.claim(tx, sending, "", texting.clock()) is not None
    texting.clock.ahead += timedelta(minutes=1)
    now = texting.clock()
    found = await delivery.open_messages(texting.scope.direct(), "test", older_than=now)
    assert [(one.id, one.stage) for one in found] == [(planned, Stage.PLANNED), (sending, Stage.SENDING)]
    assert await delivery.open_messages(texting.scope.direct(), "other", older_than=now) == []
    async with texting.scope.begin() as tx:
        assert [await delivery.give_up(tx, one.id, now) for one in found] == [False, True]
    outcome = await texting.sender.attempt(texting.scope, sending)
    assert (outcome.code, outcome.retry_after) == (Code.PROVIDER_TIMEOUT, None)
    assert (await texting.sender.attempt(texting.scope, planned)).code is Code.SENT
    assert len(twilio.heard) == 1


async def test_many_messages_are_recorded_by_one_statement_in_their_order(database_url: str) -> None:
    async with office(database_url) as one:
        messages = [
            NewMessage("test", Channel.SMS, (NUMBER,), "", f"text {number}\0", parameters=(f"p{number}", "{}"))
            for number in range(50)
        ]
        async with one.scope.begin() as tx:
            ids = await delivery.record_all(tx, messages)
        stored = await one.rows("SELECT (id, body_text, parameters) FROM tenant.delivery_message ORDER BY body_text")
        assert sorted(stored) == sorted((id, f"text {n}", [f"p{n}", "{}"]) for n, id in enumerate(ids))


async def test_an_unknown_message_is_not_found(database_url: str) -> None:
    async with office(database_url) as one:
        with pytest.raises(NotFound):
            await one.sender.attempt(one.scope, MessageId(4711))


async def test_a_trial_goes_the_way_of_every_message(texting: Office, twilio: Twilio) -> None:
    outcome = await send_trial(texting.scope, Channel.SMS, "+44 7772 572105")
    assert (outcome.code, twilio.heard[0].form["To"]) == (Code.SENT, NUMBER)
    with pytest.raises(Invalid):
        await send_trial(texting.scope, Channel.EMAIL, "nobody")


def hear(one: Office, told: list[Message]) -> None:
    async def heard(_scope: Scope, message: Message) -> None:
        told.append(message)

    one.scope.part(Listeners).add("test", heard)
