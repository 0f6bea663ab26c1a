"""From a declared resource to its routes: lists, cursor lists, one record, the writes, and its actions."""

from collections.abc import Mapping, Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.workspace import shapes, wire
from clerestory.families.workspace.bodies import json_body
from clerestory.kernel.errors import Conflict, Invalid
from clerestory.kernel.paging import Window
from clerestory.platform import resources
from clerestory.platform.http import Access, Route
from clerestory.platform.resources import Action, Asked, Listing, Resource
from clerestory.platform.tenancy import Scope

PREFIX = "/api/v1"


def routes_of(resource: Resource) -> Sequence[Route]:
    """Every route of the resource. A write without a credential is let in, to be told that public is read-only."""
    record = shapes.record_of(resource)
    bodies = {whole: shapes.body_of(resource.record + word, resource.writable, whole=whole) for whole, word in _BODIES}
    path, one = f"{PREFIX}/{resource.name}/", f"{PREFIX}/{resource.name}/{{id:int}}/"
    reading = Access.CATALOGUE if resource.catalogue else Access.TENANT
    noun = resource.record
    get = partial(Route, "GET", access=reading)
    write = partial(Route, access=Access.CATALOGUE)
    drawn = [
        get(
            path,
            partial(_list, resource),
            summary=f"A page of {noun} records",
            response=shapes.page_of(resource, Listing.OFFSET),
            query=shapes.query_of(resource, Listing.OFFSET),
        ),
        get(
            f"{path}list-cursor/",
            partial(_list_by_cursor, resource),
            summary=f"{noun} records by cursor",
            response=shapes.page_of(resource, Listing.CURSOR),
            query=shapes.query_of(resource, Listing.CURSOR),
        ),
        get(one, partial(_one, resource), summary=f"One {noun}", response=record),
    ]
    drawn += [_drawn_action(resource, action) for action in resource.actions]
    change = partial(write, response=record, problems=(Invalid, Conflict))
    if resource.writable:
        drawn += [
            change("PUT", one, partial(_update, resource, True), summary=f"Write a {noun}", request=bodies[True]),
            change("PATCH", one, partial(_update, resource, False), summary=f"Change a {noun}", request=bodies[False]),
        ]
    if resource.creatable:
        drawn.append(
            change("POST", path, partial(_create, resource), summary=f"Make a {noun}", request=bodies[True], status=201)
        )
    if resource.removable:
        drawn.append(
            write(
                "DELETE", one, partial(_remove, resource), summary=f"Remove a {noun}", status=204, problems=(Conflict,)
            )
        )
    return drawn


def _drawn_action(resource: Resource, action: Action) -> Route:
    name = resource.record + action.name.title().replace("-", "") + "Body"
    return Route(
        "POST",
        f"{PREFIX}/{resource.name}/{{id:int}}/{action.name}/",
        partial(_act, resource, action),
        Access.CATALOGUE,
        action.doc,
        shapes.body_of(name, action.takes, whole=True) if action.takes else None,
        shapes.record_of(resource),
        problems=(Invalid, Conflict),
    )


_BODIES = ((True, "Body"), (False, "Change"))


async def _list(resource: Resource, scope: Scope, request: Request) -> Response:
    scope.require(resource.read)
    asked = resources.asked(resource, request.query_params.multi_items())
    page = await resources.page(scope.direct(), resource, asked)
    return answer(paged(request, asked, page.count, page.rows))


async def _list_by_cursor(resource: Resource, scope: Scope, request: Request) -> Response:
    scope.require(resource.read)
    asked = resources.asked(resource, request.query_params.multi_items(), Listing.CURSOR)
    found = await resources.slice_of(scope.direct(), resource, asked)
    links = {
        name: _link(request, cursor=cursor) for name, cursor in (("next", found.next), ("previous", found.previous))
    }
    return answer({**links, "results": found.rows})


async def _one(resource: Resource, scope: Scope, request: Request) -> Response:
    scope.require(resource.read)
    return answer(await resources.one(scope.direct(), resource, request.path_params["id"]))


async def _create(resource: Resource, scope: Scope, request: Request) -> Response:
    scope.require(resource.write)
    return answer(await resources.create(scope, resource, await json_body(request)), 201)


async def _update(resource: Resource, whole: bool, scope: Scope, request: Request) -> Response:  # noqa: FBT001 - bound by partial
    scope.require(resource.write)
    body = await json_body(request)
    return answer(await resources.update(scope, resource, request.path_params["id"], body, whole=whole))


async def _act(resource: Resource, action: Action, scope: Scope, request: Request) -> Response:
    scope.require(resource.write)
    body = await json_body(request) if action.takes else {}
    return answer(await resources.act(scope, resource, action, request.path_params["id"], body))


async def _remove(resource: Resource, scope: Scope, request: Request) -> Response:
    await resources.remove(scope, resource, request.path_params["id"])
    return Response(status_code=204)


def answer(value: object, status: int = 200) -> Response:
    """The value as JSON."""
    return Response(wire.encode(value), status, media_type="application/json")


def paged(request: Request, window: Asked | Window, count: int, rows: Sequence[object]) -> Mapping[str, object]:
    """A page by offset, with the links of its neighbours."""
    after, before = window.offset + window.limit, max(0, window.offset - window.limit)
    return {
        "count": count,
        "next": _link(request, limit=window.limit, offset=after) if after < count else None,
        "previous": _link(request, limit=window.limit, offset=before) if window.offset > 0 else None,
        "results": rows,
    }


def _link(request: Request, **changed: object) -> str | None:
    if None in changed.values():
        return None
    return str(request.url.include_query_params(**changed))
