"""The mail itself: what stands in it, and what cannot be smuggled into it."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.platform.delivery.letter import Letter, sender_address, write
from clerestory.platform.delivery.outcome import Channel, Outgoing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip


def written(subject: str, text: str = "Text", html: str | None = None, to: str = "andy@example.org") -> Letter:
    letter = write("ops@example.org", Outgoing(Channel.EMAIL, (to,), subject, text, "id-1", html=html), NOON)
    assert letter is not None
    return letter


def parsed(letter: Letter) -> EmailMessage:
    found = message_from_bytes(letter.mail, _class=EmailMessage, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_text_and_html_are_alternatives() -> None:
    mail = parsed(written("Größe", "Grüße\n", "<p>Grüße</p>"))
    assert mail["Subject"] == "Größe"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in mail.iter_parts()] == ["Grüße\r\n", "<p>Grüße</p>\r\n"]


def test_one_recipient_is_shown() -> None:
    assert parsed(written("s"))["To"] == "andy@example.org"


@pytest.mark.parametrize(
    "subject",
    ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\u2028Bcc: eve", "a\x85Bcc: eve", "a\0\x1b[2J"],
)
def test_a_subject_stays_one_header(subject: str) -> None:
    mail = parsed(written(subject))
    assert mail.keys() == HEADERS
    assert str(mail["Subject"]).startswith("a")
    assert "\n" not in str(mail["Subject"])


@given(st.text(), st.text(), st.text())
def test_whatever_the_texts_hold_the_mail_is_well_formed(subject: str, text: str, html: str) -> None:
    letter = written(subject, text, html)
    mail = parsed(letter)
    assert set(mail.keys()) == set(HEADERS) - {"Content-Transfer-Encoding"}
    assert letter.mail.isascii()
    assert max(map(len, letter.mail.split(b"\r\n"))) <= 998
    assert len(list(mail.iter_parts())) == 2


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("ops@example.org", "ops@example.org"),
        ("Ops <ops@Example.org>", "Ops <ops@example.org>"),
        ('"Ops, Inc." <ops@example.org>', '"Ops, Inc." <ops@example.org>'),
        ("Ops <ops@münchen.example>", "Ops <ops@xn--mnchen-3ya.example>"),
        ("ops", "None"),
        ("", "None"),
        ("a@example.org, b@example.org", "None"),
        ("jürgen@example.org", "None"),
        ("Ops\r\nBcc: eve@example.org <ops@example.org>", "None"),
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(sender: str, shown: str) -> None:
    assert str(sender_address(sender)) == shown


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_mail_may_offer_its_own_end(scheme: str) -> None:
    address = f"{scheme}://clerestory.example.org/following/stop/{'1234567890' * 12}"
    message = Outgoing(Channel.EMAIL, ("andy@example.org",), "s", "Text", "id-1", unsubscribe=address)
    letter = write("ops@example.org", message, NOON)
    assert letter is not None
    # Mail programs read the line as it is; the second one is promised for https alone.
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in letter.mail
    offered = b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in letter.mail
    assert offered == (scheme == "https")


def test_an_end_that_is_no_address_is_not_offered() -> None:
    message = Outgoing(Channel.EMAIL, ("andy@example.org",), "s", "Text", "id-1", unsubscribe="https://x\r\nBcc: eve")
    letter = write("ops@example.org", message, NOON)
    assert letter is not None
    assert parsed(letter).keys() == HEADERS
