"""Rules on size and form: how long, how many, how named, what a module opens with, what waits."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.house.source import CODE, Finding, Source, functions, parse, text_around

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MOST_PARAMETERS = 5
LONGEST_OPENING = 5
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "managers", "manager", "handlers", "handler", "data", "info"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def a_file_is_at_most_300_lines(source: Source) -> Iterator[Finding]:
    if source.is_python and (lines := len(source.text.splitlines())) > LONGEST_FILE:
        yield Finding(source.path, LONGEST_FILE + 1, f"{lines} lines; a file has at most {LONGEST_FILE}")


def a_function_is_at_most_50_lines(source: Source) -> Iterator[Finding]:
    if not source.is_python:
        return
    for function, _ in functions(source):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield Finding(
                source.path, function.lineno, f"{function.name} has {lines} lines; {LONGEST_FUNCTION} at most"
            )


def a_function_has_at_most_5_parameters(source: Source) -> Iterator[Finding]:
    """Keyword-only ones count, self and cls do not, nor do the options of a command: those are its wire."""
    if not source.is_python:
        return
    for function, parent in functions(source):
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        count = len(named) + (given.vararg is not None) + (given.kwarg is not None)
        if isinstance(parent, ast.ClassDef) and "staticmethod" not in _decorators(function):
            count -= 1
        if count > MOST_PARAMETERS and not _decorators(function) & {"command", "callback"}:
            words = f"{function.name} has {count} parameters; past {MOST_PARAMETERS} it is a dataclass"
            yield Finding(source.path, function.lineno, words)


def a_module_opens_with_what_it_is(source: Source) -> Iterator[Finding]:
    if not source.is_python or not source.text.strip():
        return
    opening = ast.get_docstring(parse(source))
    if not opening:
        yield Finding(source.path, 1, "no docstring: say what the module is and what it refuses to do")
    elif sum(map(bool, opening.splitlines())) > LONGEST_OPENING:
        yield Finding(source.path, 1, f"the docstring has over {LONGEST_OPENING} lines: these are two modules")


def a_module_is_named_by_what_it_does(source: Source) -> Iterator[Finding]:
    if not source.is_python or not source.path.startswith(CODE):
        return
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if EMPTY_WORDS & set(part.split("_")[-1:]):
            yield Finding(source.path, 1, f"{part!r} names nothing: say what it does")


def a_coroutine_waits(source: Source) -> Iterator[Finding]:
    """An async function awaits. One that somebody else's protocol wants so says it beside its head: `# async: why`."""
    if not source.is_python or not source.path.startswith(("src/", "bench/")):
        return
    for function, parent in functions(source):
        if isinstance(function, ast.FunctionDef) or _is_declared_only(function, parent):
            continue
        waits = any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith | ast.Yield) for node in _own(function))
        generators = any(isinstance(node, ast.comprehension) and node.is_async for node in _own(function))
        if not waits and not generators and "# async:" not in text_around(source, function):
            yield Finding(source.path, function.lineno, f"async {function.name} waits for nothing")


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions inside it."""
    queue: list[ast.AST] = list(function.body)
    while queue:
        node = queue.pop()
        yield node
        if not isinstance(node, Function | ast.Lambda | ast.ClassDef):
            queue.extend(ast.iter_child_nodes(node))


def _is_declared_only(function: Function, parent: ast.AST) -> bool:
    """A protocol's method, an endpoint, one without a body, or one whose name Python itself awaits."""
    if isinstance(parent, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in parent.bases):
        return True
    if [ast.unparse(given.annotation or ast.Constant(None)) for given in function.args.args] == ["Scope", "Request"]:
        return True  # the shell awaits every platform.http.Endpoint
    if function.name.startswith("__a") and function.name.endswith("__"):
        return True
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body)


def _decorators(function: Function) -> set[str]:
    called = [node.func if isinstance(node, ast.Call) else node for node in function.decorator_list]
    return {node.attr if isinstance(node, ast.Attribute) else ast.unparse(node) for node in called}
