"""Every start that cannot be is refused in words, changes nothing, and works once the reason is gone."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerestory.platform.database.embedded import Embedded, EmbeddedError, EmbeddedSettings, find_binaries
from tests.fixtures.embedded import Person, Start, query

CHOOSE = "Give the folder with the programs of PostgreSQL 15 or newer, or an address by --database-url."


def refusal(settings: EmbeddedSettings) -> tuple[str, str]:
    with pytest.raises(EmbeddedError) as caught:
        Embedded(settings).start()
    return caught.value.problem, caught.value.advice


def test_data_of_another_major_version_are_refused_untouched(person: Person, start: Start) -> None:
    starter = start(person)
    starter.answer()
    starter.ask("stop")
    version = starter.pgdata / "PG_VERSION"
    version.write_text("14\n")
    answer = starter.ask("start")
    programs = person.installation.programs
    assert answer == {
        "problem": f"The data in {starter.pgdata} is of PostgreSQL 14, the programs in {programs} are version 18.",
        "advice": "Start with the programs of PostgreSQL 14 (the binaries setting), dump with pg_dump, move the folder "
        "away, start with version 18 and restore the dump. Nothing was changed.",
    }
    version.write_text("18\n")
    assert starter.ask("start")["owner"] is True


def test_a_folder_of_something_else_is_refused_untouched(tmp_path: Path) -> None:
    letter = tmp_path / "postgres" / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("mine")
    assert refusal(EmbeddedSettings(tmp_path)) == (
        f"{tmp_path / 'postgres'} is not empty and not a PostgreSQL folder either.",
        "Move it away, or choose another data folder; a new one is made on the next start.",
    )
    assert letter.read_text() == "mine"


def test_an_empty_folder_of_that_name_is_used(newcomer: Person, start: Start) -> None:
    newcomer.pgdata.mkdir(parents=True)
    for folder in (newcomer.pgdata.parent, newcomer.pgdata):
        os.chown(folder, newcomer.uid, -1)
    assert start(newcomer).answer()["owner"] is True


def test_a_data_folder_without_permission_is_told(commoner: Person, start: Start) -> None:
    closed = commoner.home / "closed"
    closed.mkdir(mode=0o500)
    os.chown(closed, commoner.uid, -1)
    answer = start(commoner, data_dir=str(closed / "data")).answer()
    assert answer["problem"].startswith(f"No permission for the data folder {closed / 'data'}: ")
    assert answer["advice"] == (
        "Start as the user who owns the folder, give it to this user (chown -R), or choose another data folder."
    )
    assert list(closed.iterdir()) == []


def test_a_limit_on_the_size_of_files_leaves_nothing_half_made(newcomer: Person, start: Start) -> None:
    answer = start(newcomer, file_bytes=1024 * 1024).answer()
    assert answer["problem"].startswith("PostgreSQL did not start: ")
    assert [path.name for path in sorted((newcomer.home / "data").iterdir())] == [
        "postgres.lock",
        "postgres.server.lock",
    ]
    assert start(newcomer).answer()["owner"] is True


@pytest.fixture
def disk(newcomer: Person) -> Iterator[Path]:
    """A disk of 24 MB that can grow: too small for a database."""
    folder = newcomer.home / "disk"
    folder.mkdir()
    options = f"size=24m,uid={newcomer.uid},mode=0755"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False).returncode != 0:
        pytest.skip("this user may not mount a small disk; the limit on the size of files is tested instead")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def grow(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=160m", str(disk)], check=True)


def full(disk: Path) -> dict[str, str]:
    return {
        "problem": f"The disk that holds {disk / 'data'} is full.",
        "advice": "Free at least 100 MB there, or choose another data folder, and start again: nothing that was stored "
        "is lost.",
    }


def test_a_disk_full_on_the_first_start_is_told_and_leaves_nothing(disk: Path, newcomer: Person, start: Start) -> None:
    starter = start(newcomer, data_dir=str(disk / "data"))
    assert starter.answer() == full(disk)
    assert not [path for path in (disk / "data").iterdir() if path.is_dir()]
    grow(disk)
    assert starter.ask("start")["owner"] is True


def test_a_disk_full_on_a_later_start_is_told_and_nothing_is_lost(disk: Path, newcomer: Person, start: Start) -> None:
    grow(disk)
    starter = start(newcomer, data_dir=str(disk / "data"))
    query(starter.dsn(), "CREATE TABLE public.kept AS SELECT 7 AS number")
    starter.ask("stop")
    filler = disk / "filler"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:  # noqa: PT012 (until full)
        while True:
            file.write(bytes(4096))
    assert starter.ask("start") == full(disk)
    filler.unlink()
    assert query(starter.ask("start")["dsn"], "SELECT number FROM public.kept") == [(7,)]


@pytest.mark.parametrize("name", ["listen_addresses", "port", "hba_file"])
def test_a_setting_that_would_move_the_server_away_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(EmbeddedSettings(tmp_path, extra={name: "x"})) == (
        f"The embedded PostgreSQL does not take the setting {name}.",
        "Leave it out, or run a PostgreSQL of your own and give its address by --database-url.",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_the_server_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    assert refusal(EmbeddedSettings(tmp_path, extra={"work_memory": "1"})) == (
        'PostgreSQL refused a setting: unrecognized configuration parameter "work_memory"',
        "Correct the extra PostgreSQL settings, or postgresql.conf in the data folder.",
    )


def test_a_folder_without_postgresql_is_refused(tmp_path: Path) -> None:
    assert refusal(EmbeddedSettings(tmp_path, binaries=tmp_path)) == (f"There is no PostgreSQL in {tmp_path}.", CHOOSE)
    (tmp_path / "postgres").touch()
    with pytest.raises(EmbeddedError, match="postgres but no initdb"):
        find_binaries(tmp_path)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n", "is version 14, too old."),
        ("#!/bin/sh\necho 'libz.so.1: not found' >&2; exit 127\n", "does not run on this system: libz.so.1: not found"),
        ("\x7fELF of another machine", "does not run on this system: [Errno 8]"),
    ],
)
def test_programs_that_are_too_old_or_do_not_run_are_refused(tmp_path: Path, script: str, told: str) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    with pytest.raises(EmbeddedError) as caught:
        find_binaries(tmp_path)
    assert told in caught.value.problem
    assert caught.value.advice == CHOOSE


def test_the_programs_are_found_in_the_wheel_and_by_either_folder(tmp_path: Path) -> None:
    ours = find_binaries(None)
    assert ours.major == 18
    assert find_binaries(ours.folder) == find_binaries(ours.folder.parent) == ours
    assert shutil.which("initdb", path=ours.folder) is not None
