"""Claim: logs end to end over HTTP (stored, grouped, jobs decided, durable; DEV, one process) reach 0.3 of the
single-row inserts that pgbench does on the same PostgreSQL by as many connections (256); 16 callers wait under 50 ms
(p99). Ours and pgbench take turns, and the better of two rounds of each counts. With `--prod`: what telling costs, the
same logs with four messages each, kept in the inbox, as a ratio to DEV; it reaches 0.25 at 256."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from bench import _caller
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.embedded.account import choose
from clerestory.platform.database.embedded.binaries import usable_binaries

CONNECTIONS = (1, 16, 256)
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
LIMIT_AT_256 = 0.3
LIMIT_P99_MS_AT_16 = 50.0
LIMIT_PROD_AT_256 = 0.25

BODY = json.dumps(
    {
        "code": "500",
        "application": "ExampleApp",
        "message": "Critical bug detected",
        "severity": "MAJOR",
        "user_ref": "5698284710984738",
        "user_agent": "Mozilla/5.0 (iPad; U; CPU OS 3_2_1 like Mac OS X; en-us) AppleWebKit/531.21.10",
        "trace": "Traceback (most recent call last):\n" + '  File "app.py", line 10, in run\n' * 10,
    }
).encode()
COLUMNS = ("code", "application", "message", "severity", "user_ref", "user_agent", "trace")


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests or rows a second, and how long one took."""

    rate: float
    p50_ms: float
    p99_ms: float


def insert_script(folder: Path) -> Path:
    values = json.loads(BODY)
    texts = ", ".join("'" + values[column].replace("'", "''") + "'" for column in COLUMNS)
    path = folder / "insert.sql"
    # pgbench reads a statement as one line, or until its semicolon; the trace has line ends of its own.
    path.write_text(f"INSERT INTO bench_log ({', '.join(COLUMNS)}) VALUES ({texts});\n")
    return path


async def prepare(url: str) -> None:
    connection = await asyncpg.connect(url)
    columns = ", ".join(f"{column} text" for column in COLUMNS)
    await connection.execute(f"CREATE TABLE bench_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns})")
    await connection.close()


def pgbench(binary: str, url: str, script: Path, connections: int) -> float:
    command = [binary, "--no-vacuum", "-M", "prepared", "-c", str(connections), "-j", str(min(connections, 2))]
    command += ["-T", str(SECONDS), "-f", str(script), url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"tps = ([\d.]+)", text)
    assert rate, text
    return float(rate[1])


def escalate(port: int, key: str, connections: int, environment: str = "DEV") -> Measured:
    head = (
        f"POST /escalate HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Environment: {environment}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    if shutil.which("wrk"):
        return wrk(port, key, connections, environment)
    call = _caller.Call(port, head.encode() + BODY, connections, SECONDS)
    latencies = sorted(_caller.in_a_process(call))
    return Measured(len(latencies) / SECONDS, *(1000 * latencies[int(len(latencies) * q)] for q in (0.5, 0.99)))


def wrk(port: int, key: str, connections: int, environment: str) -> Measured:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(
            f'wrk.method = "POST"\nwrk.body = {json.dumps(BODY.decode())}\n'
            f'wrk.headers["Authorization"] = "Bearer {key}"\nwrk.headers["Environment"] = "{environment}"\n'
            'wrk.headers["Content-Type"] = "application/json"\n'
        )
        script.flush()
        command = ["wrk", "-t", "1", "--timeout", "25s", "-c", str(connections), "-d", f"{SECONDS}s"]
        command += ["--latency", "-s", script.name]
        text = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/escalate"], capture_output=True, text=True, check=True
        ).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate, text
    return Measured(float(rate[1]), _percentile(text, "50%"), _percentile(text, "99%"))


def _percentile(text: str, name: str) -> float:
    found = re.search(rf"{name}\s+([\d.]+)(us|ms|s)", text)
    assert found, text
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(url: str, folder: Path) -> Iterator[int]:
    """Our server on that database, in a process of its own, without jobs."""
    port = free_port()
    environment = {
        **os.environ,
        "CLERESTORY_DATABASE_URL": url,
        "CLERESTORY_DATA_DIR": str(folder / "server"),
        "CLERESTORY_SECRET": "a secret for measuring, long enough to be taken",
    }
    command = [sys.executable, "-m", "clerestory", "serve", "--port", str(port), "--no-jobs"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _until_ready(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not come up")


def call(port: int, method: str, path: str, body: object, key: str = "") -> dict[str, object]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Api-Key", key)
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, object] = json.load(response)
    return answer


def tenant(port: int) -> str:
    """The key of a tenant with three members who are told of MAJOR."""
    person = {"email": "bench@example.org", "password": secrets.token_urlsafe(), "first_name": "B", "last_name": "B"}
    key = str(call(port, "POST", "/api/v1/clients/", person)["api_key"])
    end = time.monotonic() + 30
    while True:
        try:
            _contacts(port, key)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return key


def _contacts(port: int, key: str) -> None:
    for number in range(3):
        person = {"email": f"member{number}@example.org", "first_name": "M", "last_name": str(number)}
        made = call(port, "POST", "/api/v1/people/", {**person, "phone_number": f"+44777257210{number}"}, key)
        consents = {"EMAIL": True, "SMS": True, "WHATSAPP": number == 0}
        contact = {"person": made["id"], "consents": consents, "preferences": ["MAJOR", "CRITICAL"]}
        call(port, "POST", "/api/v1/escalation/contacts/", contact, key)


def main() -> None:
    account = choose(Path("/nonexistent"), None)
    binaries = usable_binaries(None, account, EmbeddedSettings(Path()).binaries_cache)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Embedded(EmbeddedSettings(folder / "data", max_connections=400)) as url:
            uvloop.run(prepare(url))
            script = insert_script(folder)
            script.chmod(0o644)
            with server(url, folder) as port:
                key = tenant(port)
                escalate(port, key, 16)
                if "--prod" in sys.argv:
                    report_prod((port, key))
                else:
                    report(binaries.program("pgbench"), url, script, (port, key))


def report(binary: str, url: str, script: Path, target: tuple[int, str]) -> None:
    print(f"{'':5}{'inserts/s':>11}{'logs/s':>9}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}  limit")
    for connections in CONNECTIONS:
        rounds = [(pgbench(binary, url, script, connections), escalate(*target, connections)) for _ in range(2)]
        peer = max(rate for rate, _ in rounds)
        ours = max((measured for _, measured in rounds), key=lambda measured: measured.rate)
        limit = {256: f"ratio >= {LIMIT_AT_256}", 16: f"p99 < {LIMIT_P99_MS_AT_16} ms"}.get(connections, "")
        measures = f"{ours.rate / peer:7.2f}{ours.p50_ms:8.2f}{ours.p99_ms:8.2f}"
        print(f"{connections:5}{peer:11.0f}{ours.rate:9.0f}{measures}  {limit}", flush=True)


def report_prod(target: tuple[int, str]) -> None:
    """What telling costs: the same logs in PROD, each with four messages that are kept in the inbox."""
    print(f"{'':5}{'DEV/s':>9}{'PROD/s':>9}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}  limit")
    for connections in CONNECTIONS:
        dev, prod = (escalate(*target, connections, environment) for environment in ("DEV", "PROD"))
        measures = f"{prod.rate / dev.rate:7.2f}{prod.p50_ms:8.2f}{prod.p99_ms:8.2f}"
        limit = f"ratio >= {LIMIT_PROD_AT_256}" if connections == 256 else ""
        print(f"{connections:5}{dev.rate:9.0f}{prod.rate:9.0f}{measures}  {limit}", flush=True)


if __name__ == "__main__":
    main()
