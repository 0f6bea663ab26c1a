"""How the pages put it: who silenced a bot and until when, and what became of a message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

_SOURCES: Mapping[str | None, str] = {
    "api": "through the API",
    "echo": "by an answer from the page's inbox",
    "operator": "on the operator page",
    "word": "by the word that gives chats back",
    "time": "because the time was over",
    "thread": "because another app took the chat over",
}
SPEAKERS: Mapping[str, str] = {"bot": "Bot", "human": "Human", "platform": "Messenger"}
STATES: Mapping[str, str] = {
    "waiting": "not handled yet",
    "planned": "waits to be sent",
    "sending": "being sent",
    "sent": "sent",
    "failed": "failed",
    "withheld": "withheld: the bot was silent",
    "unknown": "unknown whether it arrived",
}
KINDS: Mapping[str, str] = {
    "thread": "The control of this chat was passed on.",
    "notice": "An app asked for this chat.",
    "opening": "The person came through a link.",
    "receipt": "Was told of what was sent.",
}


class Standing(Protocol):
    """How a chat stands."""

    @property
    def silent(self) -> bool:
        """Whether the bot says nothing there."""
        ...

    @property
    def source(self) -> str | None:
        """What silenced it."""
        ...

    @property
    def by(self) -> str | None:
        """Who did."""
        ...

    @property
    def since(self) -> datetime | None:
        """When."""
        ...

    @property
    def until(self) -> datetime | None:
        """When it ends by itself."""
        ...

    @property
    def thread_app(self) -> str | None:
        """The other app that controls the chat."""
        ...


def standing(chat: Standing) -> str:
    """Who silenced the bot in this chat, when and until when; nothing when it speaks."""
    if not chat.silent:
        return ""
    told = source(chat.source, chat.by)
    if chat.thread_app is not None and chat.source is None:
        told = f"because another app controls the chat ({chat.thread_app})"
    words = f"Silenced {told}"
    if chat.since is not None:
        words += f" at {_moment(chat.since)}"
    if chat.until is not None:
        return f"{words}, until {_moment(chat.until)}"
    return f"{words}, until it is given back"


def source(name: str | None, who: str | None) -> str:
    """What set a status, and who."""
    how = _SOURCES.get(name, "")
    return f"by {who} {how}".strip() if who else how or "by a client"


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC")
