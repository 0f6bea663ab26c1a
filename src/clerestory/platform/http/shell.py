"""One surface as an ASGI application: route, limits, credentials to Scope, endpoint, problems to dialect.

The one place where any exception is caught: a bug is answered in the words of the surface it happened in.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Send
from starlette.types import Scope as AsgiScope

from clerestory.kernel import ids
from clerestory.kernel.errors import Broken, Fault, Kind, Problem, Timeout, TooLarge
from clerestory.platform.http.admit import Door
from clerestory.platform.http.body import allow_upload, bound_of, close_form
from clerestory.platform.http.route import Table
from clerestory.platform.http.surface import Surface

log = structlog.get_logger(__name__)


class Shell:
    """Serves one surface."""

    def __init__(self, surface: Surface, door: Door) -> None:
        self.surface = surface
        self._door = door
        self._table = Table(surface.routes)

    async def __call__(self, asgi: AsgiScope, receive: Receive, send: Send) -> None:
        request = Request(asgi, self._limited(asgi, receive))
        try:
            response = await self._respond(request)
        finally:
            await close_form(request)
        await response(asgi, receive, send)

    async def _respond(self, request: Request) -> Response:
        limit = asyncio.timeout(self.surface.time_limit.total_seconds())
        try:
            async with limit:
                return await self._call(request, limit)
        except Problem as problem:
            return self.surface.dialect.answer(problem, request)
        except ClientDisconnect:
            # Nobody hears this; it is there to be counted.
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception as error:
            if isinstance(error, TimeoutError) and limit.expired():
                return self.surface.dialect.answer(Timeout(), request)
            return self._broken(request)

    async def _call(self, request: Request, limit: asyncio.Timeout) -> Response:
        # Not that of `request.url`, which has no line breaks and tabs any more: the surface was picked by this one.
        route, parameters = self._table.find(request.method, request.scope["path"])
        request.scope["path_params"] = parameters
        request.scope["clerestory.route"] = route.path
        if route.instead is not None and await route.instead.when(request):
            route = route.instead.route
        if route.uploads is not None:
            # Megabytes take their time, and are bounded by themselves.
            limit.reschedule(asyncio.get_running_loop().time() + route.uploads.time_limit.total_seconds())
            allow_upload(request, route.uploads, self.surface.max_body_bytes)
        scope = await self._door.admit(route.access, self.surface.dialect, request)
        # A dialect may word a problem by who asks, so it finds the scope here.
        request.state.scope = scope
        return await route.endpoint(scope, request)

    def _broken(self, request: Request) -> Response:
        reference = ids.new_reference()
        log.exception("request.broken", reference=reference, surface=self.surface.name, path=request.scope["path"])
        return self.surface.dialect.answer(Broken(reference), request)

    def _limited(self, asgi: AsgiScope, receive: Receive) -> Receive:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message: dict[str, Any] = dict(await receive())
            read += len(message.get("body", b""))
            most = self.surface.max_body_bytes
            if read > most and read > (most := bound_of(Request(asgi), most)):
                text = f"The body may have at most {most} bytes."
                raise TooLarge(Fault(None, Kind.INVALID, text))
            return message

        return counted
