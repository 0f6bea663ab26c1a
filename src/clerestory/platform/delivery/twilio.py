"""SMS and WhatsApp through Twilio's Messages API.

An accepted message is only accepted: whether it arrives is told later, by callback.
Codes: dialects/escalation.md, Providers.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import quote, urlencode

import httpx
import msgspec

from clerestory.platform.delivery.exchange import Call, Reply, Silence, code_of_status, exchange
from clerestory.platform.delivery.outcome import DEADLINE, Channel, Code, Outcome, Outgoing, explain, one_line
from clerestory.platform.delivery.wire import TwilioMessage, read

NAME = "Twilio"
BODY_LIMIT = 1600
_BEFORE_RETRY = timedelta(seconds=2)
_MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")

CODES: Mapping[int, Code] = MappingProxyType(
    {
        21610: Code.SENDER_BLOCKED,
        63014: Code.SENDER_BLOCKED,
        30004: Code.SENDER_BLOCKED,
        63016: Code.PROVIDER_ERROR,
        63024: Code.RECIPIENT_UNREACHABLE,
        63003: Code.RECIPIENT_UNREACHABLE,
        63005: Code.PROVIDER_ERROR,
        63013: Code.PROVIDER_ERROR,
        63032: Code.RECIPIENT_UNREACHABLE,
        63049: Code.RECIPIENT_UNREACHABLE,
        63018: Code.PROVIDER_RATE_LIMITED,
        20429: Code.PROVIDER_RATE_LIMITED,
        30001: Code.PROVIDER_RATE_LIMITED,
        30003: Code.RECIPIENT_UNREACHABLE,
        30005: Code.RECIPIENT_UNREACHABLE,
        30006: Code.RECIPIENT_UNREACHABLE,
        30008: Code.RECIPIENT_UNREACHABLE,
        30007: Code.PROVIDER_ERROR,
        21211: Code.RECIPIENT_INVALID,
        21614: Code.RECIPIENT_INVALID,
        21612: Code.RECIPIENT_INVALID,
        21408: Code.RECIPIENT_INVALID,
        20003: Code.PROVIDER_AUTH,
        30002: Code.PROVIDER_AUTH,
    }
)
"""Twilio's error codes and what each means here."""


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """An account and its senders: a number in E.164 or the SID of a Messaging Service (`MG…`).

    `whatsapp_content_sid` names an approved template; without one the text is sent as it is, which WhatsApp takes only
    within 24 hours of the person's last message. `trusted` is for the operator's own settings: any host may be called.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sms_from: str | None = None
    whatsapp_from: str | None = None
    whatsapp_content_sid: str | None = None
    url: str = "https://api.twilio.com"
    trusted: bool = False


async def send(
    client: httpx.AsyncClient, settings: TwilioSettings, message: Outgoing, deadline: timedelta = DEADLINE
) -> Outcome:
    """What Twilio answered to one message for one number."""
    sender = settings.sms_from if message.channel is Channel.SMS else settings.whatsapp_from
    if not sender:
        code = Code.CHANNEL_NOT_CONFIGURED
        return Outcome(code, explain(NAME, code))
    reply = await exchange(client, _call(settings, sender, message), deadline)
    secrets = (settings.auth_token, _credentials(settings))
    if isinstance(reply, Silence):
        return reply.outcome(NAME, secrets)
    return _outcome(reply, reply.raw(secrets))


def _credentials(settings: TwilioSettings) -> str:
    return f"{settings.account_sid}:{settings.auth_token}"


def _call(settings: TwilioSettings, sender: str, message: Outgoing) -> Call:
    account = quote(settings.account_sid, safe="")
    basic = base64.b64encode(_credentials(settings).encode())
    return Call(
        "POST",
        f"{settings.url.rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json",
        {"authorization": b"Basic " + basic, "content-type": b"application/x-www-form-urlencoded"},
        urlencode(_form(settings, sender, message)).encode(),
    )


def _form(settings: TwilioSettings, sender: str, message: Outgoing) -> dict[str, str]:
    (recipient,) = message.recipients
    over_whatsapp = message.channel is Channel.WHATSAPP
    form = {"To": _channel_address(recipient) if over_whatsapp else recipient}
    if _MESSAGING_SERVICE.fullmatch(sender):
        form["MessagingServiceSid"] = sender
    else:
        form["From"] = _channel_address(sender) if over_whatsapp else sender
    if over_whatsapp and settings.whatsapp_content_sid:
        values = message.parameters or (message.text,)
        variables = {str(place): one_line(value) for place, value in enumerate(values, start=1)}
        form["ContentSid"] = settings.whatsapp_content_sid
        form["ContentVariables"] = msgspec.json.encode(variables).decode()
    else:
        form["Body"] = message.text[:BODY_LIMIT]
    if message.callback_url:
        form["StatusCallback"] = message.callback_url
    return form


def _channel_address(number: str) -> str:
    return number if number.startswith("whatsapp:") else f"whatsapp:{number}"


def _outcome(reply: Reply, raw: str) -> Outcome:
    answer = read(TwilioMessage, reply.body) or TwilioMessage()
    if 200 <= reply.status < 300 and answer.sid and answer.error_code is None:
        return Outcome(Code.SENT, explain(NAME, Code.SENT), answer.sid, raw)
    number = answer.error_code or answer.code
    code = CODES.get(number or 0) or code_of_status(reply.status)
    retry = reply.retry_after(_BEFORE_RETRY) if code is Code.PROVIDER_RATE_LIMITED else None
    return Outcome(code, explain(NAME, code, number or f"HTTP {reply.status}"), answer.sid, raw, retry)
