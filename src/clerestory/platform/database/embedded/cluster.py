"""The server's folder: made whole or not at all, checked before every start. It starts no lasting server."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clerestory.platform.database.embedded.account import Account, root_name
from clerestory.platform.database.embedded.address import socket_leftovers
from clerestory.platform.database.embedded.binaries import Binaries
from clerestory.platform.database.embedded.errors import EmbeddedError, from_server
from clerestory.platform.database.embedded.spawn import Folder, Program, Ran, reachable, run
from clerestory.platform.database.embedded.waiting import Waiting

# One statement a line, as the single-user mode reads them. The role is no superuser, as on any other server;
# it makes the restricted roles and the test databases. A copy by files is quicker than by the log: nobody writes yet.
_FIRST_STATEMENTS = """\
CREATE ROLE clerestory LOGIN CREATEDB CREATEROLE;
CREATE DATABASE clerestory OWNER clerestory STRATEGY file_copy;
"""
_CREATING = "Creating the database, once for this data folder"


def exists(pgdata: Path) -> bool:
    return pgdata.is_dir() and any(pgdata.iterdir())


def create(pgdata: Path, binaries: Binaries, account: Account, waiting: Waiting) -> None:
    """Make `pgdata` with the role and the database clerestory. What fails half-way leaves nothing behind.

    It is made beside its place and renamed when it is finished and on the disk.
    """
    for left in pgdata.parent.glob(f"{pgdata.name}.new-*"):  # of a start that was killed
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f"{pgdata.name}.new-", dir=pgdata.parent))
    try:
        if account.dropped:
            os.chown(new, account.uid, account.gid)
        with reachable(new, account) as folder:
            for ran in _fill(folder, binaries, account, waiting):
                if ran.status != 0:
                    raise from_server(ran.said, pgdata.parent)
        (new / "pg_hba.conf").write_text("local all all peer map=clerestory\n")
        new.rename(pgdata)
        _flush(pgdata.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _fill(folder: Folder, binaries: Binaries, account: Account, waiting: Waiting) -> Iterator[Ran]:
    data = ["-D", folder.name]
    initdb = [binaries.program("initdb"), *data]
    single = [binaries.program("postgres"), "--single", *data, "-F", "-c", "exit_on_error=true", "postgres"]
    # Flushed once at the end instead of file by file.
    for command, text in (
        ([*initdb, "--no-sync", "--no-instructions", *_initdb_options(binaries.major)], ""),
        (single, _FIRST_STATEMENTS),
        ([*initdb, "--sync-only"], ""),
    ):
        yield run(Program(command, account, folder.descriptors, text), waiting, _CREATING)


def _initdb_options(major: int) -> list[str]:
    # C.UTF-8 sorts by code point and never changes with the system's library; ICU is not in every build.
    locale = ["--locale=C.UTF-8"]
    if sys.platform != "linux":  # macOS has no such locale; PostgreSQL has its own since 17
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = ["--locale=C", *(builtin if major >= 17 else [])]
    return [
        *locale,
        "--username=postgres",
        "--encoding=UTF8",
        "--auth-local=peer",
        "--auth-host=reject",
        "--data-checksums",
    ]


def check(pgdata: Path, binaries: Binaries, account: Account) -> None:
    """Raises EmbeddedError unless `binaries` can run `pgdata` as `account`."""
    version = pgdata / "PG_VERSION"
    if not version.exists():
        raise EmbeddedError(
            f"{pgdata} is not empty and not a PostgreSQL folder either.",
            "Move it away, or choose another data folder; a new one is made on the next start.",
        )
    major = int(version.read_text())
    if major != binaries.major:
        raise EmbeddedError(
            f"The data in {pgdata} is of PostgreSQL {major}, the programs in {binaries.folder} are version "
            f"{binaries.major}.",
            f"Start with the programs of PostgreSQL {major} (the binaries setting), dump with pg_dump, move the folder "
            f"away, start with version {binaries.major} and restore the dump. Nothing was changed.",
        )
    status = pgdata.stat()
    if account.dropped and status.st_uid == 0:  # root restored a copy
        _give(pgdata, account)
    elif status.st_uid != account.uid:
        raise EmbeddedError(
            f"{pgdata} belongs to the user number {status.st_uid}, and this process is user {account.name}.",
            "Start as the user who owns it, or give it to this user (chown -R).",
        )
    if status.st_mode & 0o027:  # PostgreSQL refuses more than its group's reading
        pgdata.chmod(0o700)


def _give(pgdata: Path, account: Account) -> None:
    for folder, _, files in os.walk(pgdata):
        for name in files:
            os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)
        os.chown(folder, account.uid, account.gid)


def prepare(pgdata: Path, account: Account) -> None:
    """Before each start, by the owner, when no server process lives: stale marks go, and who may connect is renewed.

    Peer authentication knows users by name, and a folder may have been moved to another user or machine.
    """
    for left in [pgdata / "postmaster.pid", *socket_leftovers(pgdata)]:
        left.unlink(missing_ok=True)
    users = dict.fromkeys([account.name, root_name()])
    lines = "".join(f'clerestory "{user}" {role}\n' for user in users for role in ("clerestory", "postgres"))
    identities = pgdata / "pg_ident.conf"
    if identities.read_text() != lines:
        identities.write_text(lines)


def status(pgdata: Path) -> str:
    """What the server last said of itself: starting, ready, stopping; empty when there is none. Not proof of life."""
    try:
        lines = (pgdata / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else "starting"


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
