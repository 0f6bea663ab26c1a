"""The outside: which transports are configured, and whether something answers at their addresses. Nothing is sent."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from clerestory.commands.examine.finding import Finding, Level
from clerestory.platform.delivery.settings import DeliverySettings
from clerestory.settings.installation import Installation

_PATIENCE = timedelta(seconds=3)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class _Place:
    subject: str
    host: str
    port: int


async def outside(installation: Installation) -> list[Finding]:
    """Every channel, and the server's own address."""
    absent = [Finding(subject, Level.NOTE, text, advice) for subject, text, advice in _absent(installation.delivery)]
    answers = await asyncio.gather(*map(_reach, _configured(installation.delivery)))
    return [*absent, *answers, await _running(installation)]


def _absent(delivery: DeliverySettings) -> Iterator[tuple[str, str, str]]:
    kept = "not configured: messages are kept in the inbox"
    twilio = delivery.twilio()
    if delivery.smtp() is None:
        yield "EMAIL", kept, "CLERESTORY_SMTP_URL and CLERESTORY_SMTP_FROM configure it for all tenants."
    if twilio is None or not twilio.sms_from:
        yield "SMS", kept, "CLERESTORY_TWILIO_ACCOUNT_SID, _AUTH_TOKEN and _FROM configure it for all tenants."
    if delivery.whatsapp() is None and (twilio is None or not twilio.whatsapp_from):
        yield "WHATSAPP", kept, "CLERESTORY_WHATSAPP_TOKEN and _PHONE_NUMBER_ID configure it for all tenants."
    if delivery.clickup() is None:
        yield "ClickUp", "not configured: no tasks are made", "CLERESTORY_CLICKUP_TOKEN and _LIST_ID configure it."


def _configured(delivery: DeliverySettings) -> Iterator[_Place]:
    smtp = delivery.smtp()
    if smtp is not None:
        yield _Place("EMAIL", smtp.host, smtp.port)
    if (twilio := delivery.twilio()) is not None:
        yield _place("Twilio", twilio.url)
    if (whatsapp := delivery.whatsapp()) is not None:
        yield _place("WHATSAPP", whatsapp.url)
    if (clickup := delivery.clickup()) is not None:
        yield _place("ClickUp", clickup.url)


def _place(subject: str, url: str) -> _Place:
    parts = urlsplit(url)
    return _Place(subject, parts.hostname or "", parts.port or _PORTS[parts.scheme])


async def _reach(place: _Place) -> Finding:
    where = f"{place.host} port {place.port}"
    if await _answers(place):
        return Finding(place.subject, Level.OK, f"{where} answers")
    advice = "Is the address right, and does a firewall let this machine out?"
    return Finding(place.subject, Level.ERROR, f"{where} does not answer", advice)


async def _running(installation: Installation) -> Finding:
    server = installation.server
    host = server.reached_at
    if await _answers(_Place("server", host, server.port)):
        return Finding("server", Level.OK, f"something listens on {host} port {server.port}")
    return Finding("server", Level.NOTE, "does not run here now", "`clerestory serve` starts it.")


async def _answers(place: _Place) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            _, writer = await asyncio.open_connection(place.host, place.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
