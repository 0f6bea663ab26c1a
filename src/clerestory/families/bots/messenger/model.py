"""What happened in a chat, as the webhook tells it, and what came of a message that was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What an event is. MESSAGE, POSTBACK and OPENING are said by the person and may be answered."""

    MESSAGE = "message"
    POSTBACK = "postback"
    OPENING = "opening"  # a referral or an opt-in: the person came, and said nothing yet
    ECHO = "echo"  # said to the person, by this app, by another one, or by a human
    THREAD = "thread"  # who may speak has changed: the thread's control was passed or taken
    NOTICE = "notice"  # an app asks for the thread, or roles were given: who may speak is as before
    RECEIPT = "receipt"  # read, delivered, reacted: nothing to do


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `address` is the person's id (PSID), `key` tells repetitions apart, `text` is what was said.

    `payload` is what a button carries, of an opening the link; `app` who sent an echo, owns the thread now (None:
    nobody) or asks for it; `standby`: another app owns the thread, so nothing may be said; `raw` is the event as it
    came. The roles of a page's apps are a NOTICE of nobody's chat: its `address` is empty.
    """

    kind: Kind
    page: str
    address: str
    happened: datetime
    key: str
    text: str = ""
    payload: str | None = None
    app: str | None = None
    metadata: str | None = None
    standby: bool = False
    raw: Mapping[str, object] = field(default_factory=dict)


class Fate(StrEnum):
    """What came of a call to the Send API."""

    SENT = "sent"
    AGAIN = "again"  # nothing was sent, and a later try may work
    FAILED = "failed"  # nothing was sent, and no later try will work
    TOKEN = "token"  # noqa: S105 - a fate, no secret: the page's token is refused
    THREAD = "thread"  # another app controls the thread
    UNKNOWN = "unknown"  # it may have been sent: it must not be sent again


@dataclass(frozen=True, slots=True)
class Sent:
    """The fate of one message. `words` are for people and hold no secret; `pause` is what the platform asked for."""

    fate: Fate
    message_id: str = ""
    words: str = ""
    pause: timedelta | None = None
