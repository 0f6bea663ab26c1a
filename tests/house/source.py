"""The files of the project as the rules see them: a path relative to its root, and a text."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("src/", "tests/", "bench/", "tools/")
NOT_OURS = {".git", ".venv", "__pycache__", "build", "data", "dist", "node_modules"}


@dataclass(frozen=True, slots=True)
class Source:
    path: str
    text: str

    @property
    def is_product(self) -> bool:
        return self.path.startswith("src/")

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")


@dataclass(frozen=True, slots=True)
class Finding:
    path: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words}"


def read_tree(root: Path = ROOT) -> list[Source]:
    """Every text file of the project, committed or not, without what tools and runs leave behind."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS and (name[0] != "." or name == ".ci"))
        # In a second worktree `.git` is a file.
        for name in sorted(set(files) - NOT_OURS):
            path = Path(folder, name)
            raw = path.read_bytes()
            if b"\0" not in raw[:8192]:
                found.append(Source(path.relative_to(root).as_posix(), raw.decode()))
    return found


@cache
def parse(source: Source) -> ast.Module:
    return ast.parse(source.text, source.path)


def functions(source: Source) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.AST]]:
    """Every function with the node it stands in: a class makes it a method."""
    for parent in ast.walk(parse(source)):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield child, parent


def text_around(source: Source, node: ast.stmt) -> str:
    """The lines of a statement's head: from its first line to that of its body, comments included."""
    body = getattr(node, "body", [node])
    last = max(node.lineno, body[0].lineno - 1)
    return "\n".join(source.text.splitlines()[node.lineno - 1 : last])
