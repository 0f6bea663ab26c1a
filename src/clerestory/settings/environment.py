"""Reads the environment and the command line's options into one Installation. What it does not know it refuses."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from clerestory.kernel.errors import Invalid
from clerestory.settings.installation import Installation, installation_of
from clerestory.settings.variables import BY_NAME, PREFIX, VARIABLES


class SettingsError(Exception):
    """What is set cannot be used; the text names the variable, never a secret's value."""


def read(environ: Mapping[str, str], options: Mapping[str, object] | None = None) -> Installation:
    """What is set, an option before its variable before the default. Raises SettingsError.

    `options` are values by name, as the command line has read them; None counts as not given.
    """
    values = values_of(environ)
    values.update({name: value for name, value in (options or {}).items() if value is not None})
    try:
        return installation_of(values)
    except Invalid as problem:
        raise SettingsError(_named(problem)) from None


def values_of(environ: Mapping[str, str]) -> dict[str, Any]:
    """Every variable's value by its name; an empty one counts as not set. Raises SettingsError."""
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and _short(name) not in BY_NAME)
    if unknown:
        raise SettingsError(f"{unknown[0]} is no setting of Clerestory{_nearest(unknown[0])}")
    values = {}
    for variable in VARIABLES:
        text = environ.get(variable.variable, "").strip()
        try:
            values[variable.name] = variable.form.read(text) if text else variable.value
        except ValueError as error:
            shown = "is not usable" if variable.secret else f"is {text!r}"
            raise SettingsError(f"{variable.variable} {shown}: {error}.") from None
    return values


def _short(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(_short(name), BY_NAME, n=1, cutoff=0.5)
    return f"; did you mean {BY_NAME[near[0]].variable}?" if near else "; docs/settings.md lists all."


def _named(problem: Invalid) -> str:
    """The packages name their own fields; a person set variables."""

    def variable(found: re.Match[str]) -> str:
        known = BY_NAME.get(found[0])
        return known.variable if known else found[0]

    return re.sub(r"\b[a-z]+(_[a-z0-9]+)+\b", variable, problem.text).rstrip(".") + "."
