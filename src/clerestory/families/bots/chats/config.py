"""A bot as its chats need it: its replies, its take-over settings and its page's token, read from its attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from clerestory.families.bots.chats.model import RESUME_AFTER, Takeover
from clerestory.families.bots.objects.seal import Seals
from clerestory.families.bots.replies.model import Replies
from clerestory.families.bots.replies.read import read

_LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Config:
    """What a bot's attributes say of its chats."""

    replies: Replies
    takeover: Takeover
    token: str | None = field(repr=False)
    web: bool  # whether its page for the browser is open


def config_of(attributes: str, seals: Seals) -> Config:
    """The configuration in these attributes; what makes no sense in them counts as absent."""
    found: dict[str, object] = msgspec.json.decode(attributes)
    facebook = _map(found.get("facebook"))
    token = seals.opened(facebook.get("pageAccessToken"))
    return Config(
        replies=read(found.get("replies")),
        takeover=_takeover(_map(found.get("takeover"))),
        token=token if isinstance(token, str) and token else None,
        web=_map(found.get("webChat")).get("enabled") is not False,
    )


def _takeover(given: Mapping[str, object]) -> Takeover:
    word = given.get("resumeWord")
    return Takeover(_after(given), word[:255] if isinstance(word, str) else "")


def _after(given: Mapping[str, object]) -> timedelta | None:
    if "resumeAfterMinutes" not in given:
        return RESUME_AFTER
    minutes = given["resumeAfterMinutes"]
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        return None if minutes is None or minutes is False else RESUME_AFTER
    return timedelta(minutes=min(minutes, _LONGEST / timedelta(minutes=1))) if minutes > 0 else None


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
