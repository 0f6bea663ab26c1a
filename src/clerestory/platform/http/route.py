"""Routes as data, and finding the one that a request means. A path with a trailing slash is the same path."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from re import Pattern
from typing import Any

from starlette.convertors import Convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from clerestory.kernel.errors import NoSuchEndpoint, Problem, WrongMethod
from clerestory.platform.http.uploads import Uploads
from clerestory.platform.tenancy import Scope

Endpoint = Callable[[Scope, Request], Awaitable[Response]]


class Access(StrEnum):
    """What a route asks of the caller before it is called."""

    OPEN = "open"  # no credential is looked at
    NAMED = "named"  # the tenant that key, session or host name; a token is not looked at, and nobody need be known
    CATALOGUE = "catalogue"  # a tenant's credential, or none: then public, read-only
    TENANT = "tenant"  # a credential that names a tenant
    PERSON = "person"  # a credential that names a person of the tenant


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: how it is reached, what it asks, and the Structs that its OpenAPI entry is drawn from."""

    method: str
    path: str
    endpoint: Endpoint
    access: Access = Access.TENANT
    summary: str = ""
    request: type[Any] | None = None
    response: Any = None
    status: int = 200
    problems: tuple[type[Problem], ...] = ()
    query: type[Any] | None = None
    media_type: str = "application/json"
    hidden: bool = False
    instead: "Instead | None" = None
    # Files in parts, past the bound that the surface has for bodies.
    uploads: Uploads | None = None


@dataclass(frozen=True, slots=True)
class Instead:
    """Another operation behind the same method and path, and how a request asks for it; no document shows it."""

    when: Callable[[Request], Awaitable[bool]]
    route: Route


@dataclass(slots=True)
class _Place:
    """One path and what stands there, by method."""

    pattern: Pattern[str]
    convertors: Mapping[str, Convertor[Any]]
    by_method: dict[str, Route] = field(default_factory=dict)


class Table:
    """All routes of a surface; literal paths are found in one look-up."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._literal: dict[str, _Place] = {}
        self._patterns: list[_Place] = []
        for route in routes:
            self._place(route.path).by_method[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, Any]]:
        """The route and its path parameters. Raises NoSuchEndpoint or WrongMethod."""
        for place, parameters in self._candidates(path.rstrip("/") or "/"):
            route = place.by_method.get("GET" if method == "HEAD" else method)
            if route is None:
                raise WrongMethod(tuple(sorted(place.by_method)))
            return route, parameters
        raise NoSuchEndpoint

    def _candidates(self, path: str) -> list[tuple[_Place, dict[str, Any]]]:
        literal = self._literal.get(path)
        if literal is not None:
            return [(literal, {})]
        for place in self._patterns:
            match = place.pattern.match(path)
            if match:
                parameters = _converted(place, match.groupdict())
                return [] if parameters is None else [(place, parameters)]
        return []

    def _place(self, path: str) -> _Place:
        path = path.rstrip("/") or "/"
        pattern, _, convertors = compile_path(path)
        if not convertors:
            return self._literal.setdefault(path, _Place(pattern, convertors))
        for place in self._patterns:
            if place.pattern == pattern:
                return place
        place = _Place(pattern, convertors)
        self._patterns.append(place)
        return place


def _converted(place: _Place, texts: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        return {name: place.convertors[name].convert(text) for name, text in texts.items()}
    except ValueError:
        # A number of thousands of digits: Python refuses to read it, and nothing has it for an id.
        return None
