"""Started by root, as in a container or on a fresh machine: PostgreSQL refuses root, so another user runs it."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.embedded.ownership import server_processes
from tests.fixtures.embedded import Installation, Person, Start, Starter, install, query

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="about what root does: run the tests as root to see it")


def test_the_server_and_its_folder_belong_to_an_ordinary_user(tmp_path: Path) -> None:
    with Embedded(EmbeddedSettings(tmp_path, user="nobody", shared_buffers_mb=16)) as dsn:
        nobody = pwd.getpwnam("nobody").pw_uid
        assert (tmp_path / "postgres").stat().st_uid == nobody
        assert {Path(f"/proc/{process}").stat().st_uid for process in server_processes(tmp_path / "postgres")} == {
            nobody
        }
        assert tmp_path.stat().st_uid == 0
        assert query(dsn, "SELECT current_user::text") == [("clerestory",)]


def test_an_installation_and_data_in_a_private_home_work(tmp_path: Path, start: Start) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    install(home)
    cache = _cache()
    try:
        person = Person(Installation(folder=home), home, 0)
        home.chmod(0o700)
        starter = start(person, binaries_cache=str(cache))
        dsn = starter.dsn()
        assert query(dsn, "SELECT 1") == [(1,)]
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        starter.ask("stop")
        copies = [(copy.name, copy.stat().st_mtime_ns) for copy in cache.iterdir()]
        assert starter.ask("start") == {"dsn": dsn, "owner": True}
        assert [(copy.name, copy.stat().st_mtime_ns) for copy in cache.iterdir()] == copies
        assert len(copies) == 1
    finally:
        shutil.rmtree(cache)


def test_programs_from_a_cache_that_others_can_change_are_not_run(tmp_path: Path, start: Start) -> None:
    home = tmp_path / "home"
    home.mkdir()
    install(home)
    home.chmod(0o700)
    cache = _cache()
    try:
        cache.chmod(0o777)
        answer = start(Person(Installation(folder=home), home, 0), binaries_cache=str(cache)).answer()
        assert f"a copy in {cache} is not possible: {cache} is not only root's to write to" in answer["problem"]
        assert list(cache.iterdir()) == []
    finally:
        shutil.rmtree(cache)


def _cache() -> Path:
    """A folder that every user may enter, as the one for all users is."""
    folder = Path(f"/var/tmp/clerestory-test-{os.getpid()}")
    folder.mkdir(mode=0o755)
    return folder


def test_a_folder_that_root_copied_back_is_given_to_the_server(tmp_path: Path) -> None:
    settings = EmbeddedSettings(tmp_path, shared_buffers_mb=16)
    with Embedded(settings) as dsn:
        query(dsn, "CREATE TABLE public.kept AS SELECT 7 AS number")
    for path in [tmp_path / "postgres", *(tmp_path / "postgres").rglob("*")]:
        os.chown(path, 0, 0)
    (tmp_path / "postgres").chmod(0o755)
    with Embedded(settings) as dsn:
        assert query(dsn, "SELECT number FROM public.kept") == [(7,)]


def test_a_folder_of_an_ordinary_user_stays_theirs(commoner: Person, start: Start) -> None:
    starter = start(commoner)
    dsn = starter.dsn()
    query(dsn, "CREATE TABLE public.kept AS SELECT 7 AS number")
    starter.ask("stop")
    with Embedded(EmbeddedSettings(commoner.home / "data", shared_buffers_mb=16)) as dsn:
        assert query(dsn, "SELECT number FROM public.kept") == [(7,)]
    files = [commoner.home / "data", *(commoner.home / "data").rglob("*")]
    assert {path.stat().st_uid for path in files} == {commoner.uid}
    assert starter.ask("start")["owner"] is True


def test_root_without_a_look_into_other_users_processes_still_sees_its_server(
    open_installation: Installation, tmp_path: Path, start: Start
) -> None:
    """A container's root lacks CAP_SYS_PTRACE, so its own server's working folder is hidden from it."""
    weak = shutil.which("setpriv")
    if not weak:
        pytest.skip("no setpriv on this system to drop a capability with")
    starter: Starter = start(Person(Installation(folder=open_installation.folder), tmp_path, 0))
    starter.answer()
    look = (
        "import sys, pathlib; from clerestory.platform.database.embedded.ownership import server_processes;"
        "print(len(server_processes(pathlib.Path(sys.argv[1]))))"
    )
    drop = [weak, "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]
    seen = subprocess.run(
        [*drop, sys.executable, "-c", look, str(starter.pgdata)], capture_output=True, text=True, check=True
    )
    assert int(seen.stdout) == len(server_processes(starter.pgdata)) > 3


def test_a_user_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="this system has no other user ghost"):
        Embedded(EmbeddedSettings(tmp_path, user="ghost")).start()
