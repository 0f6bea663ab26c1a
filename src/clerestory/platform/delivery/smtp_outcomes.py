"""From what a mail server did to an Outcome. Pure."""

import base64
import ssl
from collections.abc import Sequence

import aiosmtplib

from clerestory.platform.delivery.outbound import HostRefused
from clerestory.platform.delivery.outcome import Code, Outcome, Refusal, explain, presentable
from clerestory.platform.delivery.smtp_replies import RETRIES, Stage, judge
from clerestory.platform.delivery.smtp_session import EncryptionMissing, SmtpSettings

NAME = "SMTP"

FAULTS = (OSError, aiosmtplib.SMTPException, EncryptionMissing, HostRefused)
"""What may be raised by the other side's doing. A deadline that passed is an OSError too."""


def no_sender() -> Outcome:
    """The settings hold no usable sender."""
    return Outcome(Code.CHANNEL_NOT_CONFIGURED, f"{NAME}: the sender of the settings is not an e-mail address")


def malformed(address: str) -> Refusal:
    """An address that no envelope can hold, refused without a call."""
    return Refusal(address, Outcome(Code.RECIPIENT_INVALID, explain(NAME, Code.RECIPIENT_INVALID)))


def needs_utf8(address: str) -> Refusal:
    """An address outside ASCII at a server that takes only ASCII."""
    note = f"{NAME}: the mail server takes no address with such characters"
    return Refusal(address, Outcome(Code.RECIPIENT_UNREACHABLE, note))


def refusal(address: str, error: aiosmtplib.SMTPResponseException, settings: SmtpSettings) -> Refusal:
    """An address that the server did not take."""
    return Refusal(address, _replied(error, Stage.RECIPIENT, settings))


def accepted(words: str, refused: Sequence[Refusal], settings: SmtpSettings) -> Outcome:
    """The server has taken the mail for all but the refused."""
    raw = presentable(f"250 {words}", _secrets(settings))
    return Outcome(Code.SENT, explain(NAME, Code.SENT), raw=raw, refused=tuple(refused))


def all_refused(refused: Sequence[Refusal]) -> Outcome:
    """Nobody gets the mail; the code is the refusals' own when they agree."""
    found = [one.outcome for one in refused]
    codes = {outcome.code for outcome in found}
    code = codes.pop() if len(codes) == 1 else Code.PROVIDER_ERROR
    # A repetition of the whole helps only if it could reach them all; else each address has its own answer.
    waits = [outcome.retry_after for outcome in found if outcome.retry_after is not None]
    retry = max(waits) if len(waits) == len(found) else None
    raw = presentable("\n".join(outcome.raw for outcome in found), ())
    return Outcome(code, explain(NAME, code), raw=raw, retry_after=retry, refused=tuple(refused))


def failed(error: Exception, stage: Stage, settings: SmtpSettings) -> Outcome:
    """The conversation ended at `stage`. From the content on the mail may have been taken, so nothing is repeated."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _replied(error, stage, settings)
    retry = None if stage is Stage.CONTENT else RETRIES[0]
    if isinstance(error, TimeoutError):
        return Outcome(Code.PROVIDER_TIMEOUT, explain(NAME, Code.PROVIDER_TIMEOUT), retry_after=retry)
    # The library hides a failed handshake behind an exception of its own.
    error = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    raw = presentable(f"{type(error).__name__}: {error}", _secrets(settings))
    if isinstance(error, HostRefused):
        return Outcome(Code.PROVIDER_ERROR, f"{NAME}: its address is not public, so it may not be called")
    if isinstance(error, EncryptionMissing):
        note = f"{NAME}: the server offers no encryption, so nothing was sent to it"
        return Outcome(Code.PROVIDER_AUTH, note)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Outcome(Code.PROVIDER_ERROR, f"{NAME}: the server's certificate is not trusted", raw=raw)
    if stage is Stage.LOG_IN and not isinstance(error, OSError):
        return Outcome(Code.PROVIDER_AUTH, f"{NAME}: the server offers no way to log in", raw=raw)
    words = "it cannot be reached" if stage is Stage.CONNECT else "the connection broke"
    return Outcome(Code.PROVIDER_ERROR, f"{NAME}: {words}", raw=raw, retry_after=retry)


def _replied(error: aiosmtplib.SMTPResponseException, stage: Stage, settings: SmtpSettings) -> Outcome:
    code, retry = judge(stage, error.code, error.message)
    raw = presentable(f"{error.code} {error.message}", _secrets(settings))
    return Outcome(code, explain(NAME, code, error.code), raw=raw, retry_after=retry)


def _secrets(settings: SmtpSettings) -> tuple[str, ...]:
    if not settings.password:
        return ()
    plain = f"\0{settings.username}\0{settings.password}".encode()
    return settings.password, base64.b64encode(plain).decode()
