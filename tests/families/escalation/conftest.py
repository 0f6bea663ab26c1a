"""A tenant of an application of its own that reaches people: by a mail server, Twilio and ClickUp, all stand-ins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from clerestory.app import Application, running
from clerestory.families.escalation.notify.send import Outbox
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.tenancy import SYSTEM, Scope
from tests.fixtures.application import settings_for
from tests.fixtures.clocks import TurnedClock
from tests.fixtures.tenants import TestTenant, tenant_of
from tests.standins import clickup as clickups
from tests.standins import twilio as twilios
from tests.standins.clickup import ClickUp
from tests.standins.mail import Mail
from tests.standins.twilio import Twilio

PUBLIC_URL = "https://clerestory.test"


@dataclass(frozen=True)
class Reach:
    """The tenant, its application, whom it calls, and the clock it goes by."""

    tenant: TestTenant
    application: Application
    mail: Mail
    twilio: Twilio
    clickup: ClickUp
    clock: TurnedClock

    @property
    def scope(self) -> Scope:
        return Scope(self.tenant.tenant, SYSTEM, self.clock, self.application.parts)

    @property
    def outbox(self) -> Outbox:
        return self.application.parts.find(Outbox)


@pytest.fixture
def mail() -> Iterator[Mail]:
    with Mail() as standin:
        yield standin


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with Twilio() as standin:
        yield standin


@pytest.fixture
def clickup() -> Iterator[ClickUp]:
    with ClickUp() as standin:
        yield standin


@asynccontextmanager
async def reaching(
    url: str, standins: tuple[Mail, Twilio, ClickUp], *, jobs: bool = False, **more: Any
) -> AsyncIterator[Reach]:
    """Jobs run only when asked for; else a test calls their verbs itself. `more` are further settings of delivery."""
    mail, twilio, clickup = standins
    delivery = DeliverySettings(
        smtp_url=mail.url + "?security=none",
        smtp_from="Clerestory <ops@example.org>",
        twilio_url=twilio.url,
        twilio_account_sid=twilios.ACCOUNT_SID,
        twilio_auth_token=twilios.AUTH_TOKEN,
        twilio_from=twilios.SMS_FROM,
        twilio_whatsapp_from="+15005550007",
        clickup_url=clickup.url,
        clickup_token=clickups.TOKEN,
        clickup_list_id=clickups.LIST_ID,
        clickup_mark_field_id=clickups.FIELD_ID,
        **more,
    )
    settings = replace(settings_for(url), delivery=delivery, public_url=PUBLIC_URL, jobs=jobs)
    clock = TurnedClock()
    async with running(settings, clock=clock) as application:
        tenant = await tenant_of(application)
        async with tenant.http:
            yield Reach(tenant, application, mail, twilio, clickup, clock)


@pytest.fixture
async def reach(database_url: str, mail: Mail, twilio: Twilio, clickup: ClickUp) -> AsyncIterator[Reach]:
    async with reaching(database_url, (mail, twilio, clickup)) as reach:
        yield reach
