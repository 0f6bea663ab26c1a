"""What providers report: believed by signature, taken in once, in any order, for the tenant of the address alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from clerestory.platform import delivery
from clerestory.platform.delivery import Channel, Code, Listeners, Message, MessageId, Stage
from clerestory.platform.delivery.arrivals import early_report
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.tenancy import PUBLIC_TENANT, Scope
from tests.platform.delivery.post import NUMBER, PUBLIC_URL, Office, office, set_up, with_meta, with_twilio, write
from tests.standins import meta as meta_standin
from tests.standins import twilio as twilio_standin
from tests.standins.meta import Meta
from tests.standins.server import Answer
from tests.standins.twilio import Twilio

DIGITS = NUMBER.removeprefix("+")
STATE = "SELECT (state, code, arrival) FROM tenant.delivery_message ORDER BY id"
BLOCKS = "SELECT (channel, sender, address) FROM tenant.delivery_block"
SMS_BLOCK = ("SMS", twilio_standin.SMS_FROM, NUMBER)


class Provider:
    """Calls the application back as Twilio and Meta do."""

    def __init__(self, one: Office) -> None:
        self.one = one
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(one.application.asgi), base_url=PUBLIC_URL)

    def url(self, provider: str, scope: Scope | None = None) -> str:
        tenant = (scope or self.one.scope).tenant.id
        return self.one.scope.part(CallbackLinks).url(provider, tenant)

    async def twilio(self, form: dict[str, str], *, url: str = "", token: str = twilio_standin.AUTH_TOKEN) -> int:
        url = url or self.url("twilio")
        headers = {
            "X-Twilio-Signature": twilio_standin.sign(url, form, token),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return (await self.http.post(url, content=urlencode(form), headers=headers)).status_code

    async def meta(self, body: bytes, *, url: str = "", secret: str = meta_standin.APP_SECRET) -> int:
        headers = {"X-Hub-Signature-256": meta_standin.sign(body, secret)}
        return (await self.http.post(url or self.url("whatsapp"), content=body, headers=headers)).status_code


@pytest.fixture
def twilio() -> Any:
    with Twilio() as standin:
        yield standin


@pytest.fixture
def meta() -> Any:
    with Meta() as standin:
        yield standin


@pytest.fixture
async def texting(database_url: str, twilio: Twilio) -> AsyncIterator[Provider]:
    async with office(database_url, with_twilio(twilio)) as one, Provider(one).http as http:
        provider = Provider(one)
        provider.http = http
        yield provider


@pytest.fixture
async def chatting(database_url: str, meta: Meta) -> AsyncIterator[Provider]:
    async with office(database_url, with_meta(meta)) as one, Provider(one).http as http:
        provider = Provider(one)
        provider.http = http
        yield provider


async def sent(one: Office, channel: Channel, scope: Scope | None = None) -> tuple[MessageId, str]:
    """A message that a provider took, and what the provider calls it."""
    message = await write(scope or one.scope, channel)
    outcome = await one.sender.attempt(scope or one.scope, message)
    assert outcome.provider_id is not None
    return message, outcome.provider_id


async def test_a_late_failure_is_stored_remembered_and_told(texting: Provider) -> None:
    told: list[Message] = []

    async def hear(_scope: Scope, message: Message) -> None:
        told.append(message)

    texting.one.scope.part(Listeners).add("test", hear)
    message, sid = await sent(texting.one, Channel.SMS)
    assert await texting.twilio(twilio_standin.status_form(sid, "undelivered", NUMBER, 30004)) == 200
    assert await texting.one.rows(STATE) == [("failed", "SENDER_BLOCKED", "failed")]
    assert await texting.one.rows(BLOCKS) == [SMS_BLOCK]
    assert await texting.one.jobs() == [("delivery.told", f'{{"message": {message}}}', 0)]
    await texting.one.scope.part(Listeners).told(texting.one.scope, {"message": message})
    assert [(one.stage, one.code, one.note) for one in told] == [
        (Stage.FAILED, Code.SENDER_BLOCKED, "Twilio: the recipient has blocked this sender (30004)")
    ]


async def test_the_worker_tells_the_family_until_it_has_understood(database_url: str, twilio: Twilio) -> None:
    told: list[Code | None] = []
    done = asyncio.Event()

    async def hear(_scope: Scope, message: Message) -> None:
        told.append(message.code)
        if len(told) == 1:
            raise ValueError
        done.set()

    async with office(database_url, with_twilio(twilio), jobs=True) as one, Provider(one).http as http:
        one.scope.part(Listeners).add("test", hear)
        _, sid = await sent(one, Channel.SMS)
        provider = Provider(one)
        provider.http = http
        assert await provider.twilio(twilio_standin.status_form(sid, "failed", NUMBER, 30006)) == 200
        async with asyncio.timeout(30):
            await done.wait()
    assert told == [Code.RECIPIENT_UNREACHABLE] * 2


async def test_reports_come_twice_and_in_any_order(texting: Provider) -> None:
    _, sid = await sent(texting.one, Channel.SMS)
    for state in ("delivered", "sent", "delivered", "failed", "read", "read"):
        assert await texting.twilio(twilio_standin.status_form(sid, state, NUMBER)) == 200
    assert await texting.one.rows(STATE) == [("sent", "SENT", "read")]


async def test_a_report_on_an_unknown_message_is_taken_and_ignored(texting: Provider) -> None:
    assert await texting.twilio(twilio_standin.status_form("SM404", "failed", NUMBER, 30004)) == 200
    assert (await texting.one.rows(BLOCKS), await texting.one.jobs()) == ([], [])


async def test_a_report_that_outruns_our_own_record_is_read_again(texting: Provider, twilio: Twilio) -> None:
    one = texting.one
    message = await write(one.scope, Channel.SMS)
    twilio.script(Answer(201, {"sid": "SMearly", "status": "queued"}, hold=True))
    attempt = asyncio.create_task(one.sender.attempt(one.scope, message))
    await asyncio.to_thread(twilio.wait_for, 1)
    assert await texting.twilio(twilio_standin.status_form("SMearly", "failed", NUMBER, 30006)) == 200
    ((name, _, seconds),) = await one.jobs()
    assert (name, seconds) == ("delivery.early_report", 30)
    twilio.release()
    assert (await attempt).code is Code.SENT
    await early_report(one.scope, await arguments_of(one, "delivery.early_report"))
    assert await one.rows(STATE) == [("failed", "RECIPIENT_UNREACHABLE", "failed")]


async def test_a_bad_signature_or_address_is_refused(texting: Provider) -> None:
    one, (_, sid) = texting.one, await sent(texting.one, Channel.SMS)
    form = twilio_standin.status_form(sid, "failed", NUMBER, 30004)
    assert await texting.twilio(form, token="a guess") == 403
    number = one.scope.tenant.id
    for token in (f"{number}-{'0' * 32}", f"{number}", "nobody", f"{number + 1}-x", "9" * 400):
        assert await texting.twilio(form, url=f"{PUBLIC_URL}/callbacks/twilio/{token}") == 403
    assert await one.rows(STATE) == [("sent", "SENT", None)]


async def test_a_neighbours_address_does_nothing_to_us(texting: Provider) -> None:
    one, (_, sid) = texting.one, await sent(texting.one, Channel.SMS)
    neighbour = await one.another("joe@x.org")
    await set_up(neighbour, twilio_account_sid="AC2", twilio_auth_token="own token", twilio_from="+15005550007")
    form = twilio_standin.status_form(sid, "failed", NUMBER, 30004)
    theirs = texting.url("twilio", neighbour)
    assert await texting.twilio(form, url=theirs, token="own token") == 200
    assert await texting.twilio(form, token="own token") == 403
    assert await one.rows(STATE) == [("sent", "SENT", None)]
    assert await one.rows(BLOCKS) == []


async def test_stop_blocks_the_sender_and_any_other_word_clears_it(texting: Provider) -> None:
    stop = {"MessageSid": "SMin", "From": NUMBER, "To": twilio_standin.SMS_FROM, "Body": " Stop. "}
    assert await texting.twilio(stop) == 200
    assert await texting.one.rows(BLOCKS) == [SMS_BLOCK]
    outcome = await texting.one.sender.attempt(texting.one.scope, await write(texting.one.scope, Channel.SMS))
    assert outcome.code is Code.SENDER_BLOCKED
    assert await texting.twilio({**stop, "Body": "What is going on?"}) == 200
    assert await texting.one.rows(BLOCKS) == []


async def test_the_shared_address_serves_everyone_who_wrote_to_the_person(texting: Provider) -> None:
    one, neighbour = texting.one, await texting.one.another("joe@x.org")
    stranger = await one.another("jim@x.org")
    for scope in (one.scope, neighbour):
        await sent(one, Channel.SMS, scope)
    stop = {"MessageSid": "SMin", "From": NUMBER, "To": twilio_standin.SMS_FROM, "Body": "STOP"}
    assert await texting.twilio(stop, url=shared(texting, "twilio")) == 200
    found = [await scope.direct().values(BLOCKS) for scope in (one.scope, neighbour, stranger)]
    assert found == [[SMS_BLOCK], [SMS_BLOCK], []]


async def test_metas_reports_are_taken_in(chatting: Provider) -> None:
    _, first = await sent(chatting.one, Channel.WHATSAPP)
    _, second = await sent(chatting.one, Channel.WHATSAPP)
    statuses = [
        meta_standin.status(first, "delivered", DIGITS),
        meta_standin.status(second, "failed", DIGITS, 131050),
    ]
    body = meta_standin.webhook(statuses=statuses)
    assert [await chatting.meta(body), await chatting.meta(body), await chatting.meta(b"[]")] == [200, 200, 200]
    assert await chatting.one.rows(STATE) == [("sent", "SENT", "delivered"), ("failed", "SENDER_BLOCKED", "failed")]
    assert await chatting.one.rows(BLOCKS) == [("WHATSAPP", meta_standin.PHONE_NUMBER_ID, NUMBER)]
    hello = meta_standin.webhook(messages=[meta_standin.text(DIGITS, "Hello?")])
    assert await chatting.meta(hello) == 200
    assert await chatting.one.rows(BLOCKS) == []


async def test_metas_reports_for_a_shared_number_find_their_tenant(chatting: Provider) -> None:
    one, neighbour = chatting.one, await chatting.one.another("joe@x.org")
    await sent(one, Channel.WHATSAPP)
    _, theirs = await sent(one, Channel.WHATSAPP, neighbour)
    body = meta_standin.webhook(statuses=[meta_standin.status(theirs, "read", DIGITS)])
    assert await chatting.meta(body, url=shared(chatting, "whatsapp")) == 200
    assert await one.rows(STATE) == [("sent", "SENT", None)]
    assert await neighbour.direct().values(STATE) == [("sent", "SENT", "read")]


async def test_an_unknown_report_for_a_shared_number_waits_once(chatting: Provider) -> None:
    body = meta_standin.webhook(statuses=[meta_standin.status("wamid.unknown", "read", DIGITS)])
    assert await chatting.meta(body, url=shared(chatting, "whatsapp")) == 200
    public = replace(chatting.one.scope, tenant=PUBLIC_TENANT)
    await early_report(public, await arguments_of(chatting.one, "delivery.early_report"))
    assert len(await chatting.one.jobs()) == 1


async def test_metas_signature_is_checked(chatting: Provider) -> None:
    body = meta_standin.webhook(statuses=[])
    assert await chatting.meta(body, secret="a guess") == 403


async def test_meta_subscribes_with_the_addresss_own_token(chatting: Provider) -> None:
    url, token = chatting.url("whatsapp"), chatting.one.scope.part(CallbackLinks).token(chatting.one.scope.tenant.id)
    query = {"hub.mode": "subscribe", "hub.challenge": "4711", "hub.verify_token": token}
    good = await chatting.http.get(url, params=query)
    assert (good.status_code, good.text, good.headers["content-type"]) == (200, "4711", "text/plain; charset=utf-8")
    bad = await chatting.http.get(url, params={**query, "hub.verify_token": "guess"})
    assert (bad.status_code, bad.json()) == (403, {"status": "error", "detail": "The verify token is not right."})


async def test_credentials_refused_after_the_answer_alarm_the_owner(texting: Provider) -> None:
    _, sid = await sent(texting.one, Channel.SMS)
    await texting.twilio(twilio_standin.status_form(sid, "failed", NUMBER, 30002))
    subjects = await texting.one.rows("SELECT subject FROM tenant.delivery_message WHERE state = 'kept'")
    assert subjects == ["Twilio does not work"]


async def test_a_broken_form_and_an_unknown_path_are_told_in_json(texting: Provider) -> None:
    answer = await texting.http.post(texting.url("twilio"), content=b"a=%ff&" * 500)
    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is no valid form.")
    assert (await texting.http.post("/callbacks/other/x")).status_code == 404
    assert (await texting.http.get(texting.url("twilio"))).status_code == 405


async def test_what_is_known_of_a_message_is_read_by_its_family(texting: Provider) -> None:
    message, sid = await sent(texting.one, Channel.SMS)
    await texting.twilio(twilio_standin.status_form(sid, "delivered", NUMBER))
    known = await delivery.read(texting.one.scope.direct(), message)
    assert known is not None
    assert (known.stage, known.arrival, known.transport) == (Stage.SENT, "delivered", "Twilio")


def shared(provider: Provider, name: str) -> str:
    return provider.url(name, replace(provider.one.scope, tenant=PUBLIC_TENANT))


async def arguments_of(one: Office, name: str) -> Any:
    found = [arguments for entry, arguments, _ in await one.jobs() if entry == name]
    return json.loads(found[0])
