"""Bodies of the bots API, spelled as on the wire. Its objects are open: what stands here is what they have at least."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

_LIKE_SENT = Meta(description="As it was sent.")


class Error(Struct):
    """What went wrong, and the name that clients know it by."""

    message: str
    name: str


class Failure(Struct):
    """The body of most failures, sent as text/plain; Facebook's own documents have `type` and `code` in it instead."""

    error: Error


class GatewayMessage(Struct):
    """What is said of a request that reaches no operation: an unknown path, a body that is no JSON."""

    message: str


class Customer(Struct):
    """Who signs in and configures bots; with whatever attributes were added."""

    id: str
    facebookId: str | None
    bots: Annotated[list[str], Meta(description="The bots that it may configure, the newest first.")]
    name: Any = UNSET
    email: Any = UNSET


class Bot(Struct):
    """One assistant's settings; with whatever attributes were added."""

    id: str
    customerId: Annotated[str, Meta(description="Its owner.")]
    admins: Annotated[list[str], Meta(description="Who may configure it, the newest first.")]
    type: Any = UNSET
    facebook: Any = UNSET
    vtex: Any = UNSET
    replies: Any = UNSET
    inviteCode: str | UnsetType = UNSET


class NoBot(Struct):
    """What a bot that is not there reads as."""

    Items: list[Any]
    Count: int
    ScannedCount: int


class BotRead(Struct):
    """The bot, as it is after a POST; for one that is not there `Items`, `Count` and `ScannedCount` alone."""

    id: str | UnsetType = UNSET
    customerId: str | UnsetType = UNSET
    admins: list[str] | UnsetType = UNSET
    Items: list[Any] | UnsetType = UNSET
    Count: int | UnsetType = UNSET
    ScannedCount: int | UnsetType = UNSET


class BotOrCustomer(Struct):
    """The bot after the change; after an invitation was accepted, the caller's customer."""

    id: str
    customerId: str | UnsetType = UNSET
    admins: list[str] | UnsetType = UNSET
    facebookId: str | UnsetType = UNSET
    bots: list[str] | UnsetType = UNSET


class User(Struct):
    """A chat partner of one bot; with whatever attributes were added."""

    id: str
    botId: str
    facebookId: Annotated[Any, _LIKE_SENT] = UNSET
    name: Annotated[Any, _LIKE_SENT] = UNSET
    botStatus: str | UnsetType = UNSET


class Owned(Struct):
    """Whom the request is made for: the caller's own customer, or nothing."""

    customerId: Any = UNSET


class Change(Struct):
    """Attributes to change: maps are merged, everything else replaces what was there."""

    customerId: Any = UNSET


class BotChange(Struct):
    """Attributes to change, or one of the words: a new invitation code, an invitation that is accepted."""

    ownerId: Any = UNSET
    inviteCode: Any = UNSET
    admins: Any = UNSET
    customerId: Any = UNSET


class NewUser(Struct):
    """A chat partner to be."""

    botId: Any = UNSET
    facebookId: Any = UNSET
    name: Any = UNSET
    customerId: Any = UNSET


class UserChange(Struct):
    """Attributes to change of one user."""

    botId: Any = UNSET


class UsersChange(Struct):
    """The same attributes to change of many users."""

    ids: Any = UNSET
    update: Any = UNSET
    botId: Any = UNSET
    customerId: Any = UNSET


class BotQuery(Struct):
    """Whose bot is read."""

    customerId: str | UnsetType = UNSET


class UserQuery(Struct):
    """Which bot's user is read."""

    botId: str | UnsetType = UNSET
    customerId: str | UnsetType = UNSET


class UsersQuery(Struct):
    """Which users are listed."""

    botId: str | UnsetType = UNSET
    botStatus: str | UnsetType = UNSET
    customerId: str | UnsetType = UNSET


NO_BOT = msgspec.json.encode(NoBot([], 0, 0))


def encode_failure(message: str, name: str) -> bytes:
    """The text of a failure, without spaces and in this order of keys."""
    return msgspec.json.encode(Failure(Error(message, name)))


def encode_message(message: str) -> bytes:
    """What the gateway says."""
    return msgspec.json.encode(GatewayMessage(message))
