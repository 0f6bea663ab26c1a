"""Who somebody is at Facebook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A Facebook user as the app sees it: its id there, its name, and its e-mail where Facebook tells it."""

    facebook_id: str
    name: str | None = None
    email: str | None = None
