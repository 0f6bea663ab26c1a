"""What an operator may choose of the site."""

from dataclasses import dataclass
from enum import StrEnum


class Picker(StrEnum):
    """How the log-in form asks for the client. A list shows clients' names to anyone."""

    SELECT = "select"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The site's choices."""

    picker: Picker = Picker.SELECT
    registration: bool = True
