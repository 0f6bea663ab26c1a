"""Rules on who imports whom that import-linter cannot say: cycles through a package's __init__, files by any name."""

import ast
import graphlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from tests.house.source import Finding, Source, parse

PRODUCT = "clerestory"


def no_module_imports_itself_through_others(sources: Sequence[Source]) -> Iterator[Finding]:
    """Imports inside functions and for types alone count as well: a late import hides a cycle, it does not end it."""
    modules = {module_name(source): source for source in sources if source.is_product and source.is_python}
    graph = {name: {target for target, _ in imports(source, set(modules))} - {name} for name, source in modules.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        cycle = list(reversed(error.args[1]))
        yield Finding(modules[cycle[0]].path, 1, "an import cycle: " + " > ".join(cycle))


def routes_are_imported_by_their_package_alone(sources: Sequence[Source]) -> Iterator[Finding]:
    """The package that shows the family, or the routes above: a verb, model or store never reaches upward."""
    names = {module_name(source) for source in sources if source.is_product and source.is_python}
    for source in _families(sources):
        for target, line in imports(source, names):
            if target.endswith(".routes") and not source.path.endswith(("/__init__.py", "/routes.py")):
                yield Finding(source.path, line, f"imports {target}: routes call, nothing calls them")


def a_model_imports_models_and_the_kernel(sources: Sequence[Source]) -> Iterator[Finding]:
    names = {module_name(source) for source in sources if source.is_product and source.is_python}
    for source in _families(sources):
        if not source.path.endswith("/model.py"):
            continue
        family = ".".join(module_name(source).split(".")[:3])
        for target, line in imports(source, names):
            of_the_family = target.startswith(f"{family}.") and target.endswith(".model")
            if not of_the_family and not target.startswith(f"{PRODUCT}.kernel"):
                yield Finding(source.path, line, f"imports {target}: a model knows the kernel and its family's models")


def structs_stand_in_wire(sources: Sequence[Source]) -> Iterator[Finding]:
    for source in _families(sources):
        if source.path.endswith("/wire.py"):
            continue
        for node in ast.walk(parse(source)):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Struct") for base in node.bases):
                yield Finding(
                    source.path, node.lineno, f"{node.name} is a Struct: what is on the wire stands in wire.py"
                )


def _families(sources: Sequence[Source]) -> Iterator[Source]:
    for source in sources:
        if source.is_python and source.path.startswith(f"src/{PRODUCT}/families/"):
            yield source


def module_name(source: Source) -> str:
    parts = PurePosixPath(source.path).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: Source, modules: set[str]) -> Iterator[tuple[str, int]]:
    """The project's own modules that a source imports, with the line: of `from a import b`, a.b where that is one."""
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                target = f"{node.module}.{alias.name}"
                if target in modules:
                    yield target, node.lineno
                elif node.module in modules:
                    yield node.module, node.lineno
