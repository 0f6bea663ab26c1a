"""What is followed, and what followers are told, in words. Who submitted an idea is never among them."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

MOST = 50
"""So much news stands in one mail; of the rest it says how much there is."""

_LONGEST = 600
_TAGS = re.compile(r"<[^>]*>")


class Of(StrEnum):
    """What can be followed: an idea for what comes in it, a category or a campaign for its new ideas."""

    IDEA = "idea"
    CATEGORY = "category"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that is followed, by its number."""

    of: Of
    number: int


class Mail(StrEnum):
    """How often a person is told."""

    AT_ONCE = "at once"
    DAILY = "daily"
    NEVER = "never"


class What(StrEnum):
    """What happened to an idea."""

    COMMENT = "comment"
    STATUS = "status"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class News:
    """One event of an idea, told because `because` is followed.

    `text` is the comment, the name of the new status, or the new idea's description; `name` who commented, or what the
    followed category or campaign is called.
    """

    what: What
    code: str
    title: str
    name: str
    text: str
    because: Followed


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a mail leads: to an idea by its code, to the end of mails of what is followed (None: of all)."""

    idea: Callable[[str], str]
    stop: Callable[[Followed | None], str]
    settings: str


def subject(news: Sequence[News]) -> str:
    """What a mail is about."""
    first = news[0]
    more = len({one.code for one in news}) - 1
    if more:
        return f"News of {first.title} and {more} more"
    if len(news) > 1:
        return f"News of {first.title}"
    return f"{_HEADS[first.what].format(text=first.text)}: {first.title}"


_HEADS = {What.COMMENT: "New comment", What.STATUS: "{text}", What.NEW: "New idea"}


def letter(news: Sequence[News], to: Addresses) -> str:
    """The mail's text: what came, idea by idea in the order of their first news, and how to end it."""
    shown = news[:MOST]
    order = list(dict.fromkeys(one.code for one in shown))
    by_idea = groupby(sorted(shown, key=lambda one: order.index(one.code)), key=lambda one: one.code)
    parts = [_section(list(group), to) for _, group in by_idea]
    if len(news) > MOST:
        parts.append(f"There is more: {len(news) - MOST} further events of ideas that you follow.")
    parts.append(f"How often you are told: {to.settings}\nEnd all of these mails: {to.stop(None)}\n")
    return "\n\n".join(parts)


def _section(news: Sequence[News], to: Addresses) -> str:
    head = f"{line(news[0].title)} ({news[0].code})\n{to.idea(news[0].code)}"
    ends = dict.fromkeys(one.because for one in news)
    names = {one.because: f"new ideas in {line(one.name)}" if one.what is What.NEW else "this idea" for one in news}
    return "\n\n".join([head, *map(_told, news), *(f"No more mails of {names[end]}: {to.stop(end)}" for end in ends)])


def _told(one: News) -> str:
    if one.what is What.STATUS:
        return f"  Its status is now {line(one.text)}."
    if one.what is What.COMMENT:
        return f"  {line(one.name)} commented:\n{_quoted(one.text)}"
    return f"  It is a new idea in {line(one.name)}.\n{_quoted(one.text)}".rstrip()


def _quoted(text: str) -> str:
    return "\n".join(f"    {each}".rstrip() for each in plain(text).splitlines())


def line(text: str) -> str:
    """A name or title as one line: what breaks lines could pretend to be another part of the mail."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """What people wrote without its markup, and no longer than a mail should be."""
    words = html.unescape(_TAGS.sub(" ", text)) if "<" in text or "&" in text else text
    words = "\n".join(_lines(words)).strip()
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def _lines(text: str) -> Iterator[str]:
    yield from (line(each) for each in text.splitlines())
