"""For each rule what it must find, and what looks alike and is allowed. Kept as text: nothing here is ever imported."""

from dataclasses import dataclass

from tests.house.source import Source

ANY = "src/clerestory/site/planted.py"
STORE = "src/clerestory/families/planted/store.py"
MIGRATION = "src/clerestory/families/planted/migrations/0001_first.sql"
HERE = "/".join(["", "work", "main"])  # in parts, so that this file keeps the rule
SHARED = "/".join(["shared", "design.md"])
HOST = ".".join(["https://pypi", "org"])
PAGE = "src/clerestory/site/templates/planted.html"


@dataclass(frozen=True, slots=True)
class Example:
    rule: str
    sources: tuple[Source, ...]
    lines: list[int]

    def title(self) -> str:
        return f"{self.rule}-{self.sources[0].text.strip()[:40]!r}"


def found(rule: str, text: str, path: str = ANY, line: int = 1) -> Example:
    return Example(rule, (Source(path, text),), [line])


def allowed(rule: str, text: str, path: str = ANY) -> Example:
    return Example(rule, (Source(path, text),), [])


def among(rule: str, lines: list[int], **files: str) -> Example:
    """Several modules of the family `planted` by name, with their texts; what is found, is found in the first."""
    folder = "src/clerestory/families/planted/"
    return Example(rule, tuple(Source(f"{folder}{name}.py", text) for name, text in files.items()), lines)


ONE = "from clerestory.families.planted import "

SHAPES = [
    found("a_file_is_at_most_300_lines", "x = 1\n" * 301, line=301),
    found("a_function_is_at_most_50_lines", "def f():\n" + "    x = 1\n" * 50),
    found("a_function_has_at_most_5_parameters", "def f(a, b, c, d, *, e, f): ..."),
    found("a_function_has_at_most_5_parameters", "class A:\n    def f(self, a, b, c, d, e, *f): ...", line=2),
    found("a_module_opens_with_what_it_is", "x = 1"),
    found("a_module_opens_with_what_it_is", '"""One.\n\nTwo\nthree\nfour\nfive\nsix.\n"""'),
    found("a_module_is_named_by_what_it_does", '"""Says little."""', "src/clerestory/kernel/utils.py"),
    found("a_module_is_named_by_what_it_does", '"""Says little."""', "src/clerestory/platform/helpers/__init__.py"),
    found("a_module_is_named_by_what_it_does", '"""Says little."""', "src/clerestory/families/planted/job_manager.py"),
    found("a_coroutine_waits", "async def f():\n    return 1"),
    found("a_coroutine_waits", "async def f():\n    async def g():\n        await h()\n    return g"),
]
WORDS = [
    found("nothing_is_left_unfinished", "x = 1  # TODO: later"),
    found("nothing_is_left_unfinished", "def f():\n    raise NotImplementedError", line=2),
    found("nothing_is_left_unfinished", '"""Does it. FIXME."""'),
    found("nothing_is_left_unfinished", "-- XXX slow\nSELECT 1;", MIGRATION),
    found("a_silenced_check_says_why", "import x  # noqa"),
    found("a_silenced_check_says_why", "import x  # noqa: F401"),
    found("a_silenced_check_says_why", "import x  # type: ignore"),
    found("a_silenced_check_says_why", "import x  # type: ignore[attr-defined]  # wrong"),
    found("no_test_is_switched_off", "import pytest\n@pytest.mark.skip\ndef test(): ...", "tests/test_planted.py", 2),
    found("everything_is_caught_only_where_it_can_be_answered", "try:\n    f()\nexcept Exception:\n    pass", line=3),
    found(
        "everything_is_caught_only_where_it_can_be_answered",
        "try:\n    f()\nexcept (OSError, Exception):\n    raise",
        line=3,
    ),
    found("everything_is_caught_only_where_it_can_be_answered", "try:\n    f()\nexcept:\n    pass", line=3),
    found("everything_is_caught_only_where_it_can_be_answered", "with contextlib.suppress(Exception):\n    f()"),
    found("nothing_names_this_machine", f"see {HERE}", "README.md"),
    found("nothing_names_this_machine", f"see {SHARED}", "README.md"),
    found("nothing_names_this_machine", f"index = {HOST}", "lock/runtime.txt"),
    found("a_template_escapes", "<p>{{ name | safe }}</p>", PAGE),
    found("a_template_escapes", "<p>\n{% autoescape false %}{{ name }}", PAGE, 2),
    found("a_template_escapes", "pages = jinja2.Environment(loader=loader)"),
    found("a_template_escapes", "from jinja2 import Environment\npages = Environment(autoescape=False)", line=2),
]
STATEMENTS = [
    found("a_table_is_named_with_its_schema", "SQL = 'SELECT id FROM idea WHERE id = :id'", STORE),
    found(
        "a_table_is_named_with_its_schema",
        'SQL = """\n  SELECT id\n    FROM tenant.idea\n    JOIN vote USING (id)"""',
        STORE,
        4,
    ),
    found("a_table_is_named_with_its_schema", "SQL = 'SELECT a.id FROM tenant.idea AS a, vote WHERE a.id = 1'", STORE),
    found("a_table_is_named_with_its_schema", "SQL = 'INSERT INTO idea (id) VALUES (:id)'", STORE),
    found("a_table_is_named_with_its_schema", "SQL = 'UPDATE idea SET votes = 1'", STORE),
    found("a_table_is_named_with_its_schema", "SQL = 'update idea set votes = 1'", STORE),
    found(
        "a_table_is_named_with_its_schema",
        "SQL = 'DELETE FROM tenant.idea AS i USING vote WHERE i.id = vote.id'",
        STORE,
    ),
    found("a_table_is_named_with_its_schema", "SQL = 'SELECT id FROM acme.idea WHERE id = :id'", STORE),
    found(
        "a_table_is_named_with_its_schema",
        "SQL = 'WITH a AS (SELECT id FROM idea WHERE id = 1) SELECT id FROM a'",
        STORE,
    ),
    found("a_table_is_named_with_its_schema", "SQL = f'SELECT {columns} FROM idea'", STORE),
    found("a_table_is_named_with_its_schema", "CREATE TABLE idea (id bigint);", MIGRATION),
    found(
        "a_table_is_named_with_its_schema",
        "CREATE TABLE tenant.a (id bigint,\n b bigint REFERENCES idea (id));",
        MIGRATION,
        2,
    ),
    found("a_table_is_named_with_its_schema", "CREATE UNIQUE INDEX ON idea (id);", MIGRATION),
    found("a_table_is_named_with_its_schema", "ALTER TABLE IF EXISTS idea ADD COLUMN votes bigint;", MIGRATION),
    found("columns_are_named", "SQL = 'SELECT * FROM tenant.idea'", STORE),
    found("columns_are_named", "SQL = 'SELECT i.* FROM tenant.idea AS i'", STORE),
    found("columns_are_named", "SQL = 'INSERT INTO tenant.idea (id) VALUES (1) RETURNING *'", STORE),
    found("a_search_path_ends_with_its_transaction", "SQL = 'SET search_path = acme'", STORE),
    found("a_search_path_ends_with_its_transaction", "SET SESSION search_path TO acme;", MIGRATION),
]
GRAPHS = [
    among("no_module_imports_itself_through_others", [1], one=ONE + "two", two=ONE + "one"),
    among("no_module_imports_itself_through_others", [1], one="def f():\n    " + ONE + "two", two=ONE + "one"),
    among("no_module_imports_itself_through_others", [1], __init__=ONE + "one", one=ONE + "FAMILY"),
    among("routes_are_imported_by_their_package_alone", [1], verb=ONE + "routes", routes=""),
    among("a_model_imports_models_and_the_kernel", [1], model=ONE + "verb", verb=""),
    among("structs_stand_in_wire", [1], verb="class Body(msgspec.Struct):\n    code: str"),
]
REFUSED = [*SHAPES, *WORDS, *STATEMENTS, *GRAPHS]

ACCEPTED = [
    allowed("a_function_has_at_most_5_parameters", "class A:\n    def f(self, a, b, c, d, *, e): ..."),
    allowed("a_function_has_at_most_5_parameters", "@commands.command()\ndef serve(a, b, c, d, e, f): ..."),
    allowed("a_coroutine_waits", "async def f():\n    async with g() as h:\n        return h"),
    allowed("a_coroutine_waits", "async def f():\n    yield 1"),
    allowed("a_coroutine_waits", "async def f():\n    return [x async for x in g()]"),
    allowed(
        "a_coroutine_waits", "async def f(request):  # async: Starlette runs anything else in a thread\n    return 1"
    ),
    allowed("a_coroutine_waits", "async def get_status(scope: Scope, request: Request) -> Response:\n    return UP"),
    allowed("a_coroutine_waits", "class Dialect(Protocol):\n    async def token(self) -> str: ..."),
    allowed("nothing_is_left_unfinished", "words = 'TODO'"),
    allowed("a_silenced_check_says_why", "import x  # noqa: F401 - imported so that it registers itself"),
    allowed("a_silenced_check_says_why", "import x  # type: ignore[attr-defined]  # the stubs lack this name"),
    allowed(
        "everything_is_caught_only_where_it_can_be_answered", "try:\n    f()\nexcept BaseException:\n    g()\n    raise"
    ),
    allowed(
        "everything_is_caught_only_where_it_can_be_answered",
        "try:\n    f()\nexcept Exception:\n    g()",
        "src/clerestory/platform/http/shell.py",
    ),
    allowed("nothing_names_this_machine", "make work/day and network/", "README.md"),
    allowed("a_template_escapes", "class Environment(StrEnum): ...\nEnvironment(text)"),
    allowed("a_template_escapes", "from jinja2 import Environment\npages = Environment(autoescape=True)"),
    allowed(
        "a_template_escapes",
        "import jinja2\nmails = jinja2.Environment(autoescape=False)  # plain text: an SMS has no markup",
    ),
    allowed("a_table_is_named_with_its_schema", "WORDS = 'Select the client from the list'"),
    allowed(
        "a_table_is_named_with_its_schema", "SQL = 'WITH a (id) AS (SELECT id FROM tenant.b) SELECT id FROM a'", STORE
    ),
    allowed(
        "a_table_is_named_with_its_schema", "SQL = 'SELECT id FROM unnest(:ids) AS given (id), lateral f(id)'", STORE
    ),
    allowed(
        "a_table_is_named_with_its_schema",
        "SQL = 'SELECT extract(epoch FROM made) FROM tenant.a WHERE b IS DISTINCT FROM c'",
        STORE,
    ),
    allowed(
        "a_table_is_named_with_its_schema",
        "SQL = 'SELECT id FROM platform.a, (SELECT 1) AS b FOR UPDATE SKIP LOCKED'",
        STORE,
    ),
    allowed(
        "a_table_is_named_with_its_schema",
        "SQL = 'INSERT INTO tenant.a (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2 RETURNING id, made'",
        STORE,
    ),
    allowed("a_table_is_named_with_its_schema", "SQL = f'INSERT INTO {schema}.a (id) SELECT id FROM {table}'", STORE),
    allowed(
        "a_table_is_named_with_its_schema",
        "SQL = \"SELECT id FROM tenant.a WHERE b = 'from nowhere' -- from here\"",
        STORE,
    ),
    allowed(
        "a_table_is_named_with_its_schema",
        "CREATE TABLE IF NOT EXISTS tenant.a (id bigint REFERENCES tenant.b (id) ON UPDATE CASCADE);\n"
        "CREATE INDEX a_id ON tenant.a USING gin (id);\nALTER TABLE ONLY tenant.a ALTER id TYPE int USING id::int;\n"
        "GRANT SELECT, UPDATE ON tenant.a TO reader;",
        MIGRATION,
    ),
    allowed("columns_are_named", "SQL = 'SELECT count(*), votes * 2 FROM tenant.idea'", STORE),
    allowed("a_search_path_ends_with_its_transaction", "SQL = 'SET LOCAL search_path = acme'", STORE),
    among("no_module_imports_itself_through_others", [], __init__=ONE + "one, two", one=ONE + "two", two=""),
    among("routes_are_imported_by_their_package_alone", [], __init__=ONE + "routes", routes=""),
    among("a_model_imports_models_and_the_kernel", [], model="from clerestory.kernel import ids\nimport datetime"),
    among("structs_stand_in_wire", [], wire="class Body(msgspec.Struct):\n    code: str"),
]
