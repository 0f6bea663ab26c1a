"""A description as a page shows it: paragraphs, lists and links. Nothing else of its markup is left, so nothing runs.

Descriptions come as plain text or as HTML of whatever editor; neither is trusted.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from urllib.parse import urlsplit

_MARKUP = re.compile(
    r"</?(p|br|div|span|ul|ol|li|b|strong|i|em|u|a|h[1-6]|blockquote|pre|code|table|tr|td|img)\b", re.IGNORECASE
)
_BREAKS = frozenset({"p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSHOWN = frozenset({"script", "style", "template", "title", "noscript"})
_SCHEMES = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, and where it leads."""

    text: str
    link: str = ""


@dataclass(slots=True)
class Block:
    """A paragraph, a heading, or an entry of a list."""

    kind: str = "p"
    pieces: list[Piece] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The text's blocks."""
    if not _MARKUP.search(text):
        parts = [part.strip() for part in re.split(r"\r?\n\s*\r?\n", text)]
        return [Block("p", [Piece(part)]) for part in parts if part]
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return [block for block in reader.blocks if any(piece.text.strip() for piece in block.pieces)]


def runs(text: str) -> list[tuple[str, list[Block]]]:
    """The blocks with those of one kind that follow each other together, so that a list is one list."""
    return [(kind, list(some)) for kind, some in groupby(blocks(text), key=lambda block: block.kind)]


def plain(text: str, most: int = 200) -> str:
    """The beginning of the text in one line, for previews."""
    whole = " ".join("".join(piece.text for piece in block.pieces) for block in blocks(text))
    line = " ".join(whole.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [Block()]
        self._link = ""
        self._unshown = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "br":
            self.blocks[-1].pieces.append(Piece("\n"))
        elif tag == "a":
            self._link = _link(dict(attrs).get("href") or "")
        elif tag in _BREAKS:
            self.blocks.append(Block("h" if tag in _HEADINGS else "li" if tag == "li" else "p"))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif tag == "a":
            self._link = ""
        elif tag in _BREAKS:
            self.blocks.append(Block())

    def handle_data(self, data: str) -> None:
        # White space of the source is one space; line breaks are markup's.
        text = re.sub(r"\s+", " ", data)
        if text and not self._unshown:
            self.blocks[-1].pieces.append(Piece(text, self._link))


def _link(href: str) -> str:
    """Where a link may lead: the web and mail, nothing that runs."""
    try:
        scheme = urlsplit(href.strip()).scheme.lower()
    except ValueError:
        return ""
    return href.strip() if scheme in _SCHEMES else ""
