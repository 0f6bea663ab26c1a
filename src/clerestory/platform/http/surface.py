"""A surface: some paths, their routes and the dialect they speak. A family has one or more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from clerestory.platform.http.dialect import Dialect
from clerestory.platform.http.route import Route


@dataclass(frozen=True, slots=True)
class Surface:
    """Everything below `prefixes` (whole path segments), in one dialect.

    `documented` surfaces have an OpenAPI document named after them; pages have none.
    """

    name: str
    prefixes: tuple[str, ...]
    dialect: Dialect
    routes: Sequence[Route]
    title: str = ""
    description: str = ""
    documented: bool = True
    max_body_bytes: int = 1024 * 1024
    time_limit: timedelta = timedelta(seconds=60)
    # Paths that belong to this surface as a whole, such as `/status`, though a prefix would claim more.
    exact: tuple[str, ...] = field(default=())
