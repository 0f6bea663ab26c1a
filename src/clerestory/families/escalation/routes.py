"""The endpoints of the escalation API. A text that stands for itself is in the table at the end."""

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.escalation import wire
from clerestory.families.escalation.dialect import environment
from clerestory.families.escalation.escalate import escalate
from clerestory.families.escalation.intake.decode import to_log
from clerestory.families.escalation.logs import page
from clerestory.families.escalation.logs.find import find
from clerestory.families.escalation.logs.limit import PageLimit
from clerestory.families.escalation.members.store import active_members
from clerestory.families.escalation.policy import Policy, read_policy
from clerestory.families.escalation.profile import profile
from clerestory.kernel.errors import (
    Absent,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Revoked,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from clerestory.platform.http import Access, Instead, Route
from clerestory.platform.tenancy import Right, Scope

_KEYED = (Unauthenticated, Revoked, Forbidden, Unavailable)


async def get_status(_scope: Scope, _request: Request) -> Response:  # async: the shell awaits every endpoint
    """Whether the API is up."""
    return _json(200, wire.Message("API up and running"), mirrored=True)


async def get_error(_scope: Scope, _request: Request) -> Response:  # async: the shell awaits every endpoint
    """The sample of a failure, for a client's self-test."""
    error = wire.Error("FIELD_MISSING", "Bad Request", "The provided data is invalid or incomplete.")
    return Response(wire.encode_failure(400, error, mirrored=True), 400, None, "application/json")


async def any_profile(scope: Scope, request: Request) -> Response:
    """The organisation of the key. A body is never read: the documented example posts one that is no JSON."""
    policy = await _policy(scope, request)
    found = await profile(scope, policy)
    body = wire.ProfileBody(found.name, found.representative, found.owner)
    return _json(200, body, mirrored=policy.mirrored)


async def get_members(scope: Scope, request: Request) -> Response:
    """The organisation's people, by id."""
    policy = await _policy(scope, request)
    scope.require(Right.READ)
    members = await active_members(scope.direct())
    body = [wire.to_member(member, scope.tenant.id) for member in members]
    return _json(200, body, mirrored=policy.mirrored)


async def post_escalate(scope: Scope, request: Request) -> Response:
    """Takes an error in and tells people of it."""
    try:
        scope.require(Right.WRITE)
        log = to_log(await request.body(), environment(request), request.headers.get("user-agent"))
    except (Invalid, Forbidden):
        await _policy(scope, request)
        raise
    done = await escalate(scope, log)
    body = [wire.to_job(job.channel, job.addresses, result) for job, result in done.jobs]
    return _json(201, body, mirrored=done.mirrored)


async def get_log(scope: Scope, request: Request) -> Response:
    """The page of one log."""
    address = request.client.host if request.client else ""
    try:
        await scope.part(PageLimit).count(address, scope.now)
    except RateLimited as problem:
        return page.too_many(problem.retry_after)
    key = request.path_params.get("log_key") or request.query_params.get("log_key", "")
    try:
        return page.page(await find(scope, key))
    except NotFound:
        return page.missing()


async def _asks_for_page(request: Request) -> bool:
    if "log_key" not in request.query_params:
        return False
    try:
        return not (await request.body()).strip()
    except TooLarge:
        # It is an escalation then, and the key is asked for before the body.
        return False


async def _policy(scope: Scope, request: Request) -> Policy:
    """The organisation's settings; from here on the dialect knows how its failures look."""
    policy = await read_policy(scope.direct())
    request.state.mirrored = policy.mirrored
    return policy


def _json(status: int, body: object, *, mirrored: bool) -> Response:
    return Response(wire.encode_success(status, body, mirrored=mirrored), status, None, "application/json")


_PAGE = Route("POST", "/escalate", get_log, Access.OPEN, media_type="text/html", hidden=True)

ROUTES = (
    Route("GET", "/status", get_status, Access.OPEN, "Is the API up?", response=wire.StatusAnswer),
    Route(
        "GET",
        "/profile",
        any_profile,
        summary="The key's organisation",
        response=wire.ProfileAnswer,
        problems=(*_KEYED, Absent),
    ),
    Route(
        "POST",
        "/profile",
        any_profile,
        summary="The key's organisation, for clients that post",
        response=wire.ProfileAnswer,
        problems=(*_KEYED, Absent),
    ),
    Route(
        "GET",
        "/members",
        get_members,
        summary="The organisation's people",
        response=wire.MembersAnswer,
        problems=_KEYED,
    ),
    Route(
        "POST",
        "/escalate",
        post_escalate,
        summary="Report an error",
        request=wire.EscalateBody,
        response=wire.EscalateAnswer,
        status=201,
        problems=(Invalid, *_KEYED),
        instead=Instead(_asks_for_page, _PAGE),
    ),
    Route(
        "GET",
        "/log/{log_key}",
        get_log,
        Access.OPEN,
        "The page of a log",
        media_type="text/html",
        problems=(RateLimited,),
    ),
    Route("GET", "/error", get_error, Access.OPEN, "A sample failure", response=wire.FailureAnswer, status=400),
)
