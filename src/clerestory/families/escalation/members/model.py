"""A member and the rule of reach: preference, consent, address. Consent is never overridden."""

from dataclasses import dataclass
from enum import StrEnum

from clerestory.kernel.channels import Channel


class Severity(StrEnum):
    """How bad a log is, the least first."""

    LOW = "LOW"
    MINOR = "MINOR"
    MAJOR = "MAJOR"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return _RANKS[self]


SEVERITIES = tuple(Severity)
_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Member:
    """One of the tenant's people. `email` and `phone` are well formed, or None; `given_email` is as it was typed."""

    id: int
    name: str
    role: str
    given_email: str
    email: str | None
    phone: str | None
    consents: frozenset[Channel]
    preferences: frozenset[Severity]

    def address(self, channel: Channel) -> str | None:
        """Where this channel would reach them."""
        return self.email if channel is Channel.EMAIL else self.phone

    def allows(self, channel: Channel) -> bool:
        """Whether they consent to this channel and have an address for it."""
        return channel in self.consents and self.address(channel) is not None

    def wants(self, severity: Severity) -> bool:
        """Preferences are a set, not a threshold: MAJOR does not imply CRITICAL."""
        return severity in self.preferences
