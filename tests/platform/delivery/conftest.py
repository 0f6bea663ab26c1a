"""Stand-ins for the providers, clients to call them with, and one message to send."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from clerestory.platform.delivery.outbound import trusted_client
from clerestory.platform.delivery.outcome import Channel, Outgoing
from clerestory.platform.delivery.smtp import SmtpPools
from tests.platform.delivery.mails import NOON
from tests.standins import certificate
from tests.standins.clickup import ClickUp
from tests.standins.meta import Meta
from tests.standins.twilio import Twilio

NUMBER = "+447772572105"


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with Twilio() as standin:
        yield standin


@pytest.fixture
def meta() -> Iterator[Meta]:
    with Meta() as standin:
        yield standin


@pytest.fixture
def clickup() -> Iterator[ClickUp]:
    with ClickUp() as standin:
        yield standin


@pytest.fixture
async def client(localhost: certificate.Certificate) -> AsyncIterator[httpx.AsyncClient]:
    # Reading the authorities of the world takes 20 ms a test, and nobody of the world is called.
    async with trusted_client(tls=localhost.client) as opened:
        yield opened
    # A closed TLS connection is gone only after the loop has turned once more.
    await asyncio.sleep(0)


@pytest.fixture(scope="session")
def localhost(tmp_path_factory: pytest.TempPathFactory) -> certificate.Certificate:
    return certificate.make(tmp_path_factory.mktemp("tls"), "localhost", "provider.example")


def phone_message(channel: Channel, text: str = "Critical bug detected", **more: str) -> Outgoing:
    return Outgoing(
        channel, (NUMBER,), "", text, "5f2e1c1c-0000-4000-8000-1234567890ab", callback_url=more.get("callback")
    )


@pytest.fixture
async def pools(localhost: certificate.Certificate) -> AsyncIterator[SmtpPools]:
    opened = SmtpPools(localhost.client, clock=lambda: NOON)
    yield opened
    opened.close()
    await asyncio.sleep(0)
