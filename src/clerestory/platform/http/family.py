"""What a family hands to the composition root: one value that names all its parts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from clerestory.platform.database import Tx
from clerestory.platform.database.migration import Owner
from clerestory.platform.http.surface import Surface
from clerestory.platform.identity.organisation import Setting, Together
from clerestory.platform.jobs import Cron, Task
from clerestory.platform.resources import Resource
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
    # Its tables, as the workspace's uniform API and the admin panel show them.
    resources: Sequence[Resource] = field(default=())
    # What an organisation may set of it.
    settings: Sequence[Setting[Any]] = field(default=())
    # What of them cannot work together.
    rules: Sequence[Together] = field(default=())
    # Adds the family's own long-lived objects to the process's parts, once, before the first request.
    equip: Callable[[Parts], None] = _nothing
    # Gives the first person of a new tenant, by its id, what the family needs of one, where the copy brought nothing.
    founded: Callable[[Tx, int], Awaitable[None]] | None = None
    # Adds what public shows of the family, after the people and groups; may run again and must then add nothing.
    demo: Callable[[Tx], Awaitable[None]] | None = None
