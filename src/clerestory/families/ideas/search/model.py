"""What is searched for, and what is found, as values."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

TERMS_MOST = 16
TERM_MOST = 64
_WORD = re.compile(r"[^\W_]+")


class Found(StrEnum):
    """What may be found, in the words of an answer; a request has them in any letter case."""

    WEBSTORM = "Webstorm"
    IDEA = "Idea"
    COMMENT = "Comment"
    MEMBER = "Member"
    BLOG = "Blog"


def read_type(text: str) -> Found | None:
    """The type that a request means."""
    return next((found for found in Found if found.lower() == text.strip().lower()), None)


@dataclass(frozen=True, slots=True)
class Sought:
    """A query, read. All of it must be found, each part as the beginning of a word at least.

    `terms` are what stands between white space: PostgreSQL knows a number or an address when it sees one. `words` are
    the letters and digits alone, which names are compared with.
    """

    terms: list[str]
    words: list[str]


def read_query(text: str) -> Sought:
    """The query that a text is."""
    plain = unicodedata.normalize("NFC", text.lower())
    terms = [term[:TERM_MOST] for term in plain.split()][:TERMS_MOST]
    return Sought(terms, [word for term in terms for word in _WORD.findall(term)][:TERMS_MOST])


@dataclass(frozen=True, slots=True)
class Hit:
    """One object that was found; `total` is how many there are in all. A path and a status has an idea alone."""

    type: str
    uuid: UUID
    name: str
    description: str
    campaign: UUID | None
    created: datetime
    code: str | None
    status: str | None
    total: int
