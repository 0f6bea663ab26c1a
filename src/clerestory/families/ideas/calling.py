"""Round every endpoint of the api3: who asks, how often, what is asked, and how the answer leaves.

An endpoint is a Call: it takes an Asked, hands back a Struct, and raises Problems.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.ideas.allowance import Allowance
from clerestory.families.ideas.apps.journal import Journal
from clerestory.families.ideas.apps.model import Entry
from clerestory.families.ideas.conventions.parameters import Parameters, read_parameters
from clerestory.families.ideas.conventions.spelling import read_guid
from clerestory.families.ideas.dialect import bearer, rendered, status_of
from clerestory.families.ideas.oauth.tokens import Tokens
from clerestory.families.ideas.rights.model import Viewer
from clerestory.kernel.addresses import network
from clerestory.kernel.errors import Expired, NotFound, Problem, ReadOnly, Unauthenticated
from clerestory.kernel.links import PublicUrl
from clerestory.platform.http import Endpoint, Route
from clerestory.platform.http.body import is_upload, narrow_upload
from clerestory.platform.tenancy import Actor, Kind, Right, Scope

SAFE = frozenset({"GET", "HEAD"})
"""The methods that write nothing."""
_ALL = frozenset(Right)
_MEMBER = frozenset({Right.READ, Right.WRITE})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read: in which tenant and by whom, with what parameters, and the id in its path (empty: none).

    `headers`, by lower-case name, and `head`, whether only they are wanted back, are for answers that are files.
    """

    scope: Scope
    viewer: Viewer
    parameters: Parameters
    id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    head: bool = False

    @property
    def uuid(self) -> UUID:
        """The id in the path. Raises NotFound for what is no GUID: it is an object that is not there."""
        value = read_guid(self.id)
        if value is None:
            raise NotFound
        return value

    def url(self, path: str) -> str:
        """The whole address of a path on this server."""
        return self.scope.part(PublicUrl).to(path)


Call = Callable[[Asked], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Caller:
    """Who asks: the scope of their tenant, and by what they are counted."""

    scope: Scope
    viewer: Viewer
    subject: str
    app: int | None = None
    per_hour: int | None = None


def api(call: Call) -> Endpoint:
    """The call as the shell awaits one."""

    async def endpoint(scope: Scope, request: Request) -> Response:
        await _before_an_upload(scope, request)
        parameters = await read_parameters(request)
        # Whatever goes wrong from here on is said in this format too.
        request.state.xml = parameters.xml
        caller = await _caller(scope, request, parameters)
        request.state.scope = caller.scope
        most = await scope.part(Allowance).count(caller.scope.tenant, caller.subject, caller.per_hour, scope.now)
        if request.method not in SAFE:
            refuse_writing(caller.scope, caller.viewer)
        asked = Asked(
            caller.scope,
            caller.viewer,
            parameters,
            request.path_params.get("id", ""),
            request.headers,
            head=request.method == "HEAD",
        )
        body = await _noted(call, asked, caller, request)
        headers = {"X-RateLimit-Limit": str(most)} if most else {}
        if isinstance(body, Response):
            body.headers.update(headers)
            return body
        return rendered(body, 200, headers, xml_wanted=parameters.xml)

    return endpoint


def with_doubled_slashes(routes: Iterable[Route]) -> Iterator[Route]:
    """The routes, and each with an id once more with a doubled slash before it: a documented example has one."""
    for route in routes:
        yield route
        if "/{id}" in route.path:
            yield replace(route, path=route.path.replace("/{id}", "//{id}"), hidden=True)


async def _before_an_upload(scope: Scope, request: Request) -> None:
    """Megabytes are taken in from those who are known; of a token that only comes with them, one file's worth."""
    if not is_upload(request):
        return
    query = request.query_params
    shown = bearer(request) or query.get("access_token") or query.get("accesstoken")
    if shown:
        await scope.part(Tokens).verify(shown, scope.now)
    elif scope.actor.kind is Kind.ANONYMOUS:
        narrow_upload(request)


async def _caller(scope: Scope, request: Request, parameters: Parameters) -> _Caller:
    text = bearer(request) or parameters.text("access_token") or parameters.text("accesstoken")
    if text:
        return await _by_token(scope, text)
    actor = scope.actor
    if actor.kind is Kind.KEY:
        return _Caller(scope, Viewer(admin=actor.may(Right.ADMINISTER)), f"key {actor.key_id}")
    if actor.kind is Kind.PERSON:
        return _Caller(scope, viewer_of(actor), f"person {actor.person_id}")
    # By address and not by the `client_id` that clients add: anybody may make one up.
    address = request.client.host if request.client else ""
    return _Caller(scope, Viewer(), f"address {network(address)}")


async def _by_token(scope: Scope, text: str) -> _Caller:
    tenant, held = await scope.part(Tokens).verify(text, scope.now)
    if scope.actor.kind is Kind.KEY and scope.tenant.id != tenant.id:
        # The key names a tenant, and the token is of another.
        raise Expired
    kind = Kind.SYSTEM if held.person is None else Kind.PERSON
    actor = Actor(kind, None, held.person, _ALL if held.admin else _MEMBER)
    subject = f"app {held.app} {held.person or 'system'}"
    ours = replace(scope, tenant=tenant, actor=actor)
    return _Caller(ours, Viewer(held.person, held.admin), subject, held.app, held.per_hour)


def viewer_of(actor: Actor) -> Viewer:
    """Who a browser's session is; nobody without one."""
    return Viewer(actor.person_id, actor.may(Right.ADMINISTER)) if actor.kind is Kind.PERSON else Viewer()


def refuse_writing(scope: Scope, viewer: Viewer) -> None:
    """Raises what nobody deserves, and who writes to public, whatever is written."""
    if not viewer.known:
        raise Unauthenticated
    if scope.tenant.public:
        raise ReadOnly


async def _noted(call: Call, asked: Asked, caller: _Caller, request: Request) -> object:
    """The call's answer; what an app asked for stands in its log afterwards."""
    if caller.app is None:
        return await call(asked)
    begun, status = time.perf_counter(), 500
    try:
        body = await call(asked)
        status = 200
    except Problem as problem:
        status = status_of(type(problem))
        raise
    finally:
        took = int((time.perf_counter() - begun) * 1000)
        route: str = request.scope.get("clerestory.route", "")
        person = asked.viewer.person
        entry = Entry(caller.app, person, request.method, route, status, took, asked.scope.now)
        asked.scope.part(Journal).note(asked.scope.tenant.schema, entry)
    return body
