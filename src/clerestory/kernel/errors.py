"""The closed set of what can go wrong, by meaning.

No status code and no wire word stands here: each dialect maps all of these in one table of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """Why a field was refused. A dialect turns it into its own code."""

    MISSING = "missing"
    INVALID = "invalid"
    TAKEN = "taken"
    TOO_SHORT = "too_short"
    TOO_COMMON = "too_common"
    ALL_DIGITS = "all_digits"
    UNPARSEABLE = "unparseable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One refused field: its dotted path (None: the whole request), why, and words for the caller."""

    field: str | None
    kind: Kind
    text: str


_FIELD_NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


def in_words_of(names: Mapping[str, str], text: str) -> str:
    """The text with fields called what its reader knows them by; other words stay."""
    return _FIELD_NAME.sub(lambda found: names.get(found[0], found[0]), text)


class Problem(Exception):
    """A refusal or failure with words for the caller. Only its subclasses are raised."""

    default = "The request could not be carried out."

    def __init__(self, text: str = "") -> None:
        self.text = text or self.default
        super().__init__(self.text)


class Unauthenticated(Problem):
    """No credential, or one that nobody ever issued."""

    default = "A valid credential is needed."


class UnknownKey(Unauthenticated):
    """A key that nobody ever issued."""

    default = "This key is not known."


class Expired(Unauthenticated):
    """The credential is a token that is malformed, of another tenant, of the wrong type or past its life."""

    default = "The token is invalid or expired."


class WrongPassword(Unauthenticated):
    """No active account has this name and password: one answer for every cause."""

    default = "No active account was found with the given credentials."


class Revoked(Problem):
    """The credential was good once and was withdrawn."""

    default = "This credential was revoked."


class Forbidden(Problem):
    """Who asks is known and may not do this."""

    default = "You do not have permission to perform this action."


class ReadOnly(Forbidden):
    """A write to the public schema."""

    default = "The public data is read-only. Send the key of a tenant to write."


class NotFound(Problem):
    """No such record here; the same answer when another tenant has it."""

    default = "Not found."


class Absent(Problem):
    """A record that the answer itself needs is not there: the data are incomplete, not the request."""

    default = "A record that this answer needs is missing."


class Conflict(Problem):
    """The request contradicts what is stored."""

    default = "This contradicts what is stored."


class Linked(Conflict):
    """The record cannot go while others point to it."""

    default = "Other records still point to this one."


class Invalid(Problem):
    """One or more fields, or the whole body, are not acceptable. Nothing was stored."""

    default = "The data is not valid."

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(faults[0].text if faults else "")


class TooLarge(Invalid):
    """The body is longer than this surface takes."""


class NoSuchEndpoint(Problem):
    """No route has this path."""

    default = "There is no such endpoint."


class WrongMethod(Problem):
    """The path exists, the method does not."""

    default = "This method is not allowed here."

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__()


class NotAcceptable(Problem):
    """The body comes in a media type that this surface does not read."""

    default = "This media type is not supported."


class RateLimited(Problem):
    """Too many requests; `retry_after` says when to come back."""

    default = "Too many requests."

    def __init__(self, retry_after: timedelta, text: str = "") -> None:
        self.retry_after = retry_after
        super().__init__(text)


class Timeout(Problem):
    """The work took longer than the limit and was undone."""

    default = "The request took too long and was cancelled."


class Unavailable(Problem):
    """A part that is needed is down or not ready; `retry_after` says when to come back."""

    default = "The service is temporarily unavailable."

    def __init__(self, text: str = "", retry_after: timedelta = timedelta(seconds=5)) -> None:
        self.retry_after = retry_after
        super().__init__(text)


class DatabaseFault(Problem):
    """The database answered with a fault that is not the caller's doing."""

    default = "The database could not carry this out."


class Broken(Problem):
    """A bug. The reference finds the log line; nothing else is told."""

    default = "Something unexpected went wrong."

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__()


PROBLEMS: tuple[type[Problem], ...] = (
    Unauthenticated,
    UnknownKey,
    Expired,
    WrongPassword,
    Revoked,
    Forbidden,
    ReadOnly,
    NotFound,
    Absent,
    Conflict,
    Linked,
    Invalid,
    TooLarge,
    NoSuchEndpoint,
    WrongMethod,
    NotAcceptable,
    RateLimited,
    Timeout,
    Unavailable,
    DatabaseFault,
    Broken,
)
"""The whole set, for the dialects' tables and the conformance test that walks it."""
