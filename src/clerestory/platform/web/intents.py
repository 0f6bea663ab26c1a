"""What can be made of what a page shows: one family offers it, the others draw a button; neither knows the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

MOST_TITLE = 255
MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """A page that makes something new of a title and a text: its path takes both in its query."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Button:
    """A link to draw: with `label`, to `url`, where the form stands filled in."""

    label: str
    url: str


class Intents:
    """The targets that families offer. A part of the process, filled before the first request."""

    def __init__(self) -> None:
        self._targets: list[Target] = []

    def offer(self, target: Target) -> None:
        """From now on every page that asks gets a button to it."""
        self._targets.append(target)

    def buttons(self, title: str, text: str) -> Sequence[Button]:
        """A button for each target, for this title and text. What is longer than an address should be is cut."""
        query = urlencode({"title": _cut(title, MOST_TITLE), "text": _cut(text, MOST_TEXT)})
        return [Button(target.label, f"{target.path}?{query}") for target in self._targets]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
