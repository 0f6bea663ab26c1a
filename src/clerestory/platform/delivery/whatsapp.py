"""WhatsApp through Meta's Cloud API, as plain text or as an approved template.

Meta never says that a person has blocked a business; see `treat_131026_as_blocked`.
Codes: dialects/escalation.md, Providers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import quote

import httpx
import msgspec

from clerestory.platform.delivery.exchange import Call, Reply, Silence, code_of_status, exchange
from clerestory.platform.delivery.outcome import DEADLINE, Code, Outcome, Outgoing, explain, one_line
from clerestory.platform.delivery.wire import MetaAnswer, read

NAME = "WhatsApp"
BODY_LIMIT = 4096
UNDELIVERABLE = 131026
_PARAMETER_LIMIT = 1024

_TABLE: tuple[tuple[Code, tuple[int, ...]], ...] = (
    (Code.SENDER_BLOCKED, (131050,)),
    (Code.RECIPIENT_UNREACHABLE, (UNDELIVERABLE, 131049, 130472)),
    (Code.PROVIDER_RATE_LIMITED, (131056, 130429, 4, 80007, 131048)),
    (Code.RECIPIENT_INVALID, (131021, 131030)),
    (Code.PROVIDER_ERROR, (131047, 100, 131008, 131009, 131051, 132000, 132001, 1, 2, 131000, 131016)),
    (Code.PROVIDER_AUTH, (0, 3, 10, 190, *range(200, 300), 368, 131031, 131042)),
)

CODES: Mapping[int, Code] = MappingProxyType({number: code for code, numbers in _TABLE for number in numbers})
"""Meta's error codes and what each means here."""

_RETRY: Mapping[int, timedelta] = MappingProxyType(
    dict.fromkeys((1, 2, 131000, 131016), timedelta(seconds=1))
    | dict.fromkeys((130429, 4, 80007), timedelta(seconds=2))
)
"""Codes after which a repetition may help; the limits for one pair of numbers and for spam only grow by repeating."""


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """A business number at Meta; `url` holds the version of the API.

    With `template` each message is that approved template, its body filled by the message's parameters. `trusted` is
    for the operator's own settings: any host may be called.
    """

    token: str = field(repr=False)
    phone_number_id: str
    app_secret: str | None = field(default=None, repr=False)
    template: str | None = None
    template_language: str = "en"
    treat_131026_as_blocked: bool = False
    url: str = "https://graph.facebook.com/v21.0"
    trusted: bool = False


def code_of(number: int, *, treat_131026_as_blocked: bool = False) -> Code | None:
    """What Meta's code means here; None for one that is not in the table."""
    if number == UNDELIVERABLE and treat_131026_as_blocked:
        return Code.SENDER_BLOCKED
    return CODES.get(number)


async def send(
    client: httpx.AsyncClient, settings: WhatsAppSettings, message: Outgoing, deadline: timedelta = DEADLINE
) -> Outcome:
    """What Meta answered to one message for one number."""
    reply = await exchange(client, _call(settings, message), deadline)
    secrets = (settings.token, settings.app_secret)
    if isinstance(reply, Silence):
        return reply.outcome(NAME, secrets)
    return _outcome(settings, reply, reply.raw(secrets))


def _call(settings: WhatsAppSettings, message: Outgoing) -> Call:
    (recipient,) = message.recipients
    content = _template(settings.template, settings, message) if settings.template else _text(message)
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": recipient.removeprefix("+"),
        **content,
    }
    return Call(
        "POST",
        f"{settings.url.rstrip('/')}/{quote(settings.phone_number_id, safe='')}/messages",
        {"authorization": f"Bearer {settings.token}".encode(), "content-type": b"application/json"},
        msgspec.json.encode(body),
    )


def _text(message: Outgoing) -> dict[str, object]:
    return {"type": "text", "text": {"preview_url": False, "body": message.text[:BODY_LIMIT]}}


def _template(name: str, settings: WhatsAppSettings, message: Outgoing) -> dict[str, object]:
    values = message.parameters or (message.text,)
    parameters = [{"type": "text", "text": one_line(value)[:_PARAMETER_LIMIT]} for value in values]
    return {
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": settings.template_language},
            "components": [{"type": "body", "parameters": parameters}],
        },
    }


def _outcome(settings: WhatsAppSettings, reply: Reply, raw: str) -> Outcome:
    answer = read(MetaAnswer, reply.body) or MetaAnswer()
    sent = answer.messages[0].id if answer.messages else ""
    if 200 <= reply.status < 300 and sent and answer.error is None:
        return Outcome(Code.SENT, explain(NAME, Code.SENT), sent, raw)
    number = answer.error.code if answer.error else None
    known = None if number is None else code_of(number, treat_131026_as_blocked=settings.treat_131026_as_blocked)
    code = known or code_of_status(reply.status)
    shown = f"HTTP {reply.status}" if number is None else number
    retry = None if number is None else _RETRY.get(number)
    if code is Code.PROVIDER_RATE_LIMITED and (known is None or retry is not None):
        retry = reply.retry_after(retry or timedelta(seconds=2))
    return Outcome(code, explain(NAME, code, shown), raw=raw, retry_after=retry)
