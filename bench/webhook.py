"""Claim: one process stores 2,000 events a second that Messenger tells, each body signed, read, stored for good and
only then answered, by 64 connections; nothing that was answered is missing. Beside it the single-row inserts of
pgbench on the same PostgreSQL by as many connections. The bot has no replies: what it hears is handled meanwhile by
the same process, and kept. All take turns, and the better of two rounds counts.
"""

import hashlib
import hmac
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from bench import _caller, bots, escalate
from bench.escalate import SECONDS, Measured
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.embedded.account import choose
from clerestory.platform.database.embedded.binaries import usable_binaries

SECRET = "an app secret for measuring"
PAGE = "1067280970047460"
PEOPLE = 200
ROUNDS = 2
LIMIT = "2000 events/s"
BODIES = 6000 * SECONDS
"""More than can be told in one round, so that no event comes twice."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How events come: by so many connections, so many in each body."""

    connections: int
    in_a_body: int
    limit: str = ""


SHAPES = (Shape(16, 1), Shape(64, 1, LIMIT), Shape(16, 10, LIMIT))


def requests(port: int, bot: str, shape: Shape, first: int) -> list[bytes]:
    """Signed bodies with events that nobody has told before."""
    count = BODIES // shape.in_a_body
    return [_request(port, bot, range(start, start + shape.in_a_body)) for start in _starts(first, shape, count)]


def _starts(first: int, shape: Shape, count: int) -> range:
    return range(first, first + count * shape.in_a_body, shape.in_a_body)


def _request(port: int, bot: str, numbers: range) -> bytes:
    at = int(time.time() * 1000)
    items = [
        {
            "sender": {"id": f"psid-{number % PEOPLE}"},
            "recipient": {"id": PAGE},
            "timestamp": at + number,
            "message": {"mid": f"m_{number:012d}", "text": "When do you open on Sundays?"},
        }
        for number in numbers
    ]
    body = json.dumps({"object": "page", "entry": [{"id": PAGE, "time": at, "messaging": items}]}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /messenger/{bot} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Hub-Signature-256: sha256={signature}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def tell(port: int, bot: str, shape: Shape, first: int) -> tuple[Measured, int]:
    """Events a second with the time that a body took, and how many events were answered."""
    sent = requests(port, bot, shape, first)
    call = _caller.Call(port, sent[0], shape.connections, SECONDS, sent[1:])
    latencies = sorted(_caller.in_a_process(call))
    if len(latencies) > len(sent):
        raise RuntimeError("the bodies were too few: some were told twice")
    times = (1000 * latencies[int(len(latencies) * quantile)] for quantile in (0.5, 0.99))
    return Measured(len(latencies) * shape.in_a_body / SECONDS, *times), len(latencies) * shape.in_a_body


async def stored(url: str) -> int:
    """How many events are there, in all tenants."""
    connection = await asyncpg.connect(url)
    try:
        schemas = await connection.fetch("SELECT schema FROM platform.tenant ORDER BY id")
        counts = [await connection.fetchval(f'SELECT count(*) FROM "{row[0]}".bots_message') for row in schemas]
        return sum(counts)
    finally:
        await connection.close()


def report(url: str, pgbench: tuple[str, Path], target: tuple[int, str]) -> None:
    binary, script = pgbench
    told = 0
    print(f"{'conns':>6}{'a body':>8}{'inserts/s':>11}{'events/s':>10}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}  limit")
    for place, shape in enumerate(SHAPES):
        rounds = []
        for number in range(ROUNDS):
            first = (place * ROUNDS + number) * BODIES * 2
            inserts = escalate.pgbench(binary, url, script, shape.connections)
            measured, answered = tell(*target, shape, first)
            told += answered
            rounds.append((inserts, measured))
            time.sleep(SECONDS)
        peer = max(rate for rate, _ in rounds)
        ours = max((measured for _, measured in rounds), key=lambda measured: measured.rate)
        figures = f"{peer:11.0f}{ours.rate:10.0f}{ours.rate / peer:7.2f}{ours.p50_ms:8.2f}{ours.p99_ms:8.2f}"
        print(f"{shape.connections:6}{shape.in_a_body:8}{figures}  {shape.limit}", flush=True)
    found = uvloop.run(stored(url))
    # What was under way when a round ended was stored too, and its answer not waited for.
    print(f"answered {told}, stored {found}: {'none is missing' if found >= told else 'SOME ARE MISSING'}")


def main() -> None:
    account = choose(Path("/nonexistent"), None)
    binaries = usable_binaries(None, account, EmbeddedSettings(Path()).binaries_cache)
    with tempfile.TemporaryDirectory() as name, bots.graph() as graph:
        folder = Path(name)
        folder.chmod(0o755)
        with Embedded(EmbeddedSettings(folder / "data", max_connections=200)) as url:
            uvloop.run(escalate.prepare(url))
            script = escalate.insert_script(folder)
            script.chmod(0o644)
            settings = {
                "CLERESTORY_DATABASE_URL": url,
                "CLERESTORY_SECRET": "a secret for measuring, long enough to be taken",
                "CLERESTORY_FACEBOOK_GRAPH_URL": graph,
                "CLERESTORY_FACEBOOK_APP_ID": "1",
                "CLERESTORY_FACEBOOK_APP_SECRET": SECRET,
                "CLERESTORY_DEMO": "no",
            }
            with bots.serving(bots.OURS, settings, folder) as port:
                key = bots.key_of(port)
                bot = str(bots.Customer(port, key).call("POST", "/v1/customers")["bots"][0])
                report(url, (binaries.program("pgbench"), script), (port, bot))


if __name__ == "__main__":
    main()
