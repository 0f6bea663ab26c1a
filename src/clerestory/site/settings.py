"""What an operator may choose of the site."""

from dataclasses import dataclass
from enum import StrEnum


class Picker(StrEnum):
    """How the log-in form asks for the client. A list shows clients' names to anyone."""

    SELECT = "select"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The site's choices, and where the outside reaches it."""

    picker: Picker = Picker.SELECT
    registration: bool = True
    public_url: str = "http://127.0.0.1:8000"

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that cookies may be kept to it."""
        return self.public_url.startswith("https://")
