"""Claim: reading a bot, with tenant, sign-in and rights, reaches 0.8 of a bare key look-up through the same server, and
its p99 stays under 10 ms on a quiet machine, by 16 connections. Beside it users, and what pgbench reads by key from the
same PostgreSQL. All take turns, and the better of two rounds counts. Where a name ends with 16, each connection has a
bot and a customer, or a user, of its own, so that nothing is shared; the 16 users are muted and set active in turn.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import uvloop

from bench import _caller, _lookup, escalate
from bench.escalate import SECONDS, Measured
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.embedded.account import choose
from clerestory.platform.database.embedded.binaries import usable_binaries

CONNECTIONS = 16
ROUNDS = 2
WARM_SECONDS = 0.5
LIMIT = "0.8 of the look-up, p99 < 10 ms"
OURS, PEER = "clerestory", "bench._lookup"


class Graph(BaseHTTPRequestHandler):
    """Facebook's /me: whoever shows a token is the person whose number it ends with."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        [token] = parse_qs(urlsplit(self.path).query)["access_token"]
        number = token.rpartition("-")[2]
        body = json.dumps({"id": number, "name": f"Customer {number}", "email": f"c{number}@example.org"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def graph() -> Iterator[str]:
    """The address of a Graph API that runs in a thread."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Graph)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(module: str, settings: Mapping[str, str], folder: Path) -> Iterator[int]:
    """The port of a server in a process of its own, without jobs."""
    port = escalate.free_port()
    command = [sys.executable, "-m", module, "serve", "--port", str(port), "--no-jobs"]
    own = {"CLERESTORY_DATA_DIR": str(folder / module)}
    with (folder / f"{module}.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings, **own}, stdout=log, stderr=log)
    try:
        _until(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).close())
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until(works: Callable[[], object]) -> None:
    """Comes back once this does not fail any more."""
    end = time.monotonic() + 60
    while True:
        try:
            works()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


@dataclass(frozen=True, slots=True)
class Customer:
    """Who asks a server: the tenant's key, and a token."""

    port: int
    key: str
    number: int = 1

    def raw(self, method: str, path: str, body: object = None) -> bytes:
        """The request as it goes over the wire."""
        sent = b"" if body is None else json.dumps(body).encode()
        length = f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n" if sent else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self._headers().items())
        return f"{head}{length}\r\n".encode() + sent

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON. Raises OSError for a refusal."""
        url, sent = f"http://127.0.0.1:{self.port}{path}", None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **self._headers()}
        request = urllib.request.Request(url, sent, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _headers(self) -> dict[str, str]:
        return {"Api-Key": self.key, "Authorization": f"Bearer bench-token-{self.number}"} if self.key else {}


@dataclass(frozen=True, slots=True)
class Load:
    """Requests to one server that are measured together, and what their ratio to the look-up should be."""

    name: str
    port: int
    requests: Sequence[bytes]
    limit: str = ""

    def measured(self) -> Measured:
        """The requests sent for a while by all connections, by `wrk` where there is one."""
        if shutil.which("wrk"):
            return _wrk(self)
        latencies = sorted(self.sent(SECONDS))
        return Measured(len(latencies) / SECONDS, *(1000 * latencies[int(len(latencies) * q)] for q in (0.5, 0.99)))

    def sent(self, seconds: float) -> Sequence[float]:
        """The same by a caller of our own: the seconds that each request took."""
        return _caller.in_a_process(_caller.Call(self.port, self.requests[0], CONNECTIONS, seconds, self.requests[1:]))


def _wrk(load: Load) -> Measured:
    texts = ",\n".join(json.dumps(request.decode("ascii")) for request in load.requests)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"local all, at = {{{texts}}}, 0\nfunction request() at = at % #all + 1; return all[at] end\n")
        script.flush()
        command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "--latency", "-s", script.name]
        command.append(f"http://127.0.0.1:{load.port}/")
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    found = [re.search(rf"{name}\s+([\d.]+)(us|ms|s)", text) for name in ("50%", "99%")]
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate, text
    return Measured(float(rate[1]), *(float(one[1]) * units[one[2]] for one in found if one))


def loads(ours: int, peer: int, key: str) -> tuple[list[Load], str]:
    """What is measured, the look-up first, and the bot that it answers in its place."""
    customers = [Customer(ours, key, 1001 + number) for number in range(CONNECTIONS)]
    bots = [customer.call("POST", "/v1/customers")["bots"][0] for customer in customers]
    of_bots = [customer.raw("GET", f"/v1/bots/{bot}") for customer, bot in zip(customers, bots, strict=True)]
    shown, *_ = [configured(customer, bot) for customer, bot in zip(customers, bots, strict=True)]
    first, bot = customers[0], bots[0]
    user = first.call("POST", "/v1/users", {"botId": bot, "facebookId": "1", "name": "Zoe"})["id"]
    changes = [
        first.raw("PUT", f"/v1/users/user-{number}", {"botId": bot, "botStatus": status})
        for status in ("muted", "active")
        for number in range(CONNECTIONS)
    ]
    return [
        Load("key look-up", peer, [Customer(peer, "").raw("GET", f"/{_lookup.NAME}/1")]),
        Load("GET bot", ours, of_bots[:1], LIMIT),
        Load("GET bot, 16", ours, of_bots, LIMIT),
        Load("GET user", ours, [first.raw("GET", f"/v1/users/{user}?botId={bot}")]),
        Load("PUT user, 16", ours, changes),
        Load("muted list of 1", ours, [first.raw("GET", f"/v1/users?botId={with_muted(first, 1)}")]),
        Load("muted list of 1,000", ours, [first.raw("GET", f"/v1/users?botId={with_muted(first, 1000)}")]),
    ], json.dumps(shown, separators=(",", ":"))


def configured(customer: Customer, bot: str) -> object:
    """The bot after it got a page and a reply, as bots have."""
    page = {"pageId": "1067280970047460", "pageName": "A page", "pageAccessToken": "EAAbench" * 20}
    replies = json.dumps({"hello": {"title": "Hello", "text": "Hello! What can I do for you?", "buttons": []}})
    return customer.call("PUT", f"/v1/bots/{bot}", {"facebook": page, "replies": replies})


def with_muted(customer: Customer, count: int) -> str:
    """A new bot with so many users, all of them muted."""
    bot: str = customer.call("POST", "/v1/bots")["id"]
    update = {"botStatus": "muted", "name": "Zoe", "facebookId": "10154544223979636"}
    ids = [f"00000000-0000-4000-8000-{number:012d}" for number in range(count)]
    customer.call("PUT", "/v1/users", {"botId": bot, "ids": ids, "update": update})
    return bot


async def keep(url: str, body: str) -> None:
    """A thousand records by key, each as long as a bot."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE SCHEMA bench")
    await connection.execute("CREATE TABLE bench.record (key text PRIMARY KEY, body text NOT NULL)")
    records = [(str(number), body) for number in range(1000)]
    await connection.executemany("INSERT INTO bench.record (key, body) VALUES ($1, $2)", records)
    await connection.execute("ANALYZE")
    await connection.close()


def key_of(port: int) -> str:
    """The key of a tenant that is ready."""
    person = {"email": "bench@example.org", "password": "seven blue lanterns", "first_name": "B", "last_name": "B"}
    key = str(escalate.call(port, "POST", "/api/v1/clients/", person)["api_key"])
    _until(lambda: Customer(port, key).call("POST", "/v1/customers"))
    return key


def report(all_loads: Sequence[Load], pgbench: Callable[[], float]) -> None:
    for load in all_loads:
        load.sent(WARM_SECONDS)
    peaks, rounds = [], []
    for _ in range(ROUNDS):
        peaks.append(pgbench())
        rounds.append([load.measured() for load in all_loads])
    best = [max(measured, key=lambda one: one.rate) for measured in zip(*rounds, strict=True)]
    peak, peer = max(peaks), best[0].rate
    print(f"{'':20}{'a second':>9}{'p50 ms':>8}{'p99 ms':>8}{'/look-up':>10}{'/pgbench':>10}  limit")
    print(f"{'pgbench -S':20}{peak:9.0f}{1:36.2f}")
    for load, one in zip(all_loads, best, strict=True):
        measures = f"{one.rate:9.0f}{one.p50_ms:8.2f}{one.p99_ms:8.2f}{one.rate / peer:10.2f}{one.rate / peak:10.2f}"
        print(f"{load.name:20}{measures}  {load.limit}".rstrip())


def main() -> None:
    account = choose(Path("/nonexistent"), None)
    binaries = usable_binaries(None, account, EmbeddedSettings(Path()).binaries_cache)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        url = stack.enter_context(Embedded(EmbeddedSettings(folder / "data", max_connections=400)))
        settings = {
            "CLERESTORY_DATABASE_URL": url,
            "CLERESTORY_SECRET": "a secret for measuring, long enough to be taken",
            "CLERESTORY_FACEBOOK_GRAPH_URL": stack.enter_context(graph()),
            "CLERESTORY_FACEBOOK_APP_ID": "1750000000000001",
            "CLERESTORY_FACEBOOK_APP_SECRET": "a secret of nobody's app",
        }
        ours = stack.enter_context(serving(OURS, settings, folder))
        peer = stack.enter_context(serving(PEER, settings, folder))
        all_loads, bot = loads(ours, peer, key_of(ours))
        uvloop.run(keep(url, bot))
        script = folder / "lookup.sql"
        script.write_text(_lookup.SQL.format(key="'1'") + ";\n")
        script.chmod(0o644)
        report(all_loads, partial(escalate.pgbench, binaries.program("pgbench"), url, script, CONNECTIONS))


if __name__ == "__main__":
    main()
