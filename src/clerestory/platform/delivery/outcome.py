"""What is sent and what came of it: plain values shared by every transport.

No transport, no database and no tenant is known here. A note is always in our own words, because it may be shown on a
page that anyone with the link can read; the provider's words stand in `raw`, for the operator alone.
"""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, quote_plus

from clerestory.kernel.channels import Channel, Code

__all__ = [
    "CUT",
    "DEADLINE",
    "RAW_LIMIT_BYTES",
    "SENT_NOTE",
    "WORDS",
    "Channel",
    "Code",
    "Outcome",
    "Outgoing",
    "Refusal",
    "carriable",
    "explain",
    "one_line",
    "presentable",
]

DEADLINE = timedelta(seconds=8)
"""How long one attempt may take in all. Source: dialects/escalation.md, Flow."""

RAW_LIMIT_BYTES = 4096
CUT = "[cut]"

SENT_NOTE = "Sent successfully"

WORDS: dict[Code, str] = {
    Code.SENT: "accepted the message",
    Code.KEPT: "kept the message",
    Code.SENDER_BLOCKED: "the recipient has blocked this sender",
    Code.RECIPIENT_INVALID: "this address does not exist or cannot take such a message",
    Code.RECIPIENT_UNREACHABLE: "the recipient cannot be reached at present",
    Code.CHANNEL_NOT_CONFIGURED: "no sender is configured for this channel",
    Code.PROVIDER_RATE_LIMITED: "too many messages at once",
    Code.PROVIDER_AUTH: "the credentials or the account were refused",
    Code.PROVIDER_ERROR: "the message was refused",
    Code.PROVIDER_TIMEOUT: "no answer in time",
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one or more addresses of one channel.

    Phone channels take one E.164 number. `parameters` fill an approved WhatsApp template; when there are none, `text`
    alone does. `message_id` is the UUID of the stored message: it becomes the Message-ID of a mail.
    `unsubscribe` is where one request ends such mails.
    """

    channel: Channel
    recipients: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    html: str | None = None
    callback_url: str | None = None
    parameters: tuple[str, ...] = ()
    unsubscribe: str | None = None

    def __post_init__(self) -> None:
        for name in ("subject", "text", "html"):
            text = getattr(self, name)
            object.__setattr__(self, name, None if text is None else carriable(text))
        object.__setattr__(self, "parameters", tuple(carriable(text) for text in self.parameters))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    `retry_after` is set only when a repetition may help and cannot send twice; None means: do not repeat.
    `refused` names the addresses of a mail that were not taken, as the caller spelled them; with SENT the others were.
    """

    code: Code
    note: str
    provider_id: str | None = None
    raw: str = ""
    retry_after: timedelta | None = None
    refused: tuple["Refusal", ...] = ()

    @property
    def accepted(self) -> bool:
        """Somebody took the message: the provider, or our own inbox."""
        return self.code in (Code.SENT, Code.KEPT)

    @property
    def alarm(self) -> bool:
        """The owner has to act: the credentials or the account are at fault."""
        return self.code is Code.PROVIDER_AUTH


@dataclass(frozen=True, slots=True)
class Refusal:
    """One address that the mail server did not take, and why."""

    address: str
    outcome: Outcome


def explain(provider: str, code: Code, provider_code: object = None) -> str:
    """Our words for a code: `Twilio: the recipient has blocked this sender (21610)`."""
    if code is Code.SENT:
        return SENT_NOTE
    suffix = "" if provider_code is None else f" ({provider_code})"
    return f"{provider}: {WORDS[code]}{suffix}"


def presentable(raw: str | bytes, secrets: Iterable[str | None]) -> str:
    """A provider's answer fit for keeping: secrets cut out in every usual spelling, then at most 4 KiB of UTF-8."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    spellings = {spelling for secret in secrets if secret for spelling in _spellings(secret)}
    # The longest first, or a secret that contains another one would leave its rest behind.
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, CUT)
    return carriable(text).encode()[:RAW_LIMIT_BYTES].decode("utf-8", "ignore")


def carriable(text: str) -> str:
    """`text` without what neither a wire nor PostgreSQL can hold: U+0000 dropped, lone surrogates replaced."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\0", ""))


def one_line(text: str) -> str:
    """`text` as a template takes it: WhatsApp refuses line breaks, tabs and runs of blanks in a parameter."""
    return " ".join(text.split())


def _spellings(secret: str) -> set[str]:
    encoded = secret.encode("utf-8", "replace")
    return {
        secret,
        quote(encoded, safe=""),
        quote_plus(encoded),
        json.dumps(secret)[1:-1],
        base64.b64encode(encoded).decode(),
        base64.urlsafe_b64encode(encoded).decode(),
    }
