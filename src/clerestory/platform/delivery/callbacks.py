"""What providers tell afterwards: whether it is really them, and what they say.

Signatures are compared in constant time. What is not understood is left out rather than refused: a provider repeats
for days what is answered with an error.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

import msgspec

from clerestory.platform.delivery import twilio, whatsapp
from clerestory.platform.delivery.outcome import Channel, Code, explain
from clerestory.platform.delivery.wire import MetaInbound, MetaStatus, MetaValue, MetaWebhook, read

_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START = frozenset({"START", "YES", "UNSTOP"})


class State(StrEnum):
    """How far a message has come."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class Wish(StrEnum):
    """What a word sent to us asks for."""

    STOP = "STOP"
    START = "START"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How far the message with this id of the provider's has come. `code` is SENT unless it failed.

    `recipient` is in E.164; `provider_code` is the provider's number for the failure, if it gave one.
    """

    provider_id: str
    channel: Channel
    state: State
    code: Code
    note: str
    recipient: str
    provider_code: int | None = None

    @property
    def alarm(self) -> bool:
        """The owner has to act: the credentials or the account are at fault."""
        return self.code is Code.PROVIDER_AUTH


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message from a person: `sender` in E.164, `recipient` our number (E.164) or Meta's id of it."""

    channel: Channel
    sender: str
    recipient: str
    text: str
    wish: Wish


def verify_twilio(auth_token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
    """Did the holder of `auth_token` send this form to `url` (as configured there, query included)?"""
    fields = "".join(name + form[name] for name in sorted(form))
    given = signature.encode("utf-8", "replace")
    matches = False
    # Twilio signs the URL with or without the default port, depending on its own client.
    for spelling in _port_spellings(url):
        digest = hmac.digest(auth_token.encode(), (spelling + fields).encode("utf-8", "replace"), hashlib.sha1)
        matches |= hmac.compare_digest(base64.b64encode(digest), given)
    return matches and bool(auth_token)


def _port_spellings(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    if parts.port not in (None, default):
        return (url,)
    host = parts.netloc.removesuffix(f":{default}")
    return tuple(urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{default}"))


def verify_meta(app_secret: str, body: bytes, signature: str) -> bool:
    """Did Meta send this body for the app with this secret? `signature` is the header X-Hub-Signature-256."""
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={digest}".encode(), signature.encode("utf-8", "replace")) and bool(app_secret)


def answer_meta_challenge(verify_token: str, query: Mapping[str, str]) -> str | None:
    """What to answer when Meta subscribes to the webhook (GET with hub.* parameters); None: refuse with 403."""
    offered = query.get("hub.verify_token", "").encode("utf-8", "replace")
    if query.get("hub.mode") != "subscribe" or not verify_token:
        return None
    return query.get("hub.challenge") if hmac.compare_digest(offered, verify_token.encode()) else None


_TWILIO_STATES: dict[str, State] = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "partially_delivered": State.DELIVERED,
    "read": State.READ,
    "undelivered": State.FAILED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


def parse_twilio_status(form: Mapping[str, str]) -> StatusReport | None:
    """The report in a status callback; None for a state that says nothing new (queued, sending) or no report."""
    sid = form.get("MessageSid") or form.get("SmsSid")
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    state = _TWILIO_STATES.get(status)
    if not sid or state is None:
        return None
    channel, recipient = _twilio_address(form.get("To", ""))
    text = form.get("ErrorCode", "")
    number = int(text) if text.isdecimal() and len(text) < 10 and int(text) else None
    if state is not State.FAILED:
        return StatusReport(sid, channel, state, Code.SENT, explain(twilio.NAME, Code.SENT), recipient, number)
    undelivered = Code.RECIPIENT_UNREACHABLE if status == "undelivered" and number is None else Code.PROVIDER_ERROR
    code = twilio.CODES.get(number or 0, undelivered)
    return StatusReport(sid, channel, state, code, explain(twilio.NAME, code, number or status), recipient, number)


def parse_twilio_inbound(form: Mapping[str, str]) -> Inbound | None:
    """The person's message in an incoming-message callback, or None."""
    if "Body" not in form or not form.get("From"):
        return None
    channel, sender = _twilio_address(form["From"])
    return Inbound(channel, sender, _twilio_address(form.get("To", ""))[1], form["Body"], _wish(form["Body"]))


def _twilio_address(text: str) -> tuple[Channel, str]:
    if text.startswith("whatsapp:"):
        return Channel.WHATSAPP, text.removeprefix("whatsapp:")
    return Channel.SMS, text


def _wish(text: str) -> Wish:
    word = text.strip().strip(".!").upper()
    if word in _STOP:
        return Wish.STOP
    return Wish.START if word in _START else Wish.NONE


def parse_meta(body: bytes, *, treat_131026_as_blocked: bool = False) -> list[StatusReport | Inbound]:
    """Every report and every person's message in a webhook, in order; an empty list for what is neither."""
    webhook = read(MetaWebhook, body) or MetaWebhook()
    found: list[StatusReport | Inbound] = []
    for entry in webhook.entry:
        for change in entry.changes:
            value = read(MetaValue, bytes(change.value)) or MetaValue()
            reports = [_meta_report(raw, as_blocked=treat_131026_as_blocked) for raw in value.statuses]
            inbound = [_meta_inbound(raw, value.metadata.phone_number_id) for raw in value.messages]
            found += [one for one in (*reports, *inbound) if one is not None]
    return found


def _meta_report(raw: msgspec.Raw, *, as_blocked: bool) -> StatusReport | None:
    status = read(MetaStatus, bytes(raw))
    if status is None or status.status not in set(State):
        return None
    state = State(status.status)
    recipient = f"+{status.recipient_id}" if status.recipient_id else ""
    number = status.errors[0].code if status.errors else None
    code = Code.SENT
    if state is State.FAILED:
        known = None if number is None else whatsapp.code_of(number, treat_131026_as_blocked=as_blocked)
        code = known or Code.PROVIDER_ERROR
    return StatusReport(
        status.id, Channel.WHATSAPP, state, code, explain(whatsapp.NAME, code, number), recipient, number
    )


def _meta_inbound(raw: msgspec.Raw, phone_number_id: str) -> Inbound | None:
    message = read(MetaInbound, bytes(raw))
    if message is None:
        return None
    text = message.text.body or message.button.text
    return Inbound(Channel.WHATSAPP, f"+{message.sender}", phone_number_id, text, _wish(text))
