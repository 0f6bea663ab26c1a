"""What the tests of mail send, and how they read what came of it."""

from datetime import UTC, datetime, timedelta

from clerestory.platform.delivery.outcome import Channel, Code, Outcome, Outgoing
from clerestory.platform.delivery.smtp import Security, SmtpSettings
from tests.standins.mail import USER, Mail

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANDY, BECKY, CHARLIE = "andy@example.org", "becky@example.org", "charlie@example.org"
SENDER = "Clerestory <ops@example.org>"
RETRY = timedelta(seconds=30)


def settings(mail: Mail, *, security: Security = Security.AUTOMATIC, password: str | None = None) -> SmtpSettings:
    user = None if password is None else USER
    return SmtpSettings("localhost", mail.port, SENDER, user, password, security, trusted=True)


def message(*recipients: str, subject: str = "MAJOR in shop", html: str | None = None) -> Outgoing:
    identity = "5f2e1c1c-0000-4000-8000-1234567890ab"
    return Outgoing(Channel.EMAIL, recipients, subject, "Critical bug detected.", identity, html=html)


def brief(outcome: Outcome) -> tuple[Code, str, timedelta | None]:
    return outcome.code, outcome.note, outcome.retry_after
