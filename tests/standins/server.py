"""An HTTP server to build a stand-in on: it records every request and answers by script, else by its own manners."""

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Heard:
    """One request. `form` and `json` read its body; header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What to say: a `body` that is not text goes out as JSON.

    `hold`: only after `release()`; `drop`: nothing at all, the connection is closed.
    """

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hold: bool = False
    drop: bool = False


class StandIn:
    """Subclasses say in `reply` what they answer when no script is left. Use it as a context manager."""

    def __init__(self, tls: SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.connections = 0
        self._script: deque[Answer] = deque()
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, *answers: Answer) -> None:
        """These answers come first, one a request."""
        with self._changed:
            self._script.extend(answers)

    def release(self) -> None:
        """Let the answers on hold go out."""
        self._released.set()

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Heard]:
        """The requests heard, once there are `count` of them."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, seconds), f"heard only {self.heard}"
            return list(self.heard)

    def reply(self, heard: Heard) -> Answer:
        return Answer()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self.hang_up()
        self._server.server_close()
        self._thread.join()

    def hang_up(self) -> None:
        """Close every connection that is open, as a server does with those that are idle for long."""
        with self._changed:
            for connection in self._sockets:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def opened(self, connection: socket.socket) -> None:
        with self._changed:
            self.connections += 1
            self._sockets.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._changed:
            self._sockets.discard(connection)

    def decide(self, heard: Heard) -> Answer:
        with self._changed:
            self.heard.append(heard)
            self._changed.notify_all()
            answer = self._script.popleft() if self._script else self.reply(heard)
        if answer.hold:
            self._released.wait(30)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, standin: StandIn, tls: SSLContext | None) -> None:
        self.standin = standin
        self.tls = tls
        super().__init__(("127.0.0.1", 0), _Conversation)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.standin.opened(connection)
        return connection, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        # The handshake belongs into the connection's own thread, or one silent client would stop them all.
        if self.tls is not None:
            self.standin.closed(request)
            request = self.tls.wrap_socket(request, server_side=True)
            self.standin.opened(request)
            self.standin.connections -= 1
        try:
            super().finish_request(request, client_address)
        finally:
            self.standin.closed(request)
            request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the play."""


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def converse(self) -> None:
        answer = self.server.standin.decide(self._hear())
        if answer.drop:
            self.close_connection = True
            return
        body, kind = _encoded(answer.body)
        self.send_response(answer.status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.converse
        raise AttributeError(name)

    def _hear(self) -> Heard:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Heard(str(self.command), parts.path, dict(parse_qsl(parts.query)), headers, body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at what was heard; nobody reads a log."""


def _encoded(body: object) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/html; charset=utf-8"
    return json.dumps(body).encode(), "application/json"


def eventually(seconds: float = 10.0) -> Any:
    """Turns until the time is up, for tests that poll: `for _ in eventually(): if …: break`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.005)
    raise AssertionError("It did not come about in time.")
