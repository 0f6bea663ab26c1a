"""What can go wrong with bots beyond what the kernel names, and the words that clients of this API know it by."""

from clerestory.kernel.errors import Fault, Forbidden, Invalid, Kind, NotFound, Unauthenticated, Unavailable

MUTED = "muted"
ACTIVE = "active"
"""The two statuses that this server sets itself; a client may set any text. Source: dialects/bots.md, botStatus."""


class NoHeader(Unauthenticated):
    """The request shows no Authorization."""

    default = "No authorization header"


class FacebookRefused(Unauthenticated):
    """Facebook does not take the token; `document` is what it said, as JSON text, without the token."""

    default = "Facebook refuses this token."

    def __init__(self, document: str) -> None:
        self.document = document
        super().__init__()


class FacebookDown(Unavailable):
    """Facebook does not answer, or not with what is expected."""

    default = "Facebook cannot be asked about this token at the moment. Try again shortly."


class FacebookUnset(Unavailable):
    """Nobody has told this server which Facebook app it belongs to."""

    default = "Sign-in by Facebook is not set up: the app's id and secret are missing."


class UnknownCustomer(NotFound):
    """Nobody has this customer id, or the caller has no customer yet."""

    default = "Invalid customerId"


class OthersCustomer(Forbidden):
    """The customer id is somebody else's."""

    def __init__(self, facebook_id: str, customer: str) -> None:
        super().__init__(f"The facebook user {facebook_id} is not allowed to acces data of customer {customer}")


class Unparseable(Invalid):
    """The body is no JSON. Nothing was stored."""

    default = "Could not parse request body into json."

    def __init__(self) -> None:
        super().__init__(Fault(None, Kind.UNPARSEABLE, self.default))


class UnknownBot(NotFound):
    """Nobody has this bot."""

    default = "Invalid botId"


class WrongInvitation(Forbidden):
    """The invitation's code is wrong, or the bot is not there at all."""

    default = "Invalid invite code"


class NotAdmin(Forbidden):
    """The bot is there, and the caller is not on its list."""

    default = "You are not on the admins team for this bot"


def refused(text: str, field: str | None = None) -> Invalid:
    """What a client sent cannot be taken. Nothing was stored."""
    return Invalid(Fault(field, Kind.INVALID, text))
