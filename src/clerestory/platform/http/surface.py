"""A surface: some paths, their routes and the dialect they speak. A family has one or more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from re import Pattern
from typing import Any

from clerestory.kernel.errors import Problem
from clerestory.platform.http.dialect import Dialect
from clerestory.platform.http.route import Route


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an OpenAPI document says of a dialect: the body of every problem, its status, and the credentials.

    `credentials` are OpenAPI's security schemes by name, any one of which is enough; `persons` are those of a person.
    """

    error: Any
    status: Callable[[type[Problem]], int]
    credentials: Mapping[str, Mapping[str, str]]
    persons: tuple[str, ...] = ()
    error_media_type: str = "application/json"
    # Statuses whose bodies are of another kind: their media type and their body.
    exceptions: Mapping[int, tuple[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surface:
    """Everything below `prefixes` (whole path segments), in one dialect.

    `documented` surfaces have an OpenAPI document of their name, made with what is `spoken`; pages have none.
    """

    name: str
    prefixes: tuple[str, ...]
    dialect: Dialect
    routes: Sequence[Route]
    title: str = ""
    description: str = ""
    documented: bool = True
    spoken: Spoken | None = None
    max_body_bytes: int = 1024 * 1024
    time_limit: timedelta = timedelta(seconds=60)
    # Paths that belong to this surface as a whole, such as `/status`, though a prefix would claim more.
    exact: tuple[str, ...] = field(default=())
    # Paths of one segment that belong to it by their form, such as `/D118`, where nobody else claims them.
    shaped: tuple[Pattern[str], ...] = field(default=())
