"""docs/settings.md, drawn from the table of variables."""

from clerestory.settings.variables import VARIABLES, Variable

_HEAD = """\
# Settings

Everything is set by environment variables; options of the command line go before them. A variable of Clerestory that
is not listed here is refused at the start, with the name of the nearest one that is. An empty one counts as not set.

This page is written by `make docs` from `src/clerestory/settings/variables.py`.
"""


def page() -> str:
    """The whole page."""
    groups = dict.fromkeys(variable.group for variable in VARIABLES)
    return "\n".join([_HEAD, *(_section(group) for group in groups)])


def _section(group: str) -> str:
    lines = [f"## {group}", "", "| variable | value | default | what it does |", "| --- | --- | --- | --- |"]
    lines += [_row(variable) for variable in VARIABLES if variable.group == group]
    return "\n".join(lines) + "\n"


def _row(variable: Variable) -> str:
    default = f"`{variable.default}`" if variable.default else ""
    secret = " **Secret.**" if variable.secret else ""
    doc = variable.doc.replace("|", "\\|").replace("<", "&lt;")
    return f"| `{variable.variable}` | {variable.form.name} | {default} | {doc}{secret} |"
