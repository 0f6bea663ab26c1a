"""The replies of a bot from what its `replies` attribute holds. Never raises: what cannot be read is not there."""

import json
from collections.abc import Iterator, Mapping

from clerestory.families.bots.replies.model import Button, Replies, Reply
from clerestory.platform.delivery.outcome import carriable

_LONGEST = 10_000
_MEMBERS = ("title", "text", "subtitle", "logo", "url", "template")


def read(text: object) -> Replies:
    """The replies in a JSON text, or in the map itself, where a client has stored that in place of its text."""
    return Replies(tuple(_entries(_map(text))))


def _map(text: object) -> Mapping[object, object]:
    if isinstance(text, str | bytes):
        try:
            text = json.loads(text)
        except (ValueError, RecursionError):
            return {}
    return text if isinstance(text, Mapping) else {}


def _entries(given: Mapping[object, object]) -> Iterator[tuple[str, Reply]]:
    for key, value in given.items():
        reply = _reply(value)
        if isinstance(key, str) and reply is not None:
            yield carriable(key), reply


def _reply(value: object) -> Reply | None:
    if isinstance(value, str):
        return Reply(text=_text(value))
    if not isinstance(value, Mapping):
        return None
    return Reply(
        **{name: _text(value.get(name)) for name in _MEMBERS},
        buttons=tuple(_buttons(value.get("buttons"))),
    )


def _buttons(given: object) -> Iterator[Button]:
    for one in given if isinstance(given, list) else ():
        if isinstance(one, str):
            yield Button(_text(one), payload=_text(one))
        elif isinstance(one, Mapping):
            title, url, payload = (_text(one.get(name)) for name in ("title", "url", "payload"))
            # A button with a title alone says it, as if the person had typed it.
            yield Button(title, url, payload or ("" if url else title))


def _text(given: object) -> str:
    return carriable(given)[:_LONGEST] if isinstance(given, str) else ""
