"""Who may run a server on a data folder, and which server processes live there now.

Locks decide the first: one that the owner holds, one that the server's own processes hold. The processes'
working folders decide the second. The number in postmaster.pid decides nothing: after a crash it may belong
to a stranger or to a zombie.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from clerestory.platform.database.embedded.errors import EmbeddedError

_PROC = Path("/proc")


class FolderLock:
    """An exclusive flock on a file in the data folder; the kernel drops it when its process ends in whatever way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    @property
    def descriptor(self) -> int:
        """While the lock is held. A child that inherits it keeps the lock after our `release`, until it ends."""
        return self._descriptor

    def take(self) -> bool:
        """Whether the lock is ours now. It never waits."""
        if self._descriptor >= 0:
            return True
        descriptor = open_ours(self._path, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as fault:
            os.close(descriptor)
            raise EmbeddedError(
                f"The file system of {self._path.parent} cannot lock files: {fault}.",
                "Choose a folder on a local disk.",
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return True

    def holder(self) -> str:
        """The process number that the holder wrote, for messages only."""
        return self._path.read_text().strip() or "unknown"

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def make_folder(folder: Path) -> None:
    """Makes the data folder for its owner alone. One that is there stays as it is, and so do the folders above."""
    # The server's user finds its own folder by a descriptor (spawn.reachable); elsewhere it must be let through.
    closed = sys.platform == "linux" or os.geteuid() != 0
    folder.mkdir(0o700 if closed else 0o755, parents=True, exist_ok=True)


def open_ours(path: Path, flags: int) -> int:
    """A descriptor of a file in the data folder, made 0600 and, by root, for the folder's owner. Follows no link."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def marker(pgdata: Path) -> str:
    """The name by which the command lines of this folder's server processes can be known."""
    status = pgdata.stat()
    return f"clerestory-{status.st_dev:x}-{status.st_ino:x}"


def server_processes(pgdata: Path) -> list[int]:
    """The living PostgreSQL processes that work in the folder, by number, whoever started them.

    Where there is no /proc (macOS) only the process that postmaster.pid names is looked at: it counts when its
    name says that it is PostgreSQL.
    """
    if not pgdata.exists():
        return []
    if not (_PROC / "self" / "cwd").exists():
        return _named_by_ps(pgdata)
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit() and _works_in(entry, pgdata)]


def _works_in(process: Path, pgdata: Path) -> bool:
    try:
        if not _is_postgres((process / "comm").read_text()):
            return False
        try:
            return (process / "cwd").samefile(pgdata)
        except PermissionError:
            return _probably_works_in(process, pgdata)
    except (FileNotFoundError, ProcessLookupError):  # it has ended; a zombie has no working folder either
        return False


def _probably_works_in(process: Path, pgdata: Path) -> bool:
    """Root in a container may not look into its own server's process (no CAP_SYS_PTRACE), but sees its command line.

    A server that was started by hand is known there by postmaster.pid alone: here the number may only forbid.
    """
    if process.stat().st_uid != pgdata.stat().st_uid:
        return False
    return marker(pgdata).encode() in (process / "cmdline").read_bytes() or int(process.name) == _named(pgdata)


def _named_by_ps(pgdata: Path) -> list[int]:
    number = _named(pgdata)
    if number is None:
        return []
    answer = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(number)], capture_output=True, text=True, check=False, timeout=10
    )
    return [number] if _is_postgres(Path(answer.stdout.strip()).name) else []


def _named(pgdata: Path) -> int | None:
    try:
        return int((pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_postgres(name: str) -> bool:
    return "postgres" in name or "postmaster" in name
