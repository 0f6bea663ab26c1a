"""What the tests of sending share: an application with providers of one's own, its rows, its clock."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from clerestory.app import Application, running
from clerestory.platform import delivery
from clerestory.platform.delivery import Channel, MessageId, NewMessage, Sender
from clerestory.platform.delivery.routing import SETTINGS
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.platform.identity import organisation
from clerestory.platform.identity.organisation import Catalogue
from clerestory.platform.tenancy import Scope
from clerestory.platform.tokens import Vault
from tests.fixtures.application import settings_for
from tests.fixtures.tenants import tenant_of
from tests.standins import meta as meta_standin
from tests.standins import twilio as twilio_standin

NUMBER = "+447772572105"
PUBLIC_URL = "https://clerestory.example"


@dataclass
class Clock:
    """The time of day, moved by hand. It begins at the real time, for the database has its own."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Office:
    """An application, a tenant of it and the clock that both go by."""

    application: Application
    scope: Scope
    clock: Clock

    @property
    def sender(self) -> Sender:
        return self.scope.part(Sender)

    async def another(self, email: str) -> Scope:
        """A neighbour's scope."""
        made = await tenant_of(self.application, email)
        await made.http.aclose()
        return replace(made.scope, clock=self.clock)

    async def rows(self, sql: str) -> list[Any]:
        """One column of the tenant's rows."""
        return await self.scope.direct().values(sql)

    async def jobs(self) -> list[Any]:
        """The delivery's jobs in the queue: name, arguments, seconds until they are due (to the next ten)."""
        return await self.scope.direct().values(
            """
            SELECT (entrypoint, convert_from(payload, 'UTF8')::jsonb ->> 'arguments',
                    round(extract(epoch FROM execute_after - created) / 10) * 10)
              FROM jobs.pgqueuer
             WHERE entrypoint LIKE 'delivery.%'
             ORDER BY id
            """
        )


@asynccontextmanager
async def office(url: str, settings: DeliverySettings | None = None, *, jobs: bool = False) -> AsyncIterator[Office]:
    """An application on this database with these providers, and a tenant `jane.doe@x.org`."""
    clock = Clock()
    providers = settings or DeliverySettings(outbound_allow_private=True)
    given = replace(settings_for(url), delivery=providers, public_url=PUBLIC_URL, jobs=jobs)
    async with running(given, clock=clock) as application:
        made = await tenant_of(application)
        await made.http.aclose()
        yield Office(application, replace(made.scope, clock=clock), clock)


def with_twilio(twilio: twilio_standin.Twilio, **more: Any) -> DeliverySettings:
    return DeliverySettings(
        twilio_url=twilio.url,
        twilio_account_sid=twilio_standin.ACCOUNT_SID,
        twilio_auth_token=twilio_standin.AUTH_TOKEN,
        twilio_from=twilio_standin.SMS_FROM,
        outbound_allow_private=True,
        **more,
    )


def with_meta(meta: meta_standin.Meta, **more: Any) -> DeliverySettings:
    return DeliverySettings(
        whatsapp_url=meta.url,
        whatsapp_token=meta_standin.TOKEN,
        whatsapp_phone_number_id=meta_standin.PHONE_NUMBER_ID,
        whatsapp_app_secret=meta_standin.APP_SECRET,
        outbound_allow_private=True,
        **more,
    )


async def set_up(scope: Scope, **values: str) -> None:
    """Stores settings of the tenant, named without their prefix."""
    named: Mapping[str, object] = {f"delivery_{name}": value for name, value in values.items()}
    async with scope.begin() as tx:
        changes = organisation.checked(Catalogue(SETTINGS), named)
        await organisation.change(tx, changes, scope.part(Vault).seal, scope.now)


async def write(scope: Scope, channel: Channel, *recipients: str, family: str = "test") -> MessageId:
    """A recorded message."""
    to = recipients or (("ann@example.org",) if channel is Channel.EMAIL else (NUMBER,))
    new = NewMessage(family, channel, to, "Critical bug", "It is on fire", reference=7)
    async with scope.begin() as tx:
        return await delivery.record(tx, new)
