"""What a killed owner, a killed server and the numbers they leave behind do to the next start: nothing."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.embedded.ownership import server_processes
from tests.fixtures.embedded import Person, Start, Starter, query, wait_until


def crash(starter: Starter) -> None:
    """As when the machine is switched off: no process is left, every file is."""
    starter.process.kill()
    for process in server_processes(starter.pgdata):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    starter.end()


@pytest.fixture
def crashed(person: Person, start: Start) -> Starter:
    """A data folder with a committed row whose server and owner were killed."""
    starter = start(person)
    dsn = starter.dsn()
    query(dsn, "CREATE TABLE public.kept AS SELECT 7 AS number")
    crash(starter)
    assert (starter.pgdata / "postmaster.pid").exists()
    return starter


def say_it_runs_as(number: int, pgdata: Path) -> None:
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        mark = pgdata / name
        mark.write_text("\n".join([str(number), *mark.read_text().split("\n")[1:]]))


def starts_with_its_row(starter: Starter) -> bool:
    return query(starter.dsn(), "SELECT number FROM public.kept") == [(7,)]


def test_after_kill_9_of_everything_the_next_start_recovers(crashed: Starter, person: Person, start: Start) -> None:
    assert starts_with_its_row(start(person))


@pytest.fixture
def stranger(person: Person) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the server's own user that has nothing to do with PostgreSQL."""
    user = person.uid if os.geteuid() == 0 and person.uid else None
    with subprocess.Popen(["sleep", "600"], user=user or ("nobody" if os.geteuid() == 0 else None)) as process:
        yield process
        process.kill()


def test_a_number_reused_by_a_stranger_neither_blocks_nor_harms(
    crashed: Starter, person: Person, start: Start, stranger: "subprocess.Popen[bytes]"
) -> None:
    say_it_runs_as(stranger.pid, crashed.pgdata)
    starter = start(person)
    assert starts_with_its_row(starter)
    assert starter.ask("stop") == {"stopped": True}
    assert stranger.poll() is None


def test_a_number_of_a_zombie_does_not_block(
    crashed: Starter, person: Person, start: Start, stranger: "subprocess.Popen[bytes]"
) -> None:
    os.kill(stranger.pid, signal.SIGKILL)
    wait_until(lambda: ") Z " in Path(f"/proc/{stranger.pid}/stat").read_text())
    say_it_runs_as(stranger.pid, crashed.pgdata)
    assert starts_with_its_row(start(person))


def test_a_number_of_nobody_and_rubbish_do_not_block(crashed: Starter, person: Person, start: Start) -> None:
    (crashed.pgdata / "postmaster.pid").write_text("rubbish")
    assert starts_with_its_row(start(person))


@pytest.mark.parametrize("tied", [True, False], ids=["by the kernel", "by a watcher"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_the_server_ends_cleanly_with_its_owner(
    person: Person, start: Start, number: signal.Signals, tied: bool
) -> None:
    starter = start(person, tied=tied)
    starter.answer()
    starter.process.send_signal(number)
    wait_until(lambda: not server_processes(starter.pgdata))
    said = (starter.pgdata.parent / "postgres.log").read_text()
    assert said.strip().endswith("LOG:  database system is shut down")
    assert start(person, tied=tied).answer()["owner"] is True


def test_a_start_while_the_killed_owners_server_still_ends_waits_for_it(person: Person, start: Start) -> None:
    starter = start(person)
    dsn = starter.dsn()
    query(dsn, "CREATE TABLE public.kept AS SELECT 7 AS number")
    starter.process.kill()
    second = start(person)
    assert starts_with_its_row(second)


def test_a_server_that_crashed_under_its_owner_is_started_again(tmp_path: Path) -> None:
    embedded = Embedded(EmbeddedSettings(tmp_path, shared_buffers_mb=16))
    try:
        dsn = embedded.start()
        for process in server_processes(tmp_path / "postgres"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: not embedded.running)
        assert embedded.start() == dsn
        assert query(dsn, "SELECT 1") == [(1,)]
    finally:
        embedded.stop()


def test_a_server_recovers_by_itself_from_the_kill_of_one_of_its_processes(person: Person, start: Start) -> None:
    starter = start(person)
    dsn = starter.dsn()

    def writers() -> list[int]:
        """The server's WAL writer, which names itself a moment after the server takes connections."""
        found = []
        for process in server_processes(starter.pgdata):
            with contextlib.suppress(OSError):
                if b"walwriter" in Path(f"/proc/{process}/cmdline").read_bytes():
                    found.append(process)
        return found

    wait_until(lambda: len(writers()) == 1)
    [writer] = writers()
    os.kill(writer, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{writer}").exists())

    def answers_again() -> bool:
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            return query(dsn, "SELECT 1") == [(1,)]
        return False

    wait_until(answers_again)


def test_what_a_killed_first_start_left_half_made_goes(newcomer: Person, start: Start) -> None:
    half = newcomer.home / "data" / "postgres.new-killed"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    for path in (half.parent, half, half / "PG_VERSION"):
        os.chown(path, newcomer.uid, -1)
    assert start(newcomer).answer()["owner"] is True
    assert not half.exists()
