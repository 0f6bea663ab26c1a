"""The ways to reach a person, and what can come of trying. Words only: how it is done, platform/delivery knows."""

from enum import StrEnum


class Channel(StrEnum):
    """The ways to reach a person, spelled as on the wire."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    WHATSAPP = "WHATSAPP"


class Code(StrEnum):
    """What came of an attempt. Source: dialects/escalation.md, Job-level codes."""

    SENT = "SENT"
    KEPT = "KEPT"
    SENDER_BLOCKED = "SENDER_BLOCKED"
    RECIPIENT_INVALID = "RECIPIENT_INVALID"
    RECIPIENT_UNREACHABLE = "RECIPIENT_UNREACHABLE"
    CHANNEL_NOT_CONFIGURED = "CHANNEL_NOT_CONFIGURED"
    PROVIDER_RATE_LIMITED = "PROVIDER_RATE_LIMITED"
    PROVIDER_AUTH = "PROVIDER_AUTH"
    PROVIDER_ERROR = "PROVIDER_ERROR"
    PROVIDER_TIMEOUT = "PROVIDER_TIMEOUT"
