"""From the SQL that people write to the SQL that the driver takes.

Statements say `tenant.idea` and `:limit`; here the pseudo-schema becomes the tenant's quoted schema and
the names become positions. Both are cached, so a hot statement costs two dictionary look-ups.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NewType

Schema = NewType("Schema", str)
PUBLIC = Schema("public")

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

# Literals, quoted names, comments and casts are stepped over, so that a colon inside them is left alone.
_TOKEN = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \$\$.*?\$\$ | ::
    | (?P<schema>\btenant\.)(?=[a-z_"])
    | :(?P<name>[a-z_][a-z0-9_]*)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$n` positions, and the names that fill them in order."""

    text: str
    names: tuple[str, ...]


def schema_name(text: str) -> Schema:
    """The text as a schema name that may stand in SQL. Raises ValueError for anything else."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text!r} is no schema name")
    return Schema(text)


# 8,192 entries hold about 40 statements of 200 hot tenants; asyncpg keeps its own prepared ones beside it.
@lru_cache(maxsize=8192)
def compiled(sql: str, schema: Schema) -> Statement:
    """The statement for one schema. The same SQL and schema give the same text, so the driver's cache hits too."""
    return _compiled(sql, schema)


def _compiled(sql: str, schema: Schema) -> Statement:
    quoted = f'"{schema_name(schema)}".'
    names: list[str] = []

    def replace(match: re.Match[str]) -> str:
        if match["schema"]:
            return quoted
        name = match["name"]
        if name is None:
            return match[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return Statement(_TOKEN.sub(replace, sql), tuple(names))


def script(sql: str, schema: Schema) -> str:
    """A migration script for one schema: several statements, no parameters. It runs once, so it is not remembered."""
    statement = _compiled(sql, schema)
    if statement.names:
        raise ValueError(f"a script takes no parameters, this one has {statement.names}")
    return statement.text
