"""What the tables of a schema look like, read from PostgreSQL's catalogue: columns, keys, rules. Reads only."""

from dataclasses import dataclass

import msgspec

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key within the schema: these columns name those of `target`."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique or exclusion rule: SQL terms over the table's `columns`, and for which rows it holds (None: all)."""

    columns: frozenset[str]
    terms: tuple[str, ...]
    predicate: str | None
    nulls_differ: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A check rule, as SQL over the table's columns."""

    columns: frozenset[str]
    rule: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `columns` are those that take a value; `numbered` are drawn from a sequence."""

    name: str
    columns: tuple[str, ...]
    nullable: frozenset[str]
    numbered: tuple[str, ...]
    key: tuple[str, ...]
    has_rows: bool
    has_triggers: bool
    references: tuple[Reference, ...]
    uniques: tuple[Unique, ...]
    checks: tuple[Check, ...]


async def read_tables(tx: Runner) -> list[Table]:
    """The tables of the schema that `tx` speaks to, by name; a partitioned table counts as one.

    Rules that call the schema's own functions say `tenant.` for it, so they hold in any other schema.
    """
    texts = await tx.values(_TABLES, schema=tx.schema)
    return [msgspec.json.decode(text.replace(f"{tx.schema}.", "tenant."), type=Table) for text in texts]


# One object a table, shaped like Table. Terms and predicates come without the table's name, so that they can be
# evaluated over any row source with the same columns.
_TABLES = """
SELECT jsonb_build_object(
         'name', entry.relname,
         'columns', (
             SELECT coalesce(jsonb_agg(attname ORDER BY attnum), '[]')
               FROM pg_catalog.pg_attribute
              WHERE attrelid = entry.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
         'nullable', (
             SELECT coalesce(jsonb_agg(attname), '[]')
               FROM pg_catalog.pg_attribute
              WHERE attrelid = entry.oid AND attnum > 0 AND NOT attisdropped AND NOT attnotnull),
         'numbered', (
             SELECT coalesce(jsonb_agg(attname ORDER BY attnum), '[]')
               FROM pg_catalog.pg_attribute
              WHERE attrelid = entry.oid AND attnum > 0 AND NOT attisdropped
                AND pg_get_serial_sequence(entry.oid::regclass::text, attname) IS NOT NULL),
         'key', (
             SELECT coalesce(jsonb_agg(attname ORDER BY place), '[]')
               FROM pg_catalog.pg_constraint AS rule
              CROSS JOIN unnest(rule.conkey) WITH ORDINALITY AS part (number, place)
               JOIN pg_catalog.pg_attribute ON attrelid = rule.conrelid AND attnum = part.number
              WHERE rule.conrelid = entry.oid AND rule.contype = 'p'),
         'has_rows', pg_relation_size(entry.oid) > 0,
         'has_triggers', EXISTS (
             SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = entry.oid AND NOT tgisinternal),
         'references', (
             SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'columns', (
                          SELECT jsonb_agg(attname ORDER BY place)
                            FROM unnest(rule.conkey) WITH ORDINALITY AS part (number, place)
                            JOIN pg_catalog.pg_attribute ON attrelid = rule.conrelid AND attnum = part.number),
                      'target', target.relname,
                      'target_columns', (
                          SELECT jsonb_agg(attname ORDER BY place)
                            FROM unnest(rule.confkey) WITH ORDINALITY AS part (number, place)
                            JOIN pg_catalog.pg_attribute ON attrelid = rule.confrelid AND attnum = part.number)
                    ) ORDER BY rule.conname), '[]')
               FROM pg_catalog.pg_constraint AS rule
               JOIN pg_catalog.pg_class AS target ON target.oid = rule.confrelid
              WHERE rule.conrelid = entry.oid AND rule.contype = 'f'
                AND target.relnamespace = entry.relnamespace AND NOT target.relispartition),
         'uniques', (
             SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'columns', (
                          SELECT coalesce(jsonb_agg(DISTINCT attname), '[]')
                            FROM pg_catalog.pg_attribute
                           WHERE attrelid = entry.oid AND (
                                 attnum = ANY (rule.indkey)
                              OR attnum IN (
                                 SELECT refobjsubid
                                   FROM pg_catalog.pg_depend
                                  WHERE classid = 'pg_class'::regclass AND objid = rule.indexrelid
                                    AND refobjid = rule.indrelid AND refobjsubid > 0))),
                      'terms', (
                          SELECT jsonb_agg(pg_get_indexdef(rule.indexrelid, place, false) ORDER BY place)
                            FROM generate_series(1, rule.indnkeyatts::integer) AS place),
                      'predicate', pg_get_expr(rule.indpred, rule.indrelid),
                      'nulls_differ', NOT rule.indnullsnotdistinct
                    ) ORDER BY rule.indexrelid), '[]')
               FROM pg_catalog.pg_index AS rule
              WHERE rule.indrelid = entry.oid AND (rule.indisunique OR rule.indisexclusion)),
         'checks', (
             SELECT coalesce(jsonb_agg(jsonb_build_object(
                      'columns', (
                          SELECT coalesce(jsonb_agg(attname), '[]')
                            FROM pg_catalog.pg_attribute
                           WHERE attrelid = entry.oid AND attnum = ANY (rule.conkey)),
                      'rule', pg_get_expr(rule.conbin, rule.conrelid)
                    ) ORDER BY rule.conname), '[]')
               FROM pg_catalog.pg_constraint AS rule
              WHERE rule.conrelid = entry.oid AND rule.contype = 'c')
       )::text
  FROM pg_catalog.pg_class AS entry
  JOIN pg_catalog.pg_namespace AS space ON space.oid = entry.relnamespace
 WHERE space.nspname = :schema AND entry.relkind IN ('r', 'p') AND NOT entry.relispartition
 ORDER BY entry.relname
"""
