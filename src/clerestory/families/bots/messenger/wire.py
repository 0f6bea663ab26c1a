"""The Graph API's answers to what a bot asks, spelled as on the wire; what is not needed is not read.

Members that only explain may be of any type: an odd one must not hide the code beside it.
"""

import msgspec


class GraphError(msgspec.Struct):
    code: int | None = None
    error_subcode: int | None = None
    message: object = None


class GraphSent(msgspec.Struct):
    """Answer of /me/messages, good or bad."""

    message_id: str | int = ""
    error: GraphError | None = None


class GraphProfile(msgspec.Struct):
    """Answer of /{psid} with the names of a person."""

    first_name: str | None = None
    last_name: str | None = None
