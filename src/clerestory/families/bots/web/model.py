"""A message as a page shows it, read from the message object of the platform. Addresses are the web's, or are none."""

from collections.abc import Mapping
from dataclasses import dataclass

from clerestory.families.bots.replies.model import web_address


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button: it opens `url`, or says `payload`."""

    title: str
    url: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to see of one message."""

    title: str = ""
    text: str = ""
    subtitle: str = ""
    logo: str = ""
    url: str = ""
    buttons: tuple[Pressable, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether the logo can be drawn: a page that came by https takes no picture that did not."""
        return self.logo.lower().startswith("https://")


def shown(text: str, message: object) -> Shown:
    """The message of this object; of one that says nothing, the plain text."""
    attachment = _map(_map(message).get("attachment"))
    payload = _map(attachment.get("payload"))
    if attachment.get("type") == "image":
        return Shown(logo=_address(payload.get("url")))
    elements = payload.get("elements")
    if isinstance(elements, list) and elements:
        return _card(_map(elements[0]))
    if payload:
        return Shown(text=_text(payload.get("text")), buttons=_buttons(payload.get("buttons")))
    return Shown(text=_text(_map(message).get("text")) or text)


def _card(element: Mapping[str, object]) -> Shown:
    return Shown(
        title=_text(element.get("title")),
        subtitle=_text(element.get("subtitle")),
        logo=_address(element.get("image_url")),
        url=_address(_map(element.get("default_action")).get("url")),
        buttons=_buttons(element.get("buttons")),
    )


def _buttons(given: object) -> tuple[Pressable, ...]:
    found = [_button(_map(one)) for one in (given if isinstance(given, list) else ())]
    return tuple(button for button in found if button.title and (button.url or button.payload))


def _button(one: Mapping[str, object]) -> Pressable:
    url = _address(one.get("url"))
    return Pressable(_text(one.get("title")), url, "" if url else _text(one.get("payload")))


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _address(value: object) -> str:
    return web_address(_text(value))
