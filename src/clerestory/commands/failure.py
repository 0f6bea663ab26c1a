"""How a command says that it could not: one line with advice on standard error, and the exit code."""

import os
import sys
import traceback
from types import TracebackType
from typing import Any

import typer


class Failed(Exception):
    """A command could not do its work; the text says why and what to do."""


def fail(text: str, code: int) -> int:
    """Writes the line; hands the code back."""
    typer.echo(f"clerestory: {' '.join(text.split())}", err=True)
    return code


def misused(error: typer.TyperException) -> int:
    """What the arguments lacked, and where it is explained."""
    context: Any = getattr(error, "ctx", None)
    text = error.format_message()
    if "\n" in text:  # a group without a command: typer has put the help into the error
        typer.echo(text, err=True)
        return error.exit_code
    asked = context.command_path if context is not None else "clerestory"
    end = "" if text.endswith((".", "?")) else "."
    return fail(f"{text}{end} `{asked} --help` shows what can be asked.", error.exit_code)


def told(error: BaseException) -> int | None:
    """The exit code of an error that a person can do something about, after its line; None for any other."""
    from clerestory.kernel.errors import Problem, Unavailable
    from clerestory.platform.database.embedded import EmbeddedError
    from clerestory.platform.database.migrate import MigrationError
    from clerestory.settings.environment import SettingsError

    if isinstance(error, BaseExceptionGroup):
        return told(error.exceptions[0]) if len(error.exceptions) == 1 else None
    if isinstance(error, SettingsError):
        return fail(str(error), 2)
    if isinstance(error, Unavailable):
        return fail(f"{error.text} `clerestory doctor` says what answers and what does not.", 1)
    if isinstance(error, Problem):
        return fail(error.text, 1)
    if isinstance(error, Failed | EmbeddedError | MigrationError | OSError):
        return fail(str(error), 1)
    return None


def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last word of a process that met a bug: one line, and the trace for whoever asked for it."""
    if os.environ.get("CLERESTORY_LOG_LEVEL") == "debug":
        sys.stderr.write("".join(traceback.format_exception(kind, error, trace)))
    hint = "CLERESTORY_LOG_LEVEL=debug shows where; please report it."
    fail(f"this is a bug of Clerestory: {kind.__name__}: {error}. {hint}", 1)
