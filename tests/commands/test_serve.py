"""One server on a data folder of its own: it starts from nothing, is shared, survives, and ends in order."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from clerestory.platform.database.embedded.ownership import server_processes
from tests.fixtures.program import Started, environment, free_port, run, started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Started]:
    """The first start on a folder that is not there yet."""
    with started(folder / "first.log", "serve", "--data-dir", folder / "data") as server:
        yield server.ready()


def test_the_first_start_says_where_to_go(server: Started, folder: Path) -> None:
    url = f"http://127.0.0.1:{server.port}"
    server.until(lambda: "Ctrl-C ends it." in server.text)
    said = server.text[server.text.index("Clerestory ") : server.text.index("Ctrl-C ends it.")]
    here = re.sub(r"or: \S*clerestory ", "or: clerestory ", said)
    assert here == (
        f"Clerestory 0.1.0 serves {url}\n\n"
        f"  Sign up       {url}/register/\n"
        f"                or: clerestory tenant create you@example.org --data-dir {folder / 'data'}\n"
        f"  Try the APIs  {url}/docs/\n"
        f"  Its health    {url}/readyz\n"
        f"  Its data      in {folder / 'data'}\n\n"
    )


def test_the_secret_is_made_once_and_for_its_owner_alone(server: Started, folder: Path) -> None:
    secret = folder / "data" / "secret"
    assert (folder / "data").stat().st_mode & 0o777 == 0o700
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text().strip()) >= 32
    assert secret.read_text().strip() not in server.text


@pytest.fixture(scope="module")
def tenant(server: Started, folder: Path) -> dict[str, str]:
    """What `tenant create --json` told while the server ran."""
    made = run("tenant", "create", "jane.doe@x.org", "--json", "--data-dir", folder / "data", password="seven lanterns")
    assert (made.code, made.complained) == (0, "")
    told: dict[str, str] = made.json
    return told


def test_a_tenant_is_made_beside_the_running_server(server: Started, tenant: dict[str, str]) -> None:
    assert list(tenant) == ["client", "schema", "api_key", "state"]
    assert tenant["state"] == "READY"
    assert tenant["schema"] == tenant["client"].replace(".", "_")


def test_a_tenant_begins_with_the_demonstration_data(server: Started, tenant: dict[str, str]) -> None:
    answer = server.http.get("/api/v1/groups/", headers={"Api-Key": tenant["api_key"]})
    assert [group["name"] for group in answer.json()["results"]] == ["Management", "On call"]


def test_a_key_that_is_revoked_is_refused_by_the_running_server(
    server: Started, tenant: dict[str, str], folder: Path
) -> None:
    where = ("--tenant", tenant["client"], "--data-dir", folder / "data")
    created = run("key", "create", "--json", *where, name="second").json
    assert list(created) == ["id", "name", "api_key"]
    keyed = {"Api-Key": created["api_key"]}
    assert server.http.get("/members", headers=keyed).status_code == 200
    revoked = run("key", "revoke", str(created["id"]), *where)
    assert revoked.said == f"Key {created['id']} of {tenant['client']} is revoked.\n"
    server.until(lambda: server.http.get("/members", headers=keyed).status_code == 401)
    (row,) = [one for one in run("key", "list", "--json", *where).json if one["id"] == created["id"]]
    assert row["revoked"] is not None
    assert created["api_key"] not in server.text


def test_no_secret_gets_into_the_log(server: Started, tenant: dict[str, str]) -> None:
    secret = "hunter2-hunter2"
    keyed = {"Api-Key": tenant["api_key"]}
    login = {"email": "jane.doe@x.org", "password": "seven lanterns"}
    pair = server.http.post("/api/v1/auth/login/", json=login, headers=keyed).json()
    named = {**keyed, "Authorization": f"Bearer {pair['access']}", "X-Request-Id": "the-tests-own"}
    assert server.http.get("/api/v1/users/profile/", headers=named).status_code == 200
    for path in (f"/log/{secret}", f"/nowhere/?api_key={secret}", f"/{tenant['api_key']}"):
        server.http.get(path, headers={"Cookie": f"sessionid={secret}", "Authorization": f"Bearer {secret}"})
    server.http.post("/api/v1/auth/login/", json={"email": "a@x.org", "password": secret}, headers=keyed)
    server.http.post("/login/", data={"client": tenant["client"], "email": "a@x.org", "password": secret})
    server.until(lambda: "the-tests-own" in server.text)
    for value in (secret, "seven lanterns", tenant["api_key"], *pair.values()):
        assert value not in server.text


def test_a_second_server_on_the_same_port_is_refused(server: Started, folder: Path) -> None:
    refused = run("serve", "--data-dir", folder / "other", "--port", str(server.port))
    place = f"127.0.0.1 port {server.port}"
    advice = "end it, or choose another port by --port."
    assert (refused.code, refused.complained) == (1, f"clerestory: Something already listens on {place}: {advice}\n")
    assert not (folder / "other").exists()


def test_a_request_under_way_is_finished(folder: Path, server: Started) -> None:
    """The second server shares the folder; what it has begun it ends, though it was told to end meanwhile."""
    with started(folder / "second.log", "serve", "--data-dir", folder / "data") as second:
        second.ready()
        second.until(lambda: "shared with a process that runs there already" in second.text)
        with begun(second) as connection:
            second.process.send_signal(signal.SIGTERM)
            second.until(lambda: "Ending" in second.text)
            connection.sendall(b"{}")
            answer = connection.makefile("rb").read()  # to its end: the connection is closed behind it
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert second.process.wait(20) == 0
    assert server.answers(200)


def test_a_second_ctrl_c_does_not_wait(folder: Path, server: Started) -> None:
    with started(folder / "hurried.log", "serve", "--data-dir", folder / "data", drain="3600") as hurried:
        hurried.ready()
        with begun(hurried):
            hurried.process.send_signal(signal.SIGINT)
            hurried.until(lambda: "Ending" in hurried.text)
            hurried.process.send_signal(signal.SIGINT)
            assert hurried.process.wait(20) == 0
    assert server.answers(200)


def test_a_server_that_nobody_listens_to_serves_and_ends(folder: Path, server: Started) -> None:
    port = free_port()
    command = [sys.executable, "-m", "clerestory", "serve", "--data-dir", str(folder / "data")]
    unheard, deaf = os.pipe()
    os.close(unheard)
    process = subprocess.Popen(
        command, env=environment(port=str(port), spares="1"), stdout=deaf, stderr=deaf, text=True
    )
    os.close(deaf)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
        lonely = Started(process, port, server.said, http)
        try:
            lonely.ready()
            assert http.get("/status").status_code == 200
            assert lonely.end() == 0
        finally:
            process.kill()
            process.wait()
    assert server.answers(200)


def test_a_killed_postgres_is_started_again(server: Started, folder: Path) -> None:
    (postgres,) = server.children("postgres")
    postgres.kill()
    server.until(lambda: "postgres.back" in server.text)
    server.ready()
    (fresh,) = server.children("postgres")
    assert fresh.pid != postgres.pid


def test_who_shares_takes_over_and_a_killed_server_leaves_nothing_behind(
    server: Started, tenant: dict[str, str], folder: Path
) -> None:
    keyed = {"Api-Key": tenant["api_key"]}
    data = folder / "data"
    with started(folder / "heir.log", "serve", "--data-dir", data) as heir:
        heir.ready()
        assert server.end() == 0
        heir.until(lambda: "postgres.taken_over" in heir.text)
        heir.ready()
        assert heir.end(signal.SIGKILL) == -signal.SIGKILL
        # The kernel ends PostgreSQL with its owner; the next start need not wait for that.
        with started(folder / "next.log", "serve", "--data-dir", data, port=heir.port) as following:
            following.ready()
            assert following.http.get("/api/v1/groups/", headers=keyed).json()["count"] == 2
            assert following.end(signal.SIGINT) == 0
            assert "Traceback" not in following.text
    assert server_processes(data / "postgres") == []
    assert not any("clerestory serve" in " ".join(process.cmdline()) for process in psutil.Process().children())


@contextmanager
def begun(server: Started) -> Iterator[socket.socket]:
    """A request whose body has not come yet, and that the server is at work on."""
    head = (
        "POST /api/v1/clients/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode())
        # The server asks for the body once the application reads it.
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        yield connection
