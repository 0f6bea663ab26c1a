"""The routes of /api/v1 that are not drawn from a resource. What is drawn stands in `draw`."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.workspace import accounts, clients, owner, shapes, wire
from clerestory.families.workspace.bodies import json_body
from clerestory.families.workspace.draw import PREFIX, answer, paged
from clerestory.families.workspace.people import PROFILE
from clerestory.kernel.errors import Conflict, Expired, Forbidden, Invalid, Problem, RateLimited, WrongPassword
from clerestory.kernel.paging import window
from clerestory.platform.http import Access, Endpoint, Route
from clerestory.platform.identity.organisation import Catalogue
from clerestory.platform.identity.person import PEOPLE
from clerestory.platform.resources import Field
from clerestory.platform.tenancy import Right, Scope


async def post_client(scope: Scope, request: Request) -> Response:
    return answer(await clients.register(scope, await json_body(request), _address(request)), 201)


async def get_client(scope: Scope, _request: Request) -> Response:  # async: every endpoint is awaited
    tenant = scope.tenant
    return answer(wire.Client(tenant.client, tenant.schema, tenant.state.value))


async def post_login(scope: Scope, request: Request) -> Response:
    return answer(await accounts.log_in(scope, await json_body(request), _address(request)))


async def post_register(scope: Scope, request: Request) -> Response:
    scope.require(Right.WRITE)
    return answer(await accounts.register(scope, await json_body(request)), 201)


async def post_refresh(scope: Scope, request: Request) -> Response:
    return answer(await accounts.refresh(scope, await json_body(request)))


async def post_verify(scope: Scope, request: Request) -> Response:
    return answer(await accounts.verify(scope, await json_body(request)))


async def get_profile(scope: Scope, _request: Request) -> Response:
    return answer(await accounts.profile(scope))


async def put_profile(scope: Scope, request: Request) -> Response:
    return answer(await accounts.update_profile(scope, await json_body(request), whole=True))


async def patch_profile(scope: Scope, request: Request) -> Response:
    return answer(await accounts.update_profile(scope, await json_body(request), whole=False))


async def get_keys(scope: Scope, request: Request) -> Response:
    part = window(request.query_params.get("limit"), request.query_params.get("offset"))
    page = await owner.list_keys(scope, part)
    return answer(paged(request, part, page.count, page.rows))


async def post_key(scope: Scope, request: Request) -> Response:
    scope.require(Right.ADMINISTER)
    return answer(await owner.issue_key(scope, await json_body(request)), 201)


async def get_key(scope: Scope, request: Request) -> Response:
    return answer(await owner.one_key(scope, request.path_params["id"]))


async def delete_key(scope: Scope, request: Request) -> Response:
    await owner.revoke_key(scope, request.path_params["id"])
    return Response(status_code=204)


async def renew_key(scope: Scope, request: Request) -> Response:
    return answer(await owner.renew_key(scope, request.path_params["id"]), 201)


async def get_settings(scope: Scope, _request: Request) -> Response:
    return answer(await owner.read_settings(scope))


async def patch_settings(scope: Scope, request: Request) -> Response:
    scope.require(Right.ADMINISTER)
    return answer(await owner.change_settings(scope, await json_body(request)))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def routes_with(catalogue: Catalogue) -> Sequence[Route]:
    """All of them; the settings' shapes come from what the packages declare."""
    return (*_CLIENTS, *_ACCOUNTS, *_PROFILE, *_KEYS, *_settings(catalogue))


def _open(name: str, endpoint: Endpoint, fields: Sequence[Field], summary: str) -> Route:
    """A route for whoever is not known yet."""
    body = shapes.body_of(f"{name.title().replace('/', '')}Body", fields, whole=True)
    return Route("POST", f"{PREFIX}/{name}/", endpoint, Access.NAMED, summary, body, wire.Tokens, problems=(Invalid,))


def _refused(route: Route, *problems: type[Problem]) -> Route:
    return replace(route, problems=(*route.problems, *problems))


def _whole(fields: Sequence[Field], name: str) -> type[Any]:
    return shapes.body_of(name, fields, whole=True)


_CLIENTS = (
    Route(
        "POST",
        f"{PREFIX}/clients/",
        post_client,
        Access.OPEN,
        "Register a client: an account, its key and its schema",
        request=_whole(clients.REGISTER, "ClientBody"),
        response=wire.NewClient,
        status=201,
        problems=(Invalid, Forbidden, RateLimited),
    ),
    Route("GET", f"{PREFIX}/clients/current/", get_client, summary="The client of this request", response=wire.Client),
)

_login = _open("auth/login", post_login, accounts.LOGIN, "Log in with e-mail and password")
_register = _open("auth/register", post_register, accounts.REGISTER, "Register a member of the tenant")
_refresh = _open("auth/token/refresh", post_refresh, accounts.REFRESH, "The next pair for a refresh token")
_verify = _open("auth/token/verify", post_verify, accounts.VERIFY, "Whether a token is good")
_ACCOUNTS = (
    _refused(_login, WrongPassword, RateLimited),
    replace(_register, status=201),
    _refused(_refresh, Expired),
    replace(_refused(_verify, Expired), response=wire.Nothing),
)

_RECORD = shapes.record_of(PEOPLE)
_update = partial(
    Route,
    path=f"{PREFIX}/users/update-profile/",
    access=Access.PERSON,
    response=_RECORD,
    problems=(Invalid, Conflict),
)
_PROFILE = (
    Route("GET", f"{PREFIX}/users/profile/", get_profile, Access.PERSON, "Your own record", response=_RECORD),
    _update(
        "PUT", endpoint=put_profile, summary="Write your own record", request=_whole(PROFILE.writable, "ProfileBody")
    ),
    _update(
        "PATCH",
        endpoint=patch_profile,
        summary="Change your own record",
        request=shapes.body_of("ProfileChange", PROFILE.writable, whole=False),
    ),
)

_ONE_KEY = f"{PREFIX}/keys/{{id:int}}/"
_new_key = partial(Route, "POST", access=Access.CATALOGUE, response=wire.Key, status=201)
_KEYS = (
    Route("GET", f"{PREFIX}/keys/", get_keys, summary="The keys, masked", response=wire.KeysPage, query=wire.PageQuery),
    _refused(
        _new_key(f"{PREFIX}/keys/", post_key, summary="Make a key", request=_whole(owner.KEY, "KeyBody")), Conflict
    ),
    Route("GET", _ONE_KEY, get_key, summary="One key, masked", response=wire.Key),
    Route("DELETE", _ONE_KEY, delete_key, Access.CATALOGUE, "Revoke a key", status=204),
    _new_key(f"{PREFIX}/keys/{{id:int}}/renew/", renew_key, summary="Revoke a key and make one in its place"),
)


def _settings(catalogue: Catalogue) -> Sequence[Route]:
    path, declared = f"{PREFIX}/settings/", tuple(catalogue.settings.values())
    shown = shapes.settings_of(declared)
    return (
        Route("GET", path, get_settings, summary="Every setting of the organisation", response=shown),
        Route(
            "PATCH",
            path,
            patch_settings,
            Access.CATALOGUE,
            "Change settings; null sets one back to its default",
            request=shapes.settings_change_of(declared),
            response=shown,
            problems=(Invalid,),
        ),
    )
