"""What a command says: lines and tables for people on standard output, progress on standard error."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


def say(text: str = "") -> None:
    """A line on standard output, at once."""
    typer.echo(text)
    sys.stdout.flush()


def if_heard(tell: Callable[[], None]) -> None:
    """Tells it if somebody listens still: a terminal may be closed, and Ctrl-C ends what stands behind a pipe first."""
    try:
        tell()
    except OSError:
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())


def as_json(value: object) -> None:
    """One JSON value on one line."""
    say(msgspec.json.encode(value, enc_hook=str).decode())


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Aligned columns; on a terminal in the terminal's own manner."""
    texts = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _rich_table(heads, texts)
        return
    widths = [max(len(line[column]) for line in [list(heads), *texts]) for column in range(len(heads))]
    for line in [list(heads), *texts]:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _rich_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        shown.add_column(head, overflow="fold")  # a name that is cut could not be copied
    for row in rows:
        shown.add_row(*map(Text, row))
    Console().print(shown)


class Progress:
    """Told every step, shows them from the first second on, a few each second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 1

    def __call__(self, line: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.25
            typer.echo(line, err=True)

    def now(self, line: str) -> None:
        """Shows a line that is known to matter."""
        typer.echo(line, err=True)
