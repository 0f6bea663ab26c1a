"""Which transport carries what, and through which door."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from clerestory.platform.delivery.clickup import ClickUpSettings, NewTask, State
from clerestory.platform.delivery.outcome import Channel, Code, Outcome, Outgoing
from clerestory.platform.delivery.settings import Route
from clerestory.platform.delivery.smtp import SmtpSettings
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.delivery.twilio import TwilioSettings
from clerestory.platform.delivery.whatsapp import WhatsAppSettings
from tests.platform.delivery.conftest import NUMBER
from tests.standins.certificate import Certificate
from tests.standins.clickup import LIST_ID, ClickUp
from tests.standins.clickup import TOKEN as CLICKUP_TOKEN
from tests.standins.mail import Mail
from tests.standins.meta import PHONE_NUMBER_ID, Meta
from tests.standins.meta import TOKEN as META_TOKEN
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, SMS_FROM, Twilio


@pytest.fixture
async def transports(localhost: Certificate) -> AsyncIterator[Transports]:
    opened = Transports(trust=lambda: localhost.client)
    yield opened
    await opened.close()
    await asyncio.sleep(0)


def outgoing(channel: Channel) -> Outgoing:
    to = "andy@example.org" if channel is Channel.EMAIL else NUMBER
    return Outgoing(channel, (to,), "Subject", "Text", "id")


@pytest.mark.parametrize("channel", list(Channel))
async def test_without_a_route_the_message_is_kept_and_says_so(transports: Transports, channel: Channel) -> None:
    outcome = await transports.send(None, outgoing(channel))
    assert outcome == Outcome(Code.KEPT, f"Kept in the inbox: no {channel} transport is configured")
    assert outcome.accepted


def routes(mail: Mail, twilio: Twilio, meta: Meta, *, trusted: bool) -> list[tuple[Channel, Route]]:
    account = TwilioSettings(
        ACCOUNT_SID, AUTH_TOKEN, sms_from=SMS_FROM, whatsapp_from=SMS_FROM, url=twilio.url, trusted=trusted
    )
    return [
        (Channel.EMAIL, SmtpSettings("127.0.0.1", mail.port, "ops@example.org", trusted=trusted)),
        (Channel.SMS, account),
        (Channel.WHATSAPP, account),
        (Channel.WHATSAPP, WhatsAppSettings(META_TOKEN, PHONE_NUMBER_ID, url=meta.url, trusted=trusted)),
    ]


async def test_the_operator_s_settings_reach_any_host(transports: Transports, twilio: Twilio, meta: Meta) -> None:
    with Mail() as mail:
        for channel, route in routes(mail, twilio, meta, trusted=True):
            assert (await transports.send(route, outgoing(channel))).code is Code.SENT
        assert (len(mail.taken), len(twilio.heard), len(meta.heard)) == (1, 2, 1)


async def test_a_tenant_s_settings_reach_public_hosts_alone(transports: Transports, twilio: Twilio, meta: Meta) -> None:
    with Mail() as mail:
        for channel, route in routes(mail, twilio, meta, trusted=False):
            outcome = await transports.send(route, outgoing(channel))
            assert outcome.code is Code.PROVIDER_ERROR
            assert outcome.note.endswith("its address is not public, so it may not be called")
        assert (mail.connections, twilio.connections, meta.connections) == (0, 0, 0)


async def test_the_operator_may_allow_tenants_any_host(twilio: Twilio, meta: Meta) -> None:
    transports = Transports(allow_private=True)
    with Mail() as mail:
        for channel, route in routes(mail, twilio, meta, trusted=False):
            assert (await transports.send(route, outgoing(channel))).code is Code.SENT
    await transports.close()


async def test_tasks_go_through_the_same_doors(transports: Transports, clickup: ClickUp) -> None:
    new = NewTask("Name", "Text", "mark")
    trusted = ClickUpSettings(CLICKUP_TOKEN, LIST_ID, url=clickup.url, trusted=True)
    assert (await transports.clickup(trusted).create(new)).state is State.DONE
    tenant = ClickUpSettings(CLICKUP_TOKEN, LIST_ID, url=clickup.url)
    refused = await transports.clickup(tenant).create(new)
    assert refused.note == "ClickUp: its address is not public, so it may not be called"
    assert len(clickup.tasks) == 1
