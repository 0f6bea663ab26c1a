"""What becomes of each table's rows when public is copied for one person: pure planning, no SQL is run here.

People are not copied. Whatever pointed to one of them points to the registrant; where a rule then forbids a row,
one row stays, and rows that pointed to the ones that went point to the one that stayed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clerestory.kernel.errors import DatabaseFault
from clerestory.platform.provisioning.catalogue import Check, Reference, Table, Unique

PEOPLE = "person"


class NotCopyable(DatabaseFault):
    """A table whose rows cannot be made to follow their people; the text names it and says why."""


@dataclass(frozen=True, slots=True)
class Fate:
    """One table on its way: which columns change, what may get lost by that, what is filled in afterwards."""

    table: Table
    personal: frozenset[str]  # hold the registrant's id
    followed: Mapping[str, str]  # column > table whose rows may have been merged into others
    postponed: tuple[Reference, ...]  # NULL at first, filled in when the other table is there
    doubtful: tuple[Reference, ...]  # the row they name may not have been copied
    uniques: tuple[Unique, ...]  # rules that the changes can break
    checks: tuple[Check, ...]
    merges: bool  # other tables must follow rows of this one that were merged

    @property
    def loses(self) -> bool:
        """Whether some of the rows may not be copied."""
        return bool(self.uniques or self.checks or self.doubtful)

    @property
    def changes(self) -> bool:
        """Whether the rows are not simply the same."""
        return bool(self.personal or self.followed or self.postponed or self.loses)

    @property
    def comparable(self) -> list[Unique]:
        """The broken rules whose terms can be worked out before a row is stored."""
        return [rule for rule in self.uniques if rule.columns <= set(self.table.columns)]

    def waiting(self, reference: Reference) -> tuple[str, ...]:
        """The columns of a postponed reference that are NULL at first."""
        return tuple(column for column in reference.columns if column in self.table.nullable)

    def merged_by(self, reference: Reference) -> bool:
        """Whether rows that point here by this reference can follow the ones that were merged."""
        return self.merges and reference.target_columns == self.table.key


def fates(tables: Sequence[Table]) -> list[Fate]:
    """Every table but that of the people, in an order in which each stands after those it points to.

    Raises NotCopyable for tables whose rows cannot be made to follow their people.
    """
    personal = _personal(tables)
    so_far: dict[str, Fate] = {}
    for table, postponed in _ordered(tables):
        so_far[table.name] = _fate(table, postponed, personal, so_far, tables)
    return list(so_far.values())


def _fate(
    table: Table,
    postponed: tuple[Reference, ...],
    personal: frozenset[tuple[str, str]],
    before: Mapping[str, Fate],
    tables: Sequence[Table],
) -> Fate:
    own = frozenset(column for column in table.columns if (table.name, column) in personal)
    doubtful = tuple(ref for ref in table.references if ref.target in before and before[ref.target].loses)
    followed = {ref.columns[0]: ref.target for ref in doubtful if before[ref.target].merged_by(ref)}
    changed = own | followed.keys()
    uniques = tuple(rule for rule in table.uniques if rule.columns & changed)
    checks = tuple(rule for rule in table.checks if rule.columns & changed and rule.columns <= set(table.columns))
    pointed_at = any(
        ref.target == table.name and ref.target_columns == table.key for other in tables for ref in other.references
    )
    merges = (
        any(rule.columns <= set(table.columns) for rule in uniques)
        and pointed_at
        and len(table.key) == 1
        and not changed & set(table.key)
    )
    if uniques or checks or doubtful:
        own_rows = (ref for ref in table.references if ref.target == table.name)
        postponed += tuple(ref for ref in own_rows if _can_wait(table, ref))
    if postponed and (not table.key or changed & set(table.key)):
        raise NotCopyable(f"{table.name} needs a key of its own: its rows are filled in after they were copied")
    return Fate(table, own, followed, postponed, doubtful, uniques, checks, merges)


def _personal(tables: Sequence[Table]) -> frozenset[tuple[str, str]]:
    """The columns, (table, column), that name a person: by a foreign key, or by one to such a column."""
    people = next(table for table in tables if table.name == PEOPLE)
    found = {(PEOPLE, column) for column in people.key}
    size = 0
    while size != len(found):
        size = len(found)
        for table in tables:
            for ref in table.references:
                pairs = zip(ref.columns, ref.target_columns, strict=True)
                found |= {(table.name, column) for column, named in pairs if (ref.target, named) in found}
                if ref.target == PEOPLE and ref.target_columns != people.key:
                    raise NotCopyable(f"{table.name} must name people by their id, not by {ref.target_columns}")
    return frozenset(found)


def _ordered(tables: Sequence[Table]) -> list[tuple[Table, tuple[Reference, ...]]]:
    """The tables in order, each with its references that must wait because they close a circle."""
    waiting = {table.name: table for table in tables if table.name != PEOPLE}
    ordered: list[tuple[Table, tuple[Reference, ...]]] = []
    while waiting:
        open_ = {name: _unmet(table, waiting) for name, table in waiting.items()}
        able = [name for name in waiting if all(_can_wait(waiting[name], ref) for ref in open_[name])]
        if not able:
            raise NotCopyable(f"{', '.join(sorted(waiting))} point to each other and no reference may be empty")
        name = min(able, key=lambda name: (len(open_[name]), name))
        ordered.append((waiting.pop(name), open_[name]))
    return ordered


def _unmet(table: Table, waiting: Mapping[str, Table]) -> tuple[Reference, ...]:
    return tuple(ref for ref in table.references if ref.target in waiting and ref.target != table.name)


def _can_wait(table: Table, reference: Reference) -> bool:
    return bool(table.nullable & set(reference.columns))
