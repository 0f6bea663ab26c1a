"""The copy of public as one SQL script, written from the tables' fates. Every row moves inside the database.

Ids are kept. Sequences are advanced past them, or the first insert would collide.
"""

# ruff: noqa: S608 - every name comes from PostgreSQL's own catalogue and is quoted here

from collections.abc import Iterator, Sequence

from clerestory.platform.database import Schema, schema_name
from clerestory.platform.provisioning.catalogue import Reference, Table, Unique
from clerestory.platform.provisioning.fate import Fate, fates

REGISTRANT = 1
"""The registrant's id in a new schema: nobody else is there."""


def copy_script(tables: Sequence[Table], schema: Schema) -> str:
    """Statements that fill the new schema from public. It has its tables and the registrant already."""
    return "\n".join(_Writer(f'"{schema_name(schema)}"', fates(tables)).statements(tables))


class _Writer:
    """Writes for one schema. Where rows are merged, a passing table {gone, stays} says which became which."""

    def __init__(self, schema: str, plan: Sequence[Fate]) -> None:
        self._schema = schema
        self._plan = plan
        self._by_name = {fate.table.name: fate for fate in plan}
        self._merged = {
            fate.table.name: f"{schema}.copy_merged_{number}" for number, fate in enumerate(plan) if fate.merges
        }

    def statements(self, tables: Sequence[Table]) -> Iterator[str]:
        copied = [fate.table for fate in self._plan]
        switched = [self._to(table.name) for table in copied if table.has_triggers]
        # Deferred rules are looked at now: a table with checks pending cannot have its triggers switched.
        yield "SET CONSTRAINTS ALL IMMEDIATE;"
        yield from (f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in switched)
        # What migrations put there is in public too, where it may have been changed since.
        yield from (f"DELETE FROM {self._to(table.name)};" for table in reversed(copied) if table.has_rows)
        for fate in self._plan:
            yield self._insert(fate)
            if fate.merges:
                yield self._merge(fate)
        for fate in self._plan:
            yield from (self._fill_in(fate, reference) for reference in fate.postponed)
        yield from (f"DROP TABLE {name};" for name in self._merged.values())
        yield from (f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in switched)
        yield from (self._advance(table, column) for table in tables for column in table.numbered)

    def _to(self, table: str) -> str:
        return f"{self._schema}.{_quoted(table)}"

    def _insert(self, fate: Fate) -> str:
        table = fate.table
        columns = ", ".join(map(_quoted, table.columns))
        head = f"INSERT INTO {self._to(table.name)} ({columns}) OVERRIDING SYSTEM VALUE"
        if not fate.changes:
            return f"{head} SELECT {columns} FROM public.{_quoted(table.name)};"
        kept = [f"({check.rule}) IS NOT FALSE" for check in fate.checks]
        kept += [self._names_a_row(reference) for reference in fate.doubtful]
        # Which of several rows stays is the same for every tenant: the first by key.
        order = ", ".join(map(_quoted, table.key))
        return (
            f"{head} SELECT {columns} FROM ({self._repointed(fate)}) AS copied"
            + (f" WHERE {' AND '.join(kept)}" if kept else "")
            + (f" ORDER BY {order}" if fate.uniques and order else "")
            + (" ON CONFLICT DO NOTHING" if fate.uniques else "")
            + ";"
        )

    def _repointed(self, fate: Fate) -> str:
        """The rows of public with their references as they will be, as a SELECT."""
        postponed = {column for reference in fate.postponed for column in fate.waiting(reference)}
        values = (
            f"CASE WHEN false THEN source.{_quoted(column)} END" if column in postponed else self._value(fate, column)
            for column in fate.table.columns
        )
        columns = zip(values, fate.table.columns, strict=True)
        listed = ", ".join(f"{value} AS {_quoted(column)}" for value, column in columns)
        return f"SELECT {listed} FROM public.{_quoted(fate.table.name)} AS source"

    def _value(self, fate: Fate, column: str) -> str:
        source = f"source.{_quoted(column)}"
        if column in fate.personal:
            return f"CASE WHEN {source} IS NOT NULL THEN {REGISTRANT} END"
        return self._followed(fate.followed.get(column, ""), source)

    def _followed(self, target: str, value: str) -> str:
        """The value as it names its row now: itself, unless that row was merged into another."""
        if target not in self._merged:
            return value
        merged = self._merged[target]
        return f"coalesce((SELECT merged.stays FROM {merged} AS merged WHERE merged.gone = {value}), {value})"

    def _names_a_row(self, reference: Reference) -> str:
        columns = [f"copied.{_quoted(column)}" for column in reference.columns]
        empty = " OR ".join(f"{column} IS NULL" for column in columns)
        return f"({empty} OR {self._exists(reference, columns)})"

    def _exists(self, reference: Reference, values: Sequence[str]) -> str:
        pairs = zip(reference.target_columns, values, strict=True)
        same = " AND ".join(f"there.{_quoted(named)} = {value}" for named, value in pairs)
        return f"EXISTS (SELECT FROM {self._to(reference.target)} AS there WHERE {same})"

    def _merge(self, fate: Fate) -> str:
        """Fills {gone, stays}: for each row that a unique rule refused, the row that stood in its way."""
        merged = self._merged[fate.table.name]
        pairs = " UNION ALL ".join(self._refused(fate, rule) for rule in fate.comparable)
        return (
            f"CREATE TABLE {merged} AS SELECT DISTINCT ON (gone) gone, stays FROM ({pairs}) AS pairs"
            f" ORDER BY gone, stays; ALTER TABLE {merged} ADD PRIMARY KEY (gone);"
        )

    def _refused(self, fate: Fate, rule: Unique) -> str:
        key, to = _quoted(fate.table.key[0]), self._to(fate.table.name)
        places = range(len(rule.terms))
        terms = ", ".join([f"{key} AS row_key", *(f"{rule.terms[place]} AS term_{place}" for place in places)])
        holds = f" WHERE {rule.predicate}" if rule.predicate else ""
        equals = "=" if rule.nulls_differ else "IS NOT DISTINCT FROM"
        return (
            f"SELECT lost.row_key AS gone, kept.row_key AS stays"
            f" FROM (SELECT {terms} FROM ({self._repointed(fate)}) AS copied{holds}) AS lost"
            f" JOIN (SELECT {terms} FROM {to} AS copied{holds}) AS kept"
            f" ON {' AND '.join(f'lost.term_{place} {equals} kept.term_{place}' for place in places)}"
            f" WHERE NOT EXISTS (SELECT FROM {to} AS there WHERE there.{key} = lost.row_key)"
        )

    def _fill_in(self, fate: Fate, reference: Reference) -> str:
        table, waiting = fate.table, fate.waiting(reference)
        target = reference.target if self._by_name[reference.target].merged_by(reference) else ""
        values = {
            column: self._value(fate, column)
            if column in fate.personal
            else self._followed(target, f"source.{_quoted(column)}")
            for column in reference.columns
        }
        changed = ", ".join(f"{_quoted(column)} = {values[column]}" for column in waiting)
        same = " AND ".join(f"copied.{_quoted(column)} = source.{_quoted(column)}" for column in table.key)
        return (
            f"UPDATE {self._to(table.name)} AS copied SET {changed} FROM public.{_quoted(table.name)} AS source"
            f" WHERE {same} AND {self._exists(reference, list(values.values()))};"
        )

    def _advance(self, table: Table, column: str) -> str:
        named = _literal(self._to(table.name)), _literal(column)
        last = f"(SELECT max({_quoted(column)}) FROM {self._to(table.name)})"
        return f"SELECT setval(pg_get_serial_sequence({', '.join(named)}), coalesce({last}, 0) + 1, false);"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
