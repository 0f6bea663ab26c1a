"""Everything that leads outside, opened once for the whole process: which transport carries what.

Settings that a tenant made go through the guarded ways, the operator's own through the trusted ones.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ssl import SSLContext

import httpx

from clerestory.kernel.clock import Clock, utc_now
from clerestory.platform.delivery import inbox, twilio, whatsapp
from clerestory.platform.delivery.clickup import ClickUp, ClickUpSettings, Quota
from clerestory.platform.delivery.outbound import authorities, guarded_client, trusted_client
from clerestory.platform.delivery.outcome import DEADLINE, Outcome, Outgoing
from clerestory.platform.delivery.settings import Route
from clerestory.platform.delivery.smtp import SmtpPools, SmtpSettings
from clerestory.platform.delivery.twilio import TwilioSettings


class Transports:
    """The clients and pools of one process, for one event loop; close them at its end."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        clock: Clock = utc_now,
        trust: Callable[[], SSLContext] = authorities,
    ) -> None:
        tls = trust()
        self._trusted = trusted_client(tls=tls)
        self._guarded = guarded_client(allow_private=allow_private, tls=tls)
        # The HTTP client announces its protocol in the context it was given; a mail server may take offence at that.
        self._mail = SmtpPools(trust(), clock=clock)
        self._quota = Quota(clock)
        self._allow_private = allow_private

    async def send(self, route: Route | None, message: Outgoing, deadline: timedelta = DEADLINE) -> Outcome:
        """What came of one attempt; without a route the message is kept in the inbox."""
        if route is None:
            return inbox.keep(message.channel)
        if isinstance(route, SmtpSettings):
            settings = replace(route, trusted=route.trusted or self._allow_private)
            return await self._mail.send(settings, message, deadline)
        client = self.client(trusted=route.trusted)
        if isinstance(route, TwilioSettings):
            return await twilio.send(client, route, message, deadline)
        return await whatsapp.send(client, route, message, deadline)

    def clickup(self, settings: ClickUpSettings, deadline: timedelta = DEADLINE) -> ClickUp:
        """The list of these settings; the rests that ClickUp asks for are shared by all of them."""
        return ClickUp(self.client(trusted=settings.trusted), settings, self._quota, deadline)

    async def close(self) -> None:
        """Close every connection."""
        self._mail.close()
        await self._trusted.aclose()
        await self._guarded.aclose()

    def client(self, *, trusted: bool) -> httpx.AsyncClient:
        """The client for addresses that the operator has set, or for those of tenants. Not the caller's to close."""
        return self._trusted if trusted else self._guarded
