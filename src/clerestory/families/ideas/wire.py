"""What answers of every object share, spelled as on the wire."""

import msgspec


class Stats(msgspec.Struct):
    """What is said of a whole list. All numbers: a client divides them."""

    total: int
    page_count: int
    current_page: int


class Done(msgspec.Struct):
    """Answer of a DELETE: clients fail on an empty body."""

    success: bool = True


class Failure(msgspec.Struct):
    """Every error but those of the token endpoint, with the keys that each known client reads."""

    errorCode: int
    message: str
    error: str
    error_description: str


class GrantFailure(msgspec.Struct):
    """An error of the token endpoint, in the words of RFC 6749."""

    error: str
    error_description: str
