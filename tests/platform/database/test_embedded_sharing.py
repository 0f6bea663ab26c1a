"""Several processes on one data folder: one owns the server, the others share it, none damages it."""

import contextlib
import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from clerestory.platform.database.embedded import Embedded, EmbeddedError, EmbeddedSettings
from clerestory.platform.database.embedded.ownership import FolderLock, server_processes
from tests.fixtures.embedded import Person, Start, query, wait_until


def test_of_two_first_starts_at_once_one_owns_and_the_other_shares(newcomer: Person, start: Start) -> None:
    first, second = start(newcomer), start(newcomer)
    answers = [first.answer(), second.answer()]
    assert sorted(answer["owner"] for answer in answers) == [False, True]
    assert answers[0]["dsn"] == answers[1]["dsn"]
    attached, owner = (first, second) if answers[1]["owner"] else (second, first)
    assert attached.ask("stop") == {"stopped": True}
    assert query(answers[0]["dsn"], "SELECT 1") == [(1,)]
    assert owner.ask("stop") == {"stopped": True}
    assert server_processes(owner.pgdata) == []


def test_when_the_owner_goes_the_next_start_of_an_attached_process_owns(person: Person, start: Start) -> None:
    owner = start(person)
    dsn = owner.dsn()
    attached = start(person)
    assert attached.answer() == {"dsn": dsn, "owner": False}
    owner.ask("stop")
    assert attached.ask("start") == {"dsn": dsn, "owner": True}
    assert query(dsn, "SELECT 1") == [(1,)]
    assert owner.ask("start") == {"dsn": dsn, "owner": False}


def test_an_owner_whose_server_was_killed_is_named(person: Person, start: Start) -> None:
    owner = start(person)
    owner.answer()
    for process in server_processes(owner.pgdata):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    wait_until(lambda: not server_processes(owner.pgdata))
    assert start(person, patience=0.2).answer() == {
        "problem": f"Process {owner.process.pid} owns {owner.pgdata.parent}, but its PostgreSQL does not run.",
        "advice": "End that process and start again.",
    }


def test_a_wait_of_over_a_second_is_told(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "postgres.lock")
    assert lock.take()
    told: list[str] = []
    with pytest.raises(EmbeddedError, match="its PostgreSQL does not run"):
        Embedded(EmbeddedSettings(tmp_path, patience=timedelta(seconds=1.2))).start(told.append)
    lock.release()
    assert told == [f"Waiting for the PostgreSQL that process {os.getpid()} starts (1 s)"]


def test_a_server_that_somebody_started_by_hand_is_told_and_not_touched(commoner: Person, start: Start) -> None:
    person, data = commoner, commoner.pgdata
    program = str(person.installation.programs / "postgres")
    user = person.uid if person.uid != os.geteuid() else None
    by_hand = [program, "-D", str(data), "-c", "listen_addresses=", "-k", "."]
    with subprocess.Popen(by_hand, user=user, stderr=subprocess.DEVNULL, cwd="/") as server:
        try:
            wait_until(lambda: "ready" in _told(data / "postmaster.pid"))
            assert start(person, patience=0.2).answer() == {
                "problem": f"A PostgreSQL that this process does not own (process {server.pid}) runs on {data}.",
                "advice": "End it (pg_ctl stop) and start again.",
            }
            assert server.poll() is None
        finally:
            server.send_signal(signal.SIGINT)


def _told(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def test_a_forked_copy_does_not_stop_the_server(tmp_path: Path) -> None:
    embedded = Embedded(EmbeddedSettings(tmp_path, shared_buffers_mb=16))
    dsn = embedded.start()
    try:
        child = os.fork()
        if child == 0:
            embedded.stop()
            os._exit(0)
        os.waitpid(child, 0)
        assert query(dsn, "SELECT 1") == [(1,)]
    finally:
        embedded.stop()
