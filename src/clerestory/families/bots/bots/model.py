"""What a new bot is, and which of its attributes no client writes."""

from collections.abc import Mapping
from enum import Enum

NEVER_WRITTEN = ("id", "botId", "customerId", "ownerId", "admins", "inviteCode")
"""Dropped in silence from every change. Source: dialects/bots.md, Changing a bot."""

NEW = "new"
ME = "me"


def newborn(invite_code: str) -> dict[str, object]:
    """The attributes of a bot that was just made."""
    return {"type": "ecommerce", "facebook": {}, "vtex": {}, "replies": "{}", "inviteCode": invite_code}


class Form(Enum):
    """What a PUT of a bot means. Source: dialects/bots.md, Changing a bot."""

    ACCEPT = "accept"
    FOR_CUSTOMER = "for customer"  # a plain change that is answered with the caller's customer
    FOR_BOT = "for bot"


def form_of(body: Mapping[str, object]) -> Form:
    """The form of this body."""
    if body.get("admins") == ME:
        return Form.ACCEPT
    return Form.FOR_CUSTOMER if body.get("admins") else Form.FOR_BOT


def written(body: Mapping[str, object], invite_code: str | None) -> dict[str, object]:
    """The attributes that are changed, with the new invitation code where one was asked for."""
    found = {name: value for name, value in body.items() if name not in NEVER_WRITTEN}
    return found if invite_code is None else {**found, "inviteCode": invite_code}
