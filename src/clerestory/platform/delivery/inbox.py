"""The transport of a tenant that has configured none: the message is kept and shown, and the answer says so.

Keeping it is the caller's part, who has stored the message already; nothing leaves the server.
"""

from clerestory.platform.delivery.outcome import Channel, Code, Outcome


def keep(channel: Channel) -> Outcome:
    """The truthful outcome of a message that nobody was asked to carry."""
    return Outcome(Code.KEPT, f"Kept in the inbox: no {channel} transport is configured")
