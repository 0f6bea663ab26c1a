"""The embedded server from start to stop: what it makes, what it keeps, how it is reached."""

import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest

from clerestory.platform.database.embedded import Embedded, EmbeddedError, EmbeddedSettings
from clerestory.platform.database.embedded.ownership import server_processes
from clerestory.platform.database.embedded.serverlog import ServerLog
from tests.fixtures.embedded import Person, Start, query


def small(data_dir: Path, **extra: str) -> EmbeddedSettings:
    return EmbeddedSettings(data_dir=data_dir, shared_buffers_mb=16, max_connections=20, extra=extra)


def test_the_first_start_makes_the_database_and_the_second_keeps_it(newcomer: Person, start: Start) -> None:
    starter = start(newcomer)
    dsn = starter.dsn()
    query(dsn, "CREATE TABLE public.kept AS SELECT 7 AS number")
    assert starter.ask("stop") == {"stopped": True}
    assert server_processes(starter.pgdata) == []
    assert starter.ask("start") == {"dsn": dsn, "owner": True}
    assert query(dsn, "SELECT number, current_user::text FROM public.kept") == [(7, "clerestory")]


def test_the_server_runs_with_the_settings_that_were_decided(tmp_path: Path) -> None:
    with Embedded(small(tmp_path, work_mem="5MB")) as dsn:
        asked = (
            "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN ('jit', 'listen_addresses', 'work_mem',"
            " 'logging_collector', 'max_locks_per_transaction', 'recovery_init_sync_method', 'shared_buffers',"
            " 'max_connections', 'data_checksums', 'server_encoding') ORDER BY name"
        )
        assert dict(query(dsn, asked)) == {
            "data_checksums": "on",
            "jit": "off",
            "listen_addresses": "",
            "logging_collector": "off",
            "max_connections": "20",
            "max_locks_per_transaction": "256",
            "recovery_init_sync_method": "syncfs",
            "server_encoding": "UTF8",
            "shared_buffers": "2048",
            "work_mem": "5120",
        }
        described = "SELECT datcollate, datctype, datdba::regrole::text FROM pg_catalog.pg_database WHERE datname = $$"
        assert query(dsn, f"{described}clerestory$$") == [("C.UTF-8", "C.UTF-8", "clerestory")]
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = 'clerestory'"
        assert query(dsn, rights) == [(False, True, True)]


def test_only_the_owner_of_the_data_folder_can_reach_the_server(tmp_path: Path) -> None:
    with Embedded(small(tmp_path)) as dsn:
        assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "postgres.lock").stat().st_mode) == 0o600
        as_superuser = dsn.replace("//clerestory@", "//postgres@")
        rules = "SELECT type, auth_method, options, error FROM pg_catalog.pg_hba_file_rules"
        assert query(as_superuser, rules) == [("local", "peer", ["map=clerestory"], None)]


def test_stopping_is_harmless_when_nothing_runs(tmp_path: Path) -> None:
    embedded = Embedded(small(tmp_path))
    embedded.stop()
    embedded.start()
    embedded.stop()
    embedded.stop()
    assert (embedded.owner, embedded.running) == (False, False)


def test_starting_twice_gives_the_same_server(tmp_path: Path) -> None:
    with Embedded(small(tmp_path)) as first:
        pass
    embedded = Embedded(small(tmp_path))
    try:
        assert embedded.start() == embedded.start() == first
        assert (embedded.owner, embedded.running) == (True, True)
    finally:
        embedded.stop()


def test_a_thread_that_may_end_earlier_must_not_start_the_server(tmp_path: Path) -> None:
    refused: list[EmbeddedError] = []

    def begin() -> None:
        with pytest.raises(EmbeddedError) as caught:
            Embedded(small(tmp_path)).start()
        refused.append(caught.value)

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    assert refused[0].advice == "Start it in the main thread, before the event loop."
    assert list(tmp_path.iterdir()) == []


def test_a_path_too_long_or_odd_for_a_socket_is_reached_by_a_private_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("deep, and with spaces/" * 8)
    with tempfile.TemporaryDirectory() as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        with Embedded(small(folder)) as dsn:
            private = Path(runtime) / f"clerestory-{os.geteuid()}"
            [link] = private.iterdir()
            assert dsn == f"postgresql://clerestory@/clerestory?host={link}&port=5432"
            assert link.readlink() == folder / "postgres"
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
            assert query(dsn, "SELECT 1") == [(1,)]


def test_a_private_folder_that_others_can_write_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / f"clerestory-{os.geteuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with Embedded(small(tmp_path / ("long" * 30))) as dsn:
        assert str(planted) not in dsn
        assert query(dsn, "SELECT 1") == [(1,)]
    assert list(planted.iterdir()) == []
    Path(dsn.split("host=")[1].split("&")[0]).unlink()


def test_no_folder_above_the_server_changes_its_mode(newcomer: Person, start: Start) -> None:
    outer = newcomer.home / "closed"
    outer.mkdir(mode=0o700)
    os.chown(outer, newcomer.uid, -1)
    above = [outer, *outer.parents]
    before = [folder.stat().st_mode for folder in above]
    starter = start(newcomer, data_dir=str(outer / "data"))
    assert starter.answer()["owner"] is True
    assert [folder.stat().st_mode for folder in above] == before


def test_the_log_stays_bounded_while_the_server_writes_it(tmp_path: Path) -> None:
    log = ServerLog(tmp_path / "postgres.log", limit=1000)
    writer = log.open()
    try:
        os.write(writer, b"old\n" * 1000)
        log.trim()
        os.write(writer, b"2026-01-01 00:00:00.000 UTC [1] LOG:  new\n")
    finally:
        os.close(writer)
    assert log.path.read_bytes() == b"2026-01-01 00:00:00.000 UTC [1] LOG:  new\n"
    assert (tmp_path / "postgres.log.1").read_bytes() == b"old\n" * 250
    assert log.last_line() == "new"
