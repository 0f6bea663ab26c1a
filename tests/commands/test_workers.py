"""A server of two processes on one port: they answer, count together, are replaced, and end with their parent."""

import re
import signal
from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests.fixtures.program import Started, started

WORKER = "serve-worker"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("workers")
    with started(folder / "log", "serve", "--data-dir", folder / "data", "--workers", "2", log_format="json") as server:
        server.until(lambda: "Ctrl-C ends it." in server.text)
        yield server.ready()


def fresh(server: Started) -> httpx.Client:
    """A client with a connection of its own, which either of the processes may take."""
    return httpx.Client(base_url=server.http.base_url, timeout=20)


def counted(server: Started) -> int:
    """The good answers of the surface, as whichever process is asked tells them."""
    with fresh(server) as http:
        text = http.get("/metrics").text
    line = re.search(r'^clerestory_requests_total\{status="200",surface="operations"\} (\d+)', text, re.MULTILINE)
    return int(float(line[1])) if line else 0


def test_they_count_together(server: Started) -> None:
    assert len(server.children(WORKER)) == 2
    for _ in range(20):
        with fresh(server) as http:
            assert http.get("/healthz").status_code == 200
    told = {counted(server) >= 20 for _ in range(10)}
    assert told == {True}


def test_one_that_dies_is_replaced(server: Started) -> None:
    first, second = server.children(WORKER)
    first.kill()
    server.until(lambda: {child.pid for child in server.children(WORKER)} - {first.pid, second.pid} != set())
    server.until(lambda: '"ended_by":"SIGKILL"' in server.text)
    server.ready()


def test_they_end_with_a_parent_that_is_killed_and_the_port_is_free_again(server: Started) -> None:
    children = server.children(WORKER)
    postgres = server.children("postgres")
    data = server.said.parent / "data"
    assert server.end(signal.SIGKILL) == -signal.SIGKILL
    _, left = psutil.wait_procs([*children, *postgres], timeout=20)
    assert left == []
    options = ("serve", "--data-dir", data, "--workers", "2")
    with started(data.parent / "again.log", *options, port=server.port) as again:
        again.ready()
        assert again.end(signal.SIGTERM) == 0
        assert "Traceback" not in again.text
    assert all(not child.is_running() for child in children)
