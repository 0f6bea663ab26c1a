"""The outermost ASGI application: picks the surface, names and times the request, writes the access log.

Nothing of a request is logged but its method, its path's route and its outcome: keys stand in headers and bodies.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from clerestory.kernel import ids
from clerestory.platform.http.shell import Shell

_STATIC = "static"
_ONE_YEAR = "max-age=31536000"
_PRINTABLE = "".join(map(chr, range(33, 127)))
_GIVEN_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")

log = structlog.get_logger("clerestory.access")


class Observer(Protocol):
    """Is told of every answered request."""

    def request(self, surface: str, status: int, seconds: float) -> None:
        """One request was answered."""
        ...


class Dispatcher:
    """Routes by the path's first segments to the surfaces; what nobody claims goes to `fallback`.

    `secure`: people come by https, and their browsers are told to keep to it.
    """

    def __init__(
        self,
        shells: Sequence[Shell],
        fallback: Callable[[AsgiScope], Shell],
        observer: Observer,
        mounts: Mapping[str, ASGIApp],
        *,
        secure: bool = False,
    ) -> None:
        self.surfaces = [shell.surface for shell in shells]
        self._exact = {path: shell for shell in shells for path in shell.surface.exact}
        prefixes = [(prefix.rstrip("/"), shell) for shell in shells for prefix in shell.surface.prefixes]
        self._prefixes = sorted(prefixes, key=lambda entry: -len(entry[0]))
        self._shaped = [(shape, shell) for shell in shells for shape in shell.surface.shaped]
        self._fallback = fallback
        self._observer = observer
        self._mounts = mounts
        self._secure = secure

    async def __call__(self, asgi: AsgiScope, receive: Receive, send: Send) -> None:
        if asgi["type"] != "http":
            raise RuntimeError(f"no surface speaks {asgi['type']}")
        # Bytes above 127 may not stand in a query; some clients send them bare.
        asgi["query_string"] = quote(asgi["query_string"], safe=_PRINTABLE).encode()
        name, application = self._find(asgi)
        request_id = _request_id(asgi)
        asgi["clerestory.request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 500
        begun = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                self._guard(headers, kept=name == _STATIC)
            await send(message)

        try:
            await application(asgi, receive, named)
        finally:
            seconds = time.perf_counter() - begun
            self._observer.request(name, status, seconds)
            log.info(
                "request",
                surface=name,
                method=asgi["method"],
                route=asgi.get("clerestory.route", "-"),
                status=status,
                ms=round(seconds * 1000, 1),
            )

    def _guard(self, headers: MutableHeaders, *, kept: bool) -> None:
        """For browsers, and for caches between: none of these knows that `Api-Key` tells readers apart."""
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if self._secure:
            # Who has come by https once is not to be led to http; of other names in the domain it says nothing.
            headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
        if not kept:
            headers.setdefault("Cache-Control", "no-store")

    def _find(self, asgi: AsgiScope) -> tuple[str, ASGIApp]:
        path: str = asgi["path"]
        shell = self._exact.get(path.rstrip("/"))
        if shell is not None:
            return shell.surface.name, shell
        for prefix, mounted in self._mounts.items():
            if path.startswith(prefix):
                return _STATIC, mounted
        for prefix, shell in self._prefixes:
            if path == prefix or path.startswith(prefix + "/"):
                return shell.surface.name, shell
        for shape, shell in self._shaped:
            if shape.fullmatch(path.removesuffix("/")):
                return shell.surface.name, shell
        shell = self._fallback(asgi)
        return shell.surface.name, shell


def _request_id(asgi: AsgiScope) -> str:
    given = Headers(scope=asgi).get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else ids.new_secret()
