"""The endpoints of the bots API, below /v1 and /latest/v1 alike."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from clerestory.families.bots import asked, wire
from clerestory.families.bots.asked import Asked
from clerestory.families.bots.bots import change as bot_change
from clerestory.families.bots.bots import create as bot_create
from clerestory.families.bots.bots import dismiss
from clerestory.families.bots.bots import read as bot_read
from clerestory.families.bots.customers import change as customer_change
from clerestory.families.bots.customers import read as customer_read
from clerestory.families.bots.dialect import CORS
from clerestory.families.bots.join import join
from clerestory.families.bots.model import (
    FacebookDown,
    FacebookRefused,
    NoHeader,
    NotAdmin,
    OthersCustomer,
    UnknownBot,
    UnknownCustomer,
    Unparseable,
    WrongInvitation,
)
from clerestory.families.bots.signin.model import Identity
from clerestory.families.bots.signin.sign_in import sign_in
from clerestory.families.bots.users import change as user_change
from clerestory.families.bots.users import create as user_create
from clerestory.families.bots.users import read as user_read
from clerestory.platform.http import Access, Route
from clerestory.platform.tenancy import Scope

Verb = Callable[[Scope, Identity, Asked], Coroutine[Any, Any, bytes]]


async def _call(verb: Verb, status: int, scope: Scope, request: Request) -> Response:
    # A bad token beats any other mistake, one in the body too.
    identity = await sign_in(scope, request)
    return _json(await verb(scope, identity, await asked.read(request)), status)


async def post_customer(scope: Scope, request: Request) -> Response:
    """The caller's customer. The body is not looked at, so a broken one does no harm."""
    return _json(await join(scope, await sign_in(scope, request)), 201)


async def options(methods: str, _scope: Scope, _request: Request) -> Response:  # async: the shell awaits endpoints
    """What a browser asks before it sends a token to another host."""
    return Response(status_code=200, headers={**CORS, "Access-Control-Allow-Methods": methods})


def _json(body: bytes, status: int) -> Response:
    return Response(body, status, CORS, "application/json")


_SIGN_IN = (NoHeader, FacebookRefused, FacebookDown, UnknownCustomer, OthersCustomer)
_route = partial(Route, access=Access.NAMED)


def _verb(verb: Verb, status: int = 200) -> Mapping[str, Any]:
    return {"endpoint": partial(_call, verb, status), "status": status}


_CUSTOMERS, _CUSTOMER = "/customers", "/customers/{customerId}"
_BOTS, _BOT, _ADMIN = "/bots", "/bots/{botId}", "/bots/{botId}/admins/{customerId}"
_USERS, _USER = "/users", "/users/{userId}"

_TABLE = (
    _route(
        "POST",
        _CUSTOMERS,
        post_customer,
        summary="Your customer, made at the first call",
        response=wire.Customer,
        status=201,
        problems=_SIGN_IN,
    ),
    _route(
        "GET",
        _CUSTOMER,
        **_verb(customer_read.one),
        summary="Your customer",
        response=wire.Customer,
        problems=_SIGN_IN,
    ),
    _route(
        "PUT",
        _CUSTOMER,
        **_verb(customer_change.change),
        summary="Change attributes of your customer",
        request=wire.Change,
        response=wire.Customer,
        problems=(*_SIGN_IN, Unparseable),
    ),
    _route(
        "POST",
        _BOTS,
        **_verb(bot_create.create, 201),
        summary="Make a bot",
        request=wire.Owned,
        response=wire.Bot,
        problems=(*_SIGN_IN, Unparseable),
    ),
    _route(
        "GET",
        _BOT,
        **_verb(bot_read.one),
        summary="A bot that you administer",
        response=wire.BotRead,
        query=wire.BotQuery,
        problems=(*_SIGN_IN, NotAdmin),
    ),
    _route(
        "PUT",
        _BOT,
        **_verb(bot_change.change),
        summary="Change attributes of a bot, renew its invitation code, or accept an invitation",
        request=wire.BotChange,
        response=wire.BotOrCustomer,
        problems=(*_SIGN_IN, Unparseable, NotAdmin, UnknownBot, WrongInvitation),
    ),
    _route(
        "DELETE",
        _ADMIN,
        **_verb(dismiss.dismiss),
        summary="Take an admin off a bot's list",
        response=wire.Bot,
        problems=(*_SIGN_IN, NotAdmin, UnknownBot),
    ),
    _route(
        "POST",
        _USERS,
        **_verb(user_create.create, 201),
        summary="Make a user of a bot",
        request=wire.NewUser,
        response=wire.User,
        problems=(*_SIGN_IN, Unparseable, NotAdmin, UnknownBot),
    ),
    _route(
        "GET",
        _USERS,
        **_verb(user_read.of_status),
        summary="The users of one status: the muted ones, unless you ask for another",
        response=list[wire.User],
        query=wire.UsersQuery,
        problems=(*_SIGN_IN, NotAdmin, UnknownBot),
    ),
    _route(
        "PUT",
        _USERS,
        **_verb(user_change.change_many),
        summary="Change the same attributes of many users",
        request=wire.UsersChange,
        response=list[wire.User],
        problems=(*_SIGN_IN, Unparseable, NotAdmin, UnknownBot),
    ),
    _route(
        "GET",
        _USER,
        **_verb(user_read.one),
        summary="A user; null when the bot has none of this id",
        response=wire.User | None,
        query=wire.UserQuery,
        problems=(*_SIGN_IN, NotAdmin, UnknownBot),
    ),
    _route(
        "PUT",
        _USER,
        **_verb(user_change.change_one),
        summary="Change attributes of a user",
        request=wire.UserChange,
        response=wire.User,
        problems=(*_SIGN_IN, Unparseable, NotAdmin, UnknownBot),
    ),
)

VERSION, STAGE = "/v1", "/latest/v1"


def _options(path: str) -> Route:
    methods = sorted(route.method for route in _TABLE if route.path == path)
    allowed = ",".join((*methods, "OPTIONS"))
    return Route("OPTIONS", path, partial(options, allowed), Access.OPEN, hidden=True)


def _below(prefix: str, routes: Sequence[Route], *, hidden: bool) -> Sequence[Route]:
    return [replace(route, path=prefix + route.path, hidden=hidden or route.hidden) for route in routes]


_ALL = (*_TABLE, *map(_options, dict.fromkeys(route.path for route in _TABLE)))
ROUTES = (*_below(VERSION, _ALL, hidden=False), *_below(STAGE, _ALL, hidden=True))
