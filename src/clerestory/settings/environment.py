"""Reads the environment and the command line's options into one Installation. What it does not know it refuses."""

import difflib
from collections.abc import Mapping
from typing import Any

from clerestory.kernel.errors import Invalid, in_words_of
from clerestory.settings.installation import Installation, installation_of
from clerestory.settings.variables import BY_NAME, PREFIX, VARIABLES, Variable


class SettingsError(Exception):
    """What is set cannot be used; the text names the variable, never a secret's value."""


def read(environ: Mapping[str, str], options: Mapping[str, object] | None = None) -> Installation:
    """What is set, an option before its variable before the default. Raises SettingsError.

    `options` are by name, as typed; None counts as not given, and a switch is True or False.
    """
    _refuse_unknown(environ)
    given = {name: value for name, value in (options or {}).items() if value is not None}
    values = {one.name: _value(one, environ.get(one.variable, ""), one.variable) for one in VARIABLES}
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        values[name] = _value(BY_NAME[name], value, option) if isinstance(value, str) else value
    try:
        return installation_of(values)
    except Invalid as problem:
        raise SettingsError(_named(problem)) from None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith(PREFIX) and _short(name) not in BY_NAME:
            raise SettingsError(f"{name} is no setting of Clerestory{_nearest(name)}")


def _value(variable: Variable, text: str, said: str) -> Any:
    """What the text means; an empty one says nothing. `said` is what the person wrote it after."""
    try:
        return variable.form.read(text.strip()) if text.strip() else variable.value
    except ValueError as error:
        shown = "is not usable" if variable.secret else f"is {text.strip()!r}"
        raise SettingsError(f"{said} {shown}: {error}.") from None


def _short(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(_short(name), BY_NAME, n=1, cutoff=0.5)
    return f"; did you mean {BY_NAME[near[0]].variable}?" if near else "; docs/settings.md lists all."


def _named(problem: Invalid) -> str:
    """The packages name their own fields; a person set variables."""
    names = {name: one.variable for name, one in BY_NAME.items()}
    return in_words_of(names, problem.text).rstrip(".") + "."
