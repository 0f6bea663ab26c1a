"""A list's conditions of SQL: only what is wanted stands in the statement, so each kind of list has its own plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is wanted: the names of the filters that are set, and the arguments of their conditions.

    A filter that is a pair of times has `_from` and `_until` behind its name.
    """

    names: frozenset[str]
    arguments: Mapping[str, object]

    def within(self, *names: str) -> bool:
        """Whether nothing else is wanted."""
        return self.names <= set(names)

    def sql(self, filters: Mapping[str, str], always: Sequence[str], of: str = "") -> str:
        """The conditions after WHERE; `of` stands for `{of}` in each filter."""
        return "\n           AND ".join([*always, *(filters[name].format(of=of) for name in sorted(self.names))])


def conditions(wanted: Any) -> Conditions:
    """The conditions of a dataclass of filters, of which None means whatever."""
    given = {one.name: getattr(wanted, one.name) for one in fields(wanted) if getattr(wanted, one.name) is not None}
    arguments: dict[str, object] = {}
    for name, value in given.items():
        if isinstance(value, tuple):
            arguments[f"{name}_from"], arguments[f"{name}_until"] = value
        else:
            arguments[name] = value
    return Conditions(frozenset(given), arguments)
