"""Every surface of the application as the dispatcher has it, and the paths of its routes with something filled in."""

import re
from collections.abc import Sequence
from typing import cast

from clerestory.app import Application
from clerestory.platform.http import Route, Surface
from clerestory.platform.http.dispatch import Dispatcher

_NOBODY = "0b0c8ad1-4b49-4a0c-9e0f-9c2f2f1f4f3e"
_FILLED = {"id": "999999999", "chat": "999999999", "family": "nobody", "token": "0-00", "log_key": "A" * 22}
_FILLED |= {"customerId": _NOBODY, "botId": _NOBODY, "userId": _NOBODY}
_FILLED |= {"kind": "campaigns"}


def surfaces_of(application: Application) -> Sequence[Surface]:
    """What the application really serves, so that none is forgotten here."""
    return cast(Dispatcher, application.asgi).surfaces


def surface_of(application: Application, name: str) -> Surface:
    return next(surface for surface in surfaces_of(application) if surface.name == name)


def filled(path: str) -> str:
    """The path of a route, with parameters that lead to nothing. A new parameter is given its value above."""
    return re.sub(r"{(\w+)(:\w+)?}", lambda match: _FILLED[match[1]], path)


def methods_of(surface: Surface) -> dict[str, set[str]]:
    """{filled path: the methods that stand there}."""
    found: dict[str, set[str]] = {}
    for route in surface.routes:
        found.setdefault(filled(route.path), set()).add(route.method)
    return found


def named(surface: Surface, route: Route) -> str:
    """What a failing assertion calls a route."""
    return f"{surface.name}: {route.method} {route.path}"
