"""What a mail server's reply means. Pure: a stage, a number and a text in; a code out.

No reply code says that a person has blocked a sender, so a short list of phrasings does, and only beside 5.7.x.
Source: dialects/escalation.md, Providers.
"""

import re
from datetime import timedelta
from enum import StrEnum

from clerestory.platform.delivery.outcome import Code

RETRIES: tuple[timedelta, ...] = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""How long to wait before each repetition after a 4xx reply; the first stands in the outcome's `retry_after`."""


class Stage(StrEnum):
    """How far the conversation had come. From CONTENT on the server may have taken the message."""

    CONNECT = "connect"
    LOG_IN = "log in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)(?!\.\d)")
_CONTINUED = re.compile(r"\s*\n(?:[245]\.\d{1,3}\.\d{1,3}\s)?\s*")
_LOG_IN = frozenset({530, 534, 535})
_VAGUE = frozenset({"5.0.0", "5.5.0"})
_OUR_ADDRESS = frozenset({"5.1.7", "5.1.8"})
_MAILBOX = frozenset({"5.2.1", "5.2.2"})
_BARE: dict[int, Code] = {
    550: Code.RECIPIENT_INVALID,
    551: Code.RECIPIENT_INVALID,
    552: Code.RECIPIENT_UNREACHABLE,
    553: Code.RECIPIENT_INVALID,
}

_PERSON = r"(?:recipient|addressee|mailbox owner)"
_MAIL = r"(?:e-?mails?|mail|messages)"
_SENDER = r"(?:you|your (?:e-?mail )?address|(?:the |this )?sender)"
_NOT_A_PERSON = r"(?!'s\b)(?! (?:server|host|ip|system|network|domain|polic))"
_BLOCKED = re.compile(
    rf"\b{_PERSON} (?:has )?(?:blocked|blocks|rejected|rejects|refuses) (?:{_MAIL} from )?{_SENDER}\b{_NOT_A_PERSON}"
    rf"|\b{_SENDER} (?:has been|have been|is|are|was|were) (?:blocked|rejected) by (?:the )?{_PERSON}\b{_NOT_A_PERSON}"
    rf"|\b{_PERSON} does not (?:want|accept) {_MAIL} from {_SENDER}\b{_NOT_A_PERSON}",
    re.IGNORECASE,
)


def judge(stage: Stage, code: int, text: str) -> tuple[Code, timedelta | None]:
    """What the reply means, and when a repetition may help."""
    if 200 <= code < 400:
        return Code.SENT, None
    if 400 <= code < 500:
        return Code.PROVIDER_ERROR, RETRIES[0]
    if code < 200:  # not a reply at all, such as an HTTP server's words
        return Code.PROVIDER_ERROR, None
    return _refusal(stage, code, text), None


def _refusal(stage: Stage, code: int, text: str) -> Code:
    found = _ENHANCED.match(text)
    enhanced = found.group() if found else None
    if enhanced in _VAGUE:
        enhanced = None
    if stage is Stage.LOG_IN or code in _LOG_IN or enhanced == "5.7.8":
        return Code.PROVIDER_AUTH
    if stage in (Stage.CONNECT, Stage.SENDER):
        return Code.PROVIDER_AUTH if enhanced == "5.7.0" else Code.PROVIDER_ERROR
    if enhanced is None:
        return _BARE.get(code, Code.PROVIDER_ERROR) if stage is Stage.RECIPIENT else Code.PROVIDER_ERROR
    return _refusal_by_status(stage, enhanced, text)


def _refusal_by_status(stage: Stage, enhanced: str, text: str) -> Code:
    if enhanced.startswith("5.7."):
        if _BLOCKED.search(_CONTINUED.sub(" ", text)):
            return Code.SENDER_BLOCKED
        # Once the content is there, 5.7.0 is a verdict on the content (a forbidden attachment), not on our log-in.
        return Code.PROVIDER_AUTH if enhanced == "5.7.0" and stage is not Stage.CONTENT else Code.PROVIDER_ERROR
    if enhanced in _OUR_ADDRESS:
        return Code.PROVIDER_ERROR
    if enhanced.startswith("5.1."):
        return Code.RECIPIENT_INVALID
    return Code.RECIPIENT_UNREACHABLE if enhanced in _MAILBOX else Code.PROVIDER_ERROR
