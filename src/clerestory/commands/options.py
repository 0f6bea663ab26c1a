"""Options of the command line, each explained by the entry of its variable; an option and its variable read alike."""

import re
from typing import Annotated, Any

import typer

from clerestory.settings.variables import BY_NAME


def option(name: str, spelling: str | None = None) -> Any:
    """The option of this variable, `--its-name` unless spelled otherwise."""
    variable = BY_NAME[name]
    # The list of all variables names the command first; the command's own help need not.
    said = re.sub(r"^[a-z ]+: (.)", lambda found: found[1].upper(), variable.doc)
    default = f", default {variable.default}" if variable.default and (spelling is None or "/" in spelling) else ""
    return typer.Option(
        spelling or f"--{name.replace('_', '-')}",
        help=f"{said} [{variable.variable}{default}]",
        metavar=f"<{variable.form.name}>",
        show_default=False,
    )


DataDir = Annotated[str | None, option("data_dir")]
DatabaseUrl = Annotated[str | None, option("database_url")]
Json = Annotated[bool | None, option("json", "--json")]
