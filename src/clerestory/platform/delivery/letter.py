"""A message as a mail: plain text with an HTML alternative, seven-bit throughout.

Recipients are not shown to each other: with more than one they stand in the envelope alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, getaddresses

from clerestory.kernel.addresses import envelope_address
from clerestory.platform.delivery.outcome import Outgoing

SUBJECT_LIMIT = 200


class _Whole(UnstructuredHeader, BaseHeader):
    """A header of one long address, which no fold may take apart."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
# Servers without 8BITMIME still exist, and a mail made of seven-bit lines is the same for all of them.
_POLICY = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address as the caller spelled it and as the envelope takes it."""

    given: str
    envelope: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with its envelope. `malformed` are the addresses that no envelope can hold."""

    sender: str
    recipients: tuple[Recipient, ...]
    malformed: tuple[str, ...]
    mail: bytes

    @property
    def needs_utf8(self) -> bool:
        return not all(recipient.envelope.isascii() for recipient in self.recipients)


def write(sender: str, message: Outgoing, at: datetime) -> Letter | None:
    """The message as a letter dated `at`; None when the sender is not an address."""
    address = sender_address(sender)
    if address is None:
        return None
    envelopes = {given: envelope_address(given) for given in message.recipients}
    recipients = tuple(Recipient(given, envelope) for given, envelope in envelopes.items() if envelope)
    malformed = tuple(given for given, envelope in envelopes.items() if not envelope)
    return Letter(address.addr_spec, recipients, malformed, compose(address, message, at))


def sender_address(sender: str) -> Address | None:
    """`Name <ops@example.org>` or a bare address, in ASCII apart from the name; None when malformed."""
    found = getaddresses([sender])
    if len(found) != 1 or not sender.isprintable():
        return None
    name, text = found[0]
    address = envelope_address(text)
    if address is None or not address.isascii():
        return None
    return Address(one_header(name), addr_spec=address)


def one_header(text: str) -> str:
    """`text` as one header line: control characters and line breaks of every kind become one blank."""
    return _BREAKS.sub(" ", text).strip()


def compose(sender: Address, message: Outgoing, at: datetime) -> bytes:
    """The mail as it goes over the wire, dated `at`."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = _shown_recipient(message.recipients)
    mail["Subject"] = one_header(message.subject)[:SUBJECT_LIMIT]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9.-]', '', message.message_id)}@{sender.domain}>"
    # RFC 3834: no vacation notice may answer this.
    mail["Auto-Submitted"] = "auto-generated"
    _offer_an_end(mail, message.unsubscribe)
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail.as_bytes()


def _offer_an_end(mail: EmailMessage, address: str | None) -> None:
    """RFC 2369 and, over https, RFC 8058: the mail program's own way to unsubscribe."""
    if address is None or not address.isascii() or not address.isprintable():
        return
    mail["List-Unsubscribe"] = f"<{address}>"
    if address.startswith("https://"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _shown_recipient(recipients: tuple[str, ...]) -> Address | str:
    address = envelope_address(recipients[0]) if len(recipients) == 1 else None
    if address is None or not address.isascii():
        return "undisclosed-recipients:;"
    return Address(addr_spec=address)
