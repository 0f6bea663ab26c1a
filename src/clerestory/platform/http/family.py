"""What a family hands to the composition root: one value that names all its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from clerestory.platform.database.migration import Owner
from clerestory.platform.http.surface import Surface
from clerestory.platform.jobs import Cron, Task
from clerestory.platform.tenancy import Parts


def _nothing(parts: Parts) -> None:
    """For families without long-lived objects of their own."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family: its surfaces, its tables, its background work and its long-lived objects."""

    name: str
    surfaces: Sequence[Surface]
    owner: Owner
    tasks: Sequence[Task] = field(default=())
    cron: Sequence[Cron] = field(default=())
    # Adds the family's own long-lived objects to the process's parts, once, before the first request.
    equip: Callable[[Parts], None] = _nothing
