"""How clients reach the server: the socket in its own folder, or that folder by a short private link.

A socket's path is limited to about a hundred bytes. It opens no connection.
"""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from clerestory.platform.database.embedded.errors import EmbeddedError

_PORT = 5432  # only a part of the socket's file name: there is no TCP
_SOCKET = f".s.PGSQL.{_PORT}"
# 104 bytes with the final zero on macOS and the BSDs, 108 on Linux.
_LONGEST = 103


def dsn(pgdata: Path) -> str:
    """The address of the server's own database for its own role, as libpq, asyncpg and SQLAlchemy read it."""
    return f"postgresql://clerestory@/clerestory?host={socket_folder(pgdata)}&port={_PORT}"


def socket_folder(pgdata: Path) -> Path:
    """The folder to give as host: `pgdata`, or a link to it when its path is too long or needs quoting.

    The link stands in a 0700 folder of this user, so nobody else can put a server of theirs in its place.
    """
    if _fits(pgdata):
        return pgdata
    folder = _private_folder()
    link = folder / hashlib.sha256(os.fsencode(pgdata)).hexdigest()[:16]
    if not link.is_symlink() or link.readlink() != pgdata:
        fresh = link.with_name(f"{link.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(pgdata)
        fresh.replace(link)
    return link


def socket_leftovers(pgdata: Path) -> list[Path]:
    """What a killed server leaves of its socket; the number in the lock file is as worthless as postmaster.pid's."""
    return [pgdata / _SOCKET, pgdata / f"{_SOCKET}.lock"]


def _fits(folder: Path) -> bool:
    # Spaces, commas and the like mean different things to different clients.
    return len(str(folder / _SOCKET)) <= _LONGEST and re.fullmatch(r"[A-Za-z0-9/._-]+", str(folder)) is not None


def _private_folder() -> Path:
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 (verified below)
        if not base:
            continue
        folder = Path(base).resolve() / f"clerestory-{os.geteuid()}"
        if _fits(folder / ("0" * 16)) and _is_private(folder):
            return folder
    raise EmbeddedError(
        "The data folder's path is too long for a socket, and there is no private folder for a shorter one.",
        "Choose a data folder with a path of letters and digits under 85 bytes, or set XDG_RUNTIME_DIR or TMPDIR.",
    )


def _is_private(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError:
        return False
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o077
