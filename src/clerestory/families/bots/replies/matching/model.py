"""Words as they are compared, and the longest of many keywords in a text.

The time grows with the length of the text and of the keywords, never with their product: people choose both.
"""

import unicodedata
from collections import deque
from dataclasses import dataclass, field

# Marks of these classes are letters' parts (nukta, virama, vowel signs), not accents on them.
_KEPT_MARKS = frozenset({0, 7, 9})
_SELECTORS = range(0xFE00, 0xFE10)
_REMEMBERED = 0x3000


class _Letters(dict[int, str]):
    """For str.translate: what a character is in a comparison. Only the common ones are remembered."""

    def __missing__(self, code: int) -> str:
        found = _compared(chr(code))
        if code < _REMEMBERED:
            self[code] = found
        return found


def _compared(character: str) -> str:
    kind = unicodedata.category(character)
    if kind[0] in "LN":
        return character
    if kind[0] == "M":
        kept = unicodedata.combining(character) in _KEPT_MARKS and ord(character) not in _SELECTORS
        return character if kept else ""
    if kind == "So":  # an emoji is a word of its own, and a keyword as good as any
        return f" {character} "
    return "" if kind == "Cf" else " "


_LETTERS = _Letters()


def normalised(text: str) -> str:
    """The text without case, accents and punctuation, its words parted by single blanks."""
    return " ".join(unicodedata.normalize("NFD", text.casefold()).translate(_LETTERS).split())


@dataclass(frozen=True, slots=True)
class Keywords:
    """Finds the longest of the keys, each normalised, that stands in a text as whole words; of equals the first.

    Aho and Corasick's automaton over words: node 0 is the start, `_back` leads to the longest end that may still begin
    a key, `_best` is the rank of the best key that ends at a node.
    """

    keys: tuple[str, ...]
    _ranked: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _steps: list[dict[str, int]] = field(init=False, repr=False, compare=False)
    _back: list[int] = field(init=False, repr=False, compare=False)
    _best: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ranked", tuple(sorted(self.keys, key=len, reverse=True)))
        object.__setattr__(self, "_steps", [{}])
        object.__setattr__(self, "_best", [len(self.keys)])
        for rank, key in enumerate(self._ranked):
            self._add(rank, key)
        object.__setattr__(self, "_back", [0] * len(self._steps))
        self._link()

    def _add(self, rank: int, key: str) -> None:
        node = 0
        for word in key.split():
            if word not in self._steps[node]:
                self._steps[node][word] = len(self._steps)
                self._steps.append({})
                self._best.append(len(self.keys))
            node = self._steps[node][word]
        if node:
            self._best[node] = min(self._best[node], rank)

    def _link(self) -> None:
        waiting = deque(self._steps[0].values())
        while waiting:
            node = waiting.popleft()
            for word, child in self._steps[node].items():
                self._back[child] = self._next(self._back[node], word)
                self._best[child] = min(self._best[child], self._best[self._back[child]])
                waiting.append(child)

    def _next(self, node: int, word: str) -> int:
        while node and word not in self._steps[node]:
            node = self._back[node]
        return self._steps[node].get(word, 0)

    def longest_in(self, words: str) -> str | None:
        """The key, or None. `words` are normalised."""
        node, best = 0, len(self.keys)
        for word in words.split():
            node = self._next(node, word)
            best = min(best, self._best[node])
        return self._ranked[best] if best < len(self.keys) else None
