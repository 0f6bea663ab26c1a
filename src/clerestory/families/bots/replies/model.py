"""What a bot says: its replies, which of them answers, and each as the messages of Messenger or the data of a page.

It reads no JSON and knows no platform beyond the shape of a message. Source: dialects/bots.md, Replies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from clerestory.families.bots.replies.matching.model import Keywords, normalised

WELCOME = "welcome"
DEFAULT = "default"
GET_STARTED = "get_started"
_RESERVED = frozenset({WELCOME, DEFAULT, GET_STARTED})

# The platform's own bounds. A text is "under 2000 characters"; the rest are the most that is shown.
_TEXT, _BUTTON_TEXT, _TITLE, _BUTTON_TITLE, _PAYLOAD, _URL = 1999, 640, 80, 20, 1000, 2000
_MOST_BUTTONS = 3
_BREAKS = ("\n\n", "\n", ". ", "! ", "? ", "; ", ", ", " ")

Message = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Button:
    """Opens `url`, or else says `payload` to the bot. An address other than of the web is dropped."""

    title: str
    url: str = ""
    payload: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", web_address(self.url))

    @property
    def usable(self) -> bool:
        """It has a title, and pressing it does something."""
        return bool(self.title.strip()) and bool(self.url or self.payload)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply as its author wrote it. Addresses other than of the web, and buttons that do nothing, are dropped."""

    title: str = ""
    text: str = ""
    subtitle: str = ""
    logo: str = ""
    url: str = ""
    template: str = ""
    buttons: tuple[Button, ...] = ()

    def __post_init__(self) -> None:
        for name in ("title", "text", "subtitle", "template"):
            object.__setattr__(self, name, getattr(self, name).strip())
        for name in ("logo", "url"):
            object.__setattr__(self, name, web_address(getattr(self, name)))
        object.__setattr__(self, "buttons", tuple(button for button in self.buttons if button.usable))


@dataclass(frozen=True, slots=True)
class Replies:
    """The replies of a bot by their keys, in the author's order. Of keys that differ by case alone the first counts."""

    entries: tuple[tuple[str, Reply], ...] = ()
    _by_key: Mapping[str, Reply] = field(init=False, repr=False, compare=False)
    _by_words: Mapping[str, Reply] = field(init=False, repr=False, compare=False)
    _keywords: Keywords = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key: dict[str, Reply] = {}
        by_words: dict[str, Reply] = {}
        for key, reply in self.entries:
            by_key.setdefault(_folded(key), reply)
            # Nobody who says "you are welcome" wants to be welcomed: reserved keys are no keywords.
            if _folded(key) not in _RESERVED and (words := normalised(key)):
                by_words.setdefault(words, reply)
        object.__setattr__(self, "_by_key", by_key)
        object.__setattr__(self, "_by_words", by_words)
        object.__setattr__(self, "_keywords", Keywords(tuple(by_words)))

    @property
    def welcome(self) -> Reply | None:
        """What is said to somebody who has just come."""
        return self._by_key.get(WELCOME) or self._by_key.get(GET_STARTED)

    @property
    def default(self) -> Reply | None:
        """What is said to what nothing else answers."""
        return self._by_key.get(DEFAULT)

    def answer(self, text: str, payload: str | None = None) -> Reply | None:
        """The reply to a payload that is a key, else to a text that is one or holds one, or else the default."""
        asked = _folded(payload or "")
        if asked in self._by_key:
            return self._by_key[asked]
        if asked == GET_STARTED and self.welcome is not None:
            return self.welcome
        words = normalised(text)
        found = words if words in self._by_words else self._keywords.longest_in(words)
        return self.default if found is None else self._by_words[found]


def _folded(key: str) -> str:
    return key.strip().casefold()


def web_address(text: str) -> str:
    """The text if it is an http or https address of at most 2,000 characters, else nothing."""
    address = text.strip()
    if len(address) > _URL or any(character.isspace() or not character.isprintable() for character in address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    return address if parts.scheme.lower() in ("http", "https") and host else ""


def said(reply: Reply) -> tuple[Message, ...]:
    """The `message` objects that say the reply on Messenger, in order; none when there is nothing to say."""
    generic = reply.template.lower() == "generic"
    title = reply.title or (_cut(reply.text, _TITLE) if generic else "")
    if title and (generic or reply.logo or reply.url or reply.buttons):
        return _card(reply, title)
    lines = (reply.title, reply.subtitle, reply.text, reply.url)
    text = "\n".join(line for line in lines if line)
    image = (_attached("image", {"url": reply.logo}),) if reply.logo else ()
    if not text or not reply.buttons:
        return (*_texts(text), *image)
    *before, last = _with_short_end(text)
    buttons = {"template_type": "button", "text": last, "buttons": _buttons(reply)}
    return (*({"text": one} for one in before), *image, _attached("template", buttons))


def _card(reply: Reply, title: str) -> tuple[Message, ...]:
    """A generic template; a text that has no room in it goes before it, so that the buttons stand last."""
    rest = "" if reply.text == title else reply.text
    subtitle = reply.subtitle
    if not subtitle and len(rest) <= _TITLE:
        subtitle, rest = rest, ""
    element: dict[str, object] = {"title": _cut(title, _TITLE)}
    if subtitle:
        element["subtitle"] = _cut(subtitle, _TITLE)
    if reply.logo:
        element["image_url"] = reply.logo
    if reply.url:
        element["default_action"] = {"type": "web_url", "url": reply.url}
    if reply.buttons:
        element["buttons"] = _buttons(reply)
    if len(element) == 1:  # the platform refuses a card that has a title alone
        return _texts("\n".join(line for line in (reply.title, reply.text) if line))
    return (*_texts(rest), _attached("template", {"template_type": "generic", "elements": [element]}))


def _buttons(reply: Reply) -> list[Message]:
    return [_button(button) for button in reply.buttons[:_MOST_BUTTONS]]


def _button(button: Button) -> Message:
    title = _cut(button.title.strip(), _BUTTON_TITLE)
    if button.url:
        return {"type": "web_url", "title": title, "url": button.url}
    return {"type": "postback", "title": title, "payload": button.payload[:_PAYLOAD]}


def _attached(kind: str, payload: Mapping[str, object]) -> Message:
    return {"attachment": {"type": kind, "payload": payload}}


def _texts(text: str) -> tuple[Message, ...]:
    return tuple({"text": one} for one in pieces(text, _TEXT))


def _with_short_end(text: str) -> tuple[str, ...]:
    """Pieces of which the last is short enough to stand above buttons."""
    *before, last = pieces(text, _TEXT)
    return (*before, *pieces(last, _BUTTON_TEXT))


def pieces(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` characters, cut after a paragraph, a line, a sentence or a word."""
    found = []
    rest = text.strip()
    while len(rest) > limit:
        place = _place_to_cut(rest, limit)
        found.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return tuple(one for one in (*found, rest) if one)


def _place_to_cut(text: str, limit: int) -> int:
    # A break in the first half would make many small pieces, so the next lesser break is taken in its place.
    for mark in _BREAKS:
        place = text.rfind(mark, limit // 2, limit + 1)
        if place > 0 and place + len(mark.rstrip()) <= limit:
            return place + len(mark.rstrip())
    return limit


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def worded(reply: Reply) -> str:
    """The reply in plain words, for a list of what was said."""
    lines = (reply.title, reply.subtitle, reply.text, reply.url, reply.logo)
    return "\n".join(dict.fromkeys(line for line in lines if line))


def plain(reply: Reply) -> Mapping[str, object]:
    """The reply as data for a page: texts, addresses of the web alone, and every button that does something."""
    return {
        "title": reply.title,
        "text": reply.text,
        "subtitle": reply.subtitle,
        "logo": reply.logo,
        "url": reply.url,
        "buttons": [
            {"title": button.title, "url": button.url, "payload": "" if button.url else button.payload}
            for button in reply.buttons
        ],
    }
