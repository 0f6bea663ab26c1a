"""Lists: which page, in which order, and the `stats` behind it. Nothing out of range is refused, it is brought in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.wire import Stats

DEFAULT_SIZE = 20
MOST = 100
# Past it there is nothing in any list: 100 million records.
_LAST_PAGE = 1_000_000
_TERM = re.compile(r"(\w+)(?:\s+(asc|desc))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """The page that is asked for."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many records stand before it."""
        return (self.number - 1) * self.size

    def stats(self, total: int) -> Stats:
        """What is said of the whole list; an empty one has no pages."""
        return Stats(total, -(-total // self.size), self.number)


def page_of(parameters: Parameters) -> Page:
    """`page` and `page_size`: 20 records, 100 at most; what is no number counts as absent."""
    number = _whole(parameters.text("page"), 1, _LAST_PAGE)
    return Page(number, _whole(parameters.text("page_size"), DEFAULT_SIZE, MOST))


def order_of(parameters: Parameters, columns: Mapping[str, str], default: str, tie: str) -> str:
    """The ORDER BY for `order`, such as `date_created ASC, idea_id DESC`; unknown attributes are passed over.

    `columns` are ours by the wire's names, `default` is the whole order where nothing known was asked for, and `tie`
    the unique column that makes pages follow each other.
    """
    terms = []
    for part in (parameters.text("order") or "").split(","):
        found = _TERM.fullmatch(part.strip())
        if found and found[1].lower() in columns:
            terms.append(f"{columns[found[1].lower()]} {(found[2] or 'ASC').upper()}")
    if not terms:
        return default
    # In the direction of the last term, so that an index that ends in the tie serves both ways.
    return ", ".join([*terms, f"{tie} {terms[-1].rpartition(' ')[2]}"])


def _whole(text: str | None, absent: int, most: int) -> int:
    digits = (text or "").strip()
    if not (digits.isascii() and digits.removeprefix("-").isdigit()):
        return absent
    return min(max(1, int(digits[:12])), most)
