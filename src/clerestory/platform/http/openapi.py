"""An OpenAPI 3.1 document from a surface's routes. Nothing in it is written by hand, so it cannot drift.

A document shows what the routes declare: an answer that is not declared there is a fault of the route.
"""

import http
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from clerestory import __version__
from clerestory.kernel import errors
from clerestory.kernel.errors import Problem
from clerestory.platform.http.route import Access, Route
from clerestory.platform.http.surface import Spoken, Surface

_REFERENCE = "#/components/schemas/{name}"
_ALWAYS = (errors.RateLimited, errors.Broken, errors.Timeout, errors.Unavailable)
_BY_ACCESS: Mapping[Access, Sequence[type[Problem]]] = {
    Access.OPEN: (),
    Access.NAMED: (errors.UnknownKey, errors.Forbidden),
    Access.CATALOGUE: (errors.Unauthenticated, errors.Forbidden),
    Access.TENANT: (errors.Unauthenticated, errors.Forbidden),
    Access.PERSON: (errors.Unauthenticated, errors.Forbidden),
}
_PARAMETERS = {"int": {"type": "integer", "minimum": 1}, "uuid": {"type": "string", "format": "uuid"}}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Writer:
    """One surface's routes, and the schemas that stand for their types."""

    spoken: Spoken
    schemas: Mapping[int, Json]
    prefixes: Sequence[str]

    def schema(self, kind: Any) -> Json:
        return self.schemas[id(kind)]

    def operation(self, route: Route) -> Json:
        """One operation, with every answer that it can have."""
        written: Json = {
            "operationId": _operation_id(route),
            "summary": route.summary,
            "tags": [_tag(route.path, self.prefixes)],
            "parameters": [*_path_parameters(route.path), *_query_parameters(route.query)],
            "security": self._security(route.access),
            "responses": {str(route.status): self._answer(route), **self._problems(route)},
        }
        if route.request is not None:
            schema = {"schema": self.schema(route.request)}
            in_parts = {} if route.uploads is None else {"multipart/form-data": schema}
            content = {"application/json": schema, **in_parts}
            written["requestBody"] = {"required": True, "content": content}
        return {name: value for name, value in written.items() if value or name in ("security", "responses")}

    def _answer(self, route: Route) -> Json:
        said: Json = {"description": http.HTTPStatus(route.status).phrase}
        if route.status != http.HTTPStatus.NO_CONTENT:
            schema = {"type": "string"} if route.response is None else self.schema(route.response)
            said["content"] = {route.media_type: {"schema": schema}}
        return said

    def _problems(self, route: Route) -> Json:
        texts: dict[int, list[str]] = {}
        for problem in _possible(route):
            lines = texts.setdefault(self.spoken.status(problem), [])
            if problem.default not in lines:
                lines.append(problem.default)
        return {
            str(status): {"description": " ".join(lines), "content": self._error(status)}
            for status, lines in sorted(texts.items())
        }

    def _error(self, status: int) -> Json:
        spoken = self.spoken
        media_type, kind = spoken.exceptions.get(status, (spoken.error_media_type, spoken.error))
        return {media_type: {"schema": self.schema(kind)}}

    def _security(self, access: Access) -> list[Json]:
        if access is Access.OPEN:
            return [{}]
        if access is Access.PERSON:
            return [{name: []} for name in self.spoken.persons]
        every: list[Json] = [{name: []} for name in self.spoken.credentials]
        return every if access is Access.TENANT else [*every, {}]


def document(surface: Surface, server_url: str) -> Json:
    """The surface's document, as JSON values. Raises ValueError for a surface that does not say what it speaks."""
    if surface.spoken is None:
        raise ValueError(f"the surface {surface.name} does not say what it speaks")
    routes = [route for route in surface.routes if not route.hidden]
    kinds = _kinds(routes, surface.spoken)
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    writer = _Writer(
        surface.spoken, {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}, surface.prefixes
    )
    paths: Json = {}
    for route in routes:
        paths.setdefault(_path(route.path), {})[route.method.lower()] = writer.operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": surface.title or surface.name, "version": __version__, "description": surface.description},
        "servers": [{"url": server_url}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": dict(surface.spoken.credentials)},
    }


def _kinds(routes: Sequence[Route], spoken: Spoken) -> list[Any]:
    """Every type that the document shows, each once."""
    kinds = [kind for route in routes for kind in (route.request, route.response) if kind is not None]
    errors_too = (spoken.error, *(kind for _, kind in spoken.exceptions.values()))
    return list({id(kind): kind for kind in (*errors_too, *kinds)}.values())


def _possible(route: Route) -> Iterable[type[Problem]]:
    """Every problem that the route can end in, by what it asks and reads and by what it says itself."""
    yield from route.problems
    yield from _BY_ACCESS[route.access]
    if "{" in route.path:
        yield errors.NotFound
    if route.request is not None:
        yield from (errors.Invalid, errors.TooLarge, errors.NotAcceptable)
    if route.query is not None:
        yield errors.Invalid
    yield from _ALWAYS


def _tag(path: str, prefixes: Sequence[str]) -> str:
    """What groups the operation in a viewer: the first word of its path behind the surface's prefix."""
    inside = next((path.removeprefix(prefix) for prefix in prefixes if path.startswith(prefix + "/")), path)
    return inside.strip("/").partition("/")[0] or path.strip("/")


def _path(path: str) -> str:
    return re.sub(r":\w+}", "}", path)


def _path_parameters(path: str) -> Iterable[Json]:
    for name, kind in re.findall(r"{(\w+)(?::(\w+))?}", path):
        yield {"name": name, "in": "path", "required": True, "schema": _PARAMETERS.get(kind, {"type": "string"})}


def _query_parameters(query: Any) -> Iterable[Json]:
    if query is None:
        return
    _, components = msgspec.json.schema_components([query], ref_template=_REFERENCE)
    [shape] = components.values()
    for name, schema in shape["properties"].items():
        yield {"name": name, "in": "query", "required": name in shape["required"], "schema": schema}


def _operation_id(route: Route) -> str:
    return route.method.lower() + "_" + re.sub(r"\W+", "_", _path(route.path)).strip("_")
