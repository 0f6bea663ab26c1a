"""The rule of who may do what. Source: dialects/bots.md, Rights."""

import re
from dataclasses import dataclass

from clerestory.families.bots.model import NotAdmin, OthersCustomer, UnknownCustomer
from clerestory.kernel.errors import Forbidden

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def looked_up(given: str | None) -> str | None:
    """The id if it can be one of ours: lower case and whole; others are never refused, and never found."""
    return given if given is not None and _ID.fullmatch(given) else None


@dataclass(frozen=True, slots=True)
class Who:
    """What is asked: who calls by the Facebook id, as which customer if that is said, and about which bot."""

    facebook_id: str
    customer: str | None = None
    bot: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer who calls."""

    id: int
    uuid: str


@dataclass(frozen=True, slots=True)
class Access:
    """What is known of a Who. Without a `caller_id` there is no such customer; without a `bot` no such bot."""

    caller_id: int | None
    caller: str | None
    active: bool
    given_facebook_id: str | None
    given_found: bool
    bot: int | None
    administers: bool
    shown: str | None = None


def caller_of(who: Who, access: Access) -> Caller:
    """The caller's own customer. Raises UnknownCustomer, OthersCustomer, and Forbidden for a deactivated person."""
    if who.customer is not None:
        if not access.given_found:
            raise UnknownCustomer
        if access.given_facebook_id != who.facebook_id:
            raise OthersCustomer(who.facebook_id, who.customer)
    if access.caller_id is None or access.caller is None:
        raise UnknownCustomer
    if not access.active:
        raise Forbidden("This person was deactivated.")
    return Caller(access.caller_id, access.caller)


def administered(access: Access, otherwise: Exception) -> int:
    """The bot, when the caller is on its list. Raises NotAdmin, and `otherwise` when there is no such bot."""
    if access.bot is None:
        raise otherwise
    if not access.administers:
        raise NotAdmin
    return access.bot
