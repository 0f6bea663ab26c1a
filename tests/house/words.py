"""Rules on what may not be written: silenced checks, unfinished work, this machine, all errors caught, open markup."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.house.source import CODE, Finding, Source, parse

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
# With a letter in brackets here and there, so that this file keeps its own rules.
MACHINE = re.compile(r"(?<![\w.])/(work|farm)/|/tmp/[b]ash|\b[s]hared/(contracts|research|seeds|design|style)")
REGISTRY = re.compile(r"py[p]i\.org|python[h]osted\.org|registry\.[n]pmjs|proxy\.[g]olang\.org", re.IGNORECASE)
SILENCED = re.compile(
    r"#\s*(?:type:\s*ignore|noqa|ruff:\s*noqa|mypy:\s*\S+)(?P<codes>\[[^]]*\]|:\s*[A-Z0-9, ]+)?(?P<why>.*)"
)
ENVIRONMENTS = {"Environment", "SandboxedEnvironment", "ImmutableSandboxedEnvironment", "NativeEnvironment"}
MAY_CATCH_ALL = ("src/clerestory/platform/http/", "src/clerestory/platform/jobs/", "tests/", "bench/")


def nothing_is_left_unfinished(source: Source) -> Iterator[Finding]:
    if source.is_python:
        for node in ast.walk(parse(source)):
            if isinstance(node, ast.Name) and node.id == "NotImplementedError":
                yield Finding(source.path, node.lineno, "a stub: write it, or leave it out")
        spoken = [(line, text) for line, text in _comments(source)]
        spoken += [(line, text) for line, text in _docstrings(source)]
    elif source.path.startswith(CODE):
        spoken = list(enumerate(source.text.splitlines(), 1))
    else:
        return
    for line, text in spoken:
        if UNFINISHED.search(text):
            yield Finding(source.path, line, "unfinished work belongs to an issue, not into the code")


def a_silenced_check_says_why(source: Source) -> Iterator[Finding]:
    """`# noqa: S608 - the names come from our own registry`: codes, and then at least two words."""
    if not source.is_python:
        return
    for line, text in _comments(source):
        silenced = SILENCED.search(text)
        if silenced and (not silenced["codes"] or len(re.findall(r"\w+", silenced["why"])) < 2):
            yield Finding(source.path, line, "a silenced check names its code and gives a reason beside it")


def no_test_is_switched_off(source: Source) -> Iterator[Finding]:
    if not source.is_python or source.path == "tests/fixtures/browser.py":
        return
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Attribute) and re.fullmatch(r"pytest\.mark\.(skip|xfail)", ast.unparse(node)):
            yield Finding(source.path, node.lineno, "a test that cannot pass is not in the tree")


def everything_is_caught_only_where_it_can_be_answered(source: Source) -> Iterator[Finding]:
    """`except Exception` stands in platform/http and platform/jobs; elsewhere BaseException may be passed on."""
    if not source.is_python or source.path.startswith(MAY_CATCH_ALL):
        return
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.ExceptHandler) and not _passes_on(node):
            caught = {"BaseException"} if node.type is None else _names(node.type)
            if caught & {"Exception", "BaseException"}:
                yield Finding(source.path, node.lineno, "catches everything; name what can be answered here")
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            caught = {name for argument in node.args for name in _names(argument)}
            if caught & {"Exception", "BaseException"}:
                yield Finding(source.path, node.lineno, "suppresses everything; name what may be ignored")


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Names BaseException, so that it is seen what is held up, and raises it again, if only past its own share."""
    everything = handler.type is not None and "BaseException" in _names(handler.type)
    return everything and any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def _names(node: ast.expr) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}


def nothing_names_this_machine(source: Source) -> Iterator[Finding]:
    for line, text in enumerate(source.text.splitlines(), 1):
        if MACHINE.search(text):
            yield Finding(source.path, line, "a path of the machine it was written on")
        if REGISTRY.search(text):
            yield Finding(
                source.path, line, "the host of a package registry; which one is used is the operator's choice"
            )


def a_template_escapes(source: Source) -> Iterator[Finding]:
    """Environments say `autoescape`, never a plain False without a reason; no template switches it off."""
    if source.path.endswith((".html", ".jinja", ".j2")):
        for line, text in enumerate(source.text.splitlines(), 1):
            if re.search(r"\{%-?\s*autoescape\s+false|\|\s*safe\b", text) and "{# safe:" not in text:
                yield Finding(source.path, line, "unescaped; if it must be, say why on the line: {# safe: … #}")
    if not source.is_python or not source.is_product or "jinja2" not in source.text:
        return
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ENVIRONMENTS:
            given = {option.arg: option.value for option in node.keywords}.get("autoescape")
            told = "# plain text:" in "\n".join(source.text.splitlines()[node.lineno - 1 : node.end_lineno])
            if given is None or (isinstance(given, ast.Constant) and given.value is not True and not told):
                yield Finding(source.path, node.lineno, "autoescape is on, or `# plain text: why` stands beside it")


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _docstrings(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""
