"""What a bot does when it hears something. Values and rules: a conversation is decided here and nowhere else."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clerestory.families.bots.messenger.model import Kind
from clerestory.families.bots.replies.model import Replies, Reply

RESUME_AFTER = timedelta(hours=12)
"""How long a take-over lasts unless the bot says otherwise. Source: dialects/bots.md, Take-over."""

OWN_METADATA = "clerestory"

CLOCKS_DIFFER = timedelta(seconds=5)
"""By how much the platform's clock may lag behind ours: in doubt a human has spoken, and the bot is silent."""


class Channel(StrEnum):
    """Where a chat takes place."""

    MESSENGER = "messenger"
    WEB = "web"


class Author(StrEnum):
    """Who said something; the platform says what is no speech."""

    PERSON = "person"
    BOT = "bot"
    HUMAN = "human"
    PLATFORM = "platform"


class Source(StrEnum):
    """What set a user's status."""

    API = "api"
    ECHO = "echo"
    OPERATOR = "operator"
    WORD = "word"
    TIME = "time"
    THREAD = "thread"


@dataclass(frozen=True, slots=True)
class Takeover:
    """What a bot sets of take-overs: after which time they end by themselves (None: never), and by which word."""

    resume_after: timedelta | None = RESUME_AFTER
    resume_word: str = ""

    def ends(self, now: datetime) -> datetime | None:
        """When a take-over that begins or goes on now is over."""
        return None if self.resume_after is None else now + self.resume_after

    def is_resume(self, text: str) -> bool:
        """Whether this is the word that gives the chat back."""
        return bool(self.resume_word) and _plain(text) == _plain(self.resume_word)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Heard:
    """One stored event, as far as the decision needs it."""

    kind: Kind
    text: str
    payload: str | None
    app: str | None
    metadata: str | None
    standby: bool
    happened: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """How a chat stands when it is decided. `own_app` is empty when nobody has told us who we are at the platform."""

    muted: bool
    muted_by: Source | None
    changed: datetime | None  # when the status was last set
    thread_app: str | None
    own_app: str
    ours: bool  # the echo is of a message that we have sent
    first: bool  # nothing was heard in this chat before


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: who spoke, whether the bot falls silent or may speak again, whose the thread is, what it says."""

    author: Author
    mute: Source | None = None
    unmute: Source | None = None
    thread_app: str | None = None
    reply: Reply | None = None

    def leaves(self, thread_app: str | None) -> bool:
        """Whether everything stays as it is."""
        return self.mute is None and self.unmute is None and self.reply is None and self.thread_app == thread_app


def decide(heard: Heard, situation: Situation, replies: Replies, takeover: Takeover) -> Decision:
    """What follows from what was heard."""
    match heard.kind:
        case Kind.ECHO:
            return _echoed(heard, situation, takeover)
        case Kind.THREAD:
            return _passed(heard, situation)
        case Kind.MESSAGE | Kind.POSTBACK | Kind.OPENING:
            return _spoken(heard, situation, replies, takeover)
    return Decision(Author.PLATFORM, thread_app=situation.thread_app)


def _echoed(heard: Heard, situation: Situation, takeover: Takeover) -> Decision:
    """Something was said in the page's name. If it was not us, a human has taken over."""
    own = situation.own_app and heard.app == situation.own_app
    if own or situation.ours or heard.metadata == OWN_METADATA:
        return Decision(Author.BOT, thread_app=situation.thread_app)
    if takeover.is_resume(heard.text):
        return Decision(Author.HUMAN, unmute=Source.WORD, thread_app=situation.thread_app)
    if situation.changed is not None and heard.happened < situation.changed - CLOCKS_DIFFER:
        # It comes late: meanwhile the chat was given back, or taken over already.
        return Decision(Author.HUMAN, thread_app=situation.thread_app)
    return Decision(Author.HUMAN, mute=Source.ECHO, thread_app=situation.thread_app)


def _passed(heard: Heard, situation: Situation) -> Decision:
    """The thread's control was passed, taken, or lapsed."""
    if not situation.own_app:
        # Whose the thread is now cannot be told; another owner's messages come as standby all the same.
        return Decision(Author.PLATFORM, thread_app=situation.thread_app)
    if heard.app is None or heard.app == situation.own_app:
        return Decision(Author.PLATFORM, unmute=_given_back(situation))
    return Decision(Author.PLATFORM, mute=Source.THREAD, thread_app=heard.app)


def _spoken(heard: Heard, situation: Situation, replies: Replies, takeover: Takeover) -> Decision:
    """The person speaks. What comes as standby is another app's to answer; what does not says that we may."""
    if heard.standby:
        return Decision(Author.PERSON, thread_app=situation.thread_app)
    unmute = _given_back(situation)
    if situation.muted and unmute is None:
        return Decision(Author.PERSON, unmute=Source.WORD if takeover.is_resume(heard.text) else None)
    return Decision(Author.PERSON, unmute=unmute, reply=_reply(heard, situation, replies))


def _given_back(situation: Situation) -> Source | None:
    """A mute that came with the thread's control goes with it, and no other."""
    return Source.THREAD if situation.muted and situation.muted_by is Source.THREAD else None


def _reply(heard: Heard, situation: Situation, replies: Replies) -> Reply | None:
    found = replies.answer(heard.text, heard.payload)
    if found is not replies.default:
        return found
    if heard.kind is Kind.OPENING:
        # Nothing was said yet that a default could answer.
        return replies.welcome
    return replies.welcome or found if situation.first else found


def spelled(message: Mapping[str, object]) -> str:
    """What a message object says, in plain words for a list of messages."""
    text = message.get("text")
    if isinstance(text, str):
        return text
    attachment = message.get("attachment")
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        return ""
    elements = payload.get("elements")
    shown = elements[0] if isinstance(elements, list) and elements else payload
    lines = (shown.get(name) for name in ("title", "subtitle", "text", "url"))
    return "\n".join(line for line in lines if isinstance(line, str))


LATE = timedelta(hours=24)
TOO_LATE = timedelta(days=7)
"""How long after the person's last message a bot, and a human, may still write on Messenger."""


def window(author: Author, last_heard: datetime | None, now: datetime) -> str | None:
    """Why this message may not be sent any more; None when it may."""
    silence = TOO_LATE if last_heard is None else now - last_heard
    if author is Author.HUMAN:
        return None if silence < TOO_LATE else "The person has not written for 7 days: Messenger takes no message."
    return None if silence < LATE else "The person has not written for 24 hours: a bot may not write any more."


_PAUSES = (2, 10, 30, 120)


def pause_after(tries: int, asked: timedelta | None) -> timedelta | None:
    """How long a message waits after so many tries; None: no more."""
    if tries > len(_PAUSES):
        return None
    return max(timedelta(seconds=_PAUSES[tries - 1]), asked or timedelta(0))
