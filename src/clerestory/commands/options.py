"""Options of the command line, each explained by the entry of its variable; an option and its variable read alike."""

from typing import Annotated, Any

import typer

from clerestory.settings.variables import BY_NAME


def option(name: str, spelling: str | None = None) -> Any:
    """The option of this variable, `--its-name` unless spelled otherwise."""
    variable = BY_NAME[name]
    default = f", default {variable.default}" if variable.default and spelling is None else ""
    return typer.Option(
        spelling or f"--{name.replace('_', '-')}",
        help=f"{variable.doc} [{variable.variable}{default}]",
        metavar=f"<{variable.form.name}>",
        show_default=False,
    )


DataDir = Annotated[str | None, option("data_dir")]
DatabaseUrl = Annotated[str | None, option("database_url")]
Json = Annotated[bool | None, option("json", "--json")]
