"""Rules on SQL, in migrations and strings: tables are named with their schema, columns by name, no path stays set."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from tests.house.source import Finding, Source, parse

SCHEMAS = {"tenant", "platform", "public", "jobs", "pg_catalog", "information_schema"}
HOLE = "\N{REPLACEMENT CHARACTER}"  # what an f-string fills in

TOKEN = re.compile(
    r"(?P<skip>\s+|--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\$\w*\$)"
    rf'|(?P<word>(?:"[^"]+"|[A-Za-z_{HOLE}][\w{HOLE}$]*)(?:\.(?:"[^"]+"|[A-Za-z_{HOLE}][\w{HOLE}$]*))*)|(?P<sign>.)',
    re.DOTALL,
)
STATEMENT = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*(?:select\s.*\bfrom\b|insert\s+into\b|update\s+\S+\s.*\bset\b|delete\s+from\b|with\s.*\bas\b.*\("
    r"|merge\s+into\b|truncate\s|copy\s.*\b(?:from|to)\b|lock\s+table|(?:create|alter|drop)\s+(?:unlogged\s+|unique\s+)?"
    r"(?:table|index|schema|sequence|function|view|type)\b|set\s+(?:session\s+)?search_path)",
    re.DOTALL | re.IGNORECASE,
)
NAMED = re.compile(r"\b(\w+)\s*(?:\([^()]*\)\s*)?\bAS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(", re.IGNORECASE)
TRANSITION = re.compile(r"\b(?:NEW|OLD)\s+TABLE\s+(?:AS\s+)?(\w+)", re.IGNORECASE)
BEFORE_A_TABLE = {"ONLY", "IF", "NOT", "EXISTS", "LATERAL", "CONCURRENTLY", "TABLE"}
TAKES_FROM = {"EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION"}
ENDS_A_LIST = {
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "RETURNING",
    "SET",
    "UNION",
    "EXCEPT",
    "INTERSECT",
}
ENDS_A_LIST |= {"WINDOW", "FOR", "VALUES", "SELECT", "WHEN", ";"}


def a_table_is_named_with_its_schema(source: Source) -> Iterator[Finding]:
    for line, text in statements(source):
        for at, table in unqualified(text):
            yield Finding(source.path, line + text[:at].count("\n"), f"table {table!r} without its schema")


def columns_are_named(source: Source) -> Iterator[Finding]:
    for line, text in statements(source):
        tokens = _tokens(text)
        for (_, before), (at, token) in pairwise(tokens):
            # `count(*)` and `votes * 2` are not column lists.
            if token == "*" and before.upper() in {"SELECT", "DISTINCT", "ALL", "RETURNING", ",", "."}:
                yield Finding(source.path, line + text[:at].count("\n"), "columns are named, never *")


def a_search_path_ends_with_its_transaction(source: Source) -> Iterator[Finding]:
    for line, text in statements(source):
        for found in re.finditer(r"\bSET\s+(SESSION\s+)?search_path\b", text, re.IGNORECASE):
            yield Finding(source.path, line + text[: found.start()].count("\n"), "SET LOCAL search_path, or none")


def statements(source: Source) -> Iterator[tuple[int, str]]:
    """Migrations, and every string of the product that reads as SQL, with the line where it begins."""
    if source.path.endswith(".sql"):
        yield 1, source.text
    elif source.is_python and source.is_product:
        for node, text in _strings(parse(source)):
            if STATEMENT.match(text) and not text.lstrip()[:2].istitle():
                yield node.lineno, text


def _strings(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)
        yield node, "".join(str(part) for part in parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


def unqualified(text: str) -> Iterator[tuple[int, str]]:
    """Where a table stands without a schema, and its name. A CTE of the text or a function call is no table."""
    known = {name.lower() for name in (*NAMED.findall(text), *TRANSITION.findall(text))}
    tokens = _tokens(text)
    for index in _table_places(tokens):
        at, name = tokens[index]
        called = index + 1 < len(tokens) and tokens[index + 1][1] == "("
        # INSERT INTO place (columns) looks like a call and is none.
        if called and tokens[index - 1][1].upper() not in {"INTO", "TABLE", "EXISTS", "REFERENCES", "ON", "COPY"}:
            continue
        schema = name.split(".")[0].strip('"') if "." in name else None
        bare = schema is None and name.lower() not in known and HOLE not in name
        foreign = schema is not None and schema not in SCHEMAS and HOLE not in schema
        if (bare or foreign) and (name[0].isalpha() or name[0] in '_"'):
            yield at, name


def _table_places(tokens: list[tuple[int, str]]) -> Iterator[int]:
    """Indexes of the tokens that stand where a table's name is expected."""
    open_lists = [False]  # per depth of parentheses: whether a comma leads to the next table of a FROM
    in_index = removes = False
    for index, (_, token) in enumerate(tokens):
        word, before, after = token.upper(), _word(tokens, index - 1), _word(tokens, index + 1)
        if token == "(":
            open_lists.append(False)
        elif token == ")" and len(open_lists) > 1:
            open_lists.pop()
        elif token == "," and open_lists[-1]:
            yield _next_name(tokens, index + 1)
        elif word in ENDS_A_LIST:
            open_lists[-1], in_index = False, False
        elif word == "INDEX" and before in {"CREATE", "UNIQUE"}:
            in_index = True
        elif word in {"DELETE", "MERGE"}:
            removes = True
        elif word == "USING" and removes and after != "(":
            removes, open_lists[-1] = False, True
            yield _next_name(tokens, index + 1)
        elif _leads_to_a_table(word, before, after) and not (word == "FROM" and _inside_a_call(tokens, index)):
            open_lists[-1] = open_lists[-1] or word == "FROM"
            yield _next_name(tokens, index + 1)
        elif word == "ON" and in_index:
            in_index = False
            yield _next_name(tokens, index + 1)


def _leads_to_a_table(word: str, before: str, after: str) -> bool:
    if word == "FROM":
        return before != "DISTINCT"
    if word == "UPDATE":
        passive = {"DO", "FOR", "KEY", "ON", "BEFORE", "AFTER", "OR", "THEN", "GRANT"}
        return before not in passive and after not in {"", "SET", "OF", "ON", ",", "ADD"}
    if word == "INTO":
        return before in {"INSERT", "MERGE"}
    if word == "TABLE":
        return before in {"CREATE", "UNLOGGED", "ALTER", "DROP", "LOCK", "TRUNCATE"}
    return word in {"JOIN", "REFERENCES", "TRUNCATE", "COPY"} and after != "TABLE"


def _inside_a_call(tokens: list[tuple[int, str]], index: int) -> bool:
    """Whether this FROM belongs to EXTRACT(… FROM …) and its like."""
    depth = 0
    for back in range(index - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(tokens[back][1], 0)
        if depth < 0:
            return _word(tokens, back - 1) in TAKES_FROM
    return False


def _next_name(tokens: list[tuple[int, str]], index: int) -> int:
    while _word(tokens, index) in BEFORE_A_TABLE:
        index += 1
    return min(index, len(tokens) - 1)


def _word(tokens: list[tuple[int, str]], index: int) -> str:
    return tokens[index][1].upper() if 0 <= index < len(tokens) else ""


def _tokens(text: str) -> list[tuple[int, str]]:
    return [(found.start(), found[0]) for found in TOKEN.finditer(text) if not found["skip"]]
