"""Problems that only the api3 tells apart. Each is one of the closed set, so every other surface could say it too."""

from datetime import datetime, timedelta

from clerestory.kernel.errors import Expired, Fault, Forbidden, Invalid, Kind, NotFound, RateLimited


class Outlived(Expired):
    """An access token that was good once; its client renews it."""


class NoSuchMember(NotFound):
    """The e-mail of a token request is nobody's."""


class Hidden(Forbidden):
    """Not allowed, in words of the object's own."""


class Worded(NotFound):
    """Not there, in words of the object's own."""


class WrongType(Invalid):
    """A file of a type that is not taken here; the text names those that are."""

    def __init__(self, text: str) -> None:
        super().__init__(Fault(None, Kind.INVALID, text))


class OverLimit(RateLimited):
    """More requests than the hour allows."""

    def __init__(self, retry_after: timedelta, most: int, now: datetime) -> None:
        super().__init__(retry_after)
        self.headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int((now + retry_after).timestamp()) + 1),
        }
