"""The one exception of the embedded server, and what the system's and the server's words mean to a person.

It classifies; it repairs nothing.
"""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path


class EmbeddedError(Exception):
    """What is wrong and what to do about it: two lines for the person at the terminal."""

    def __init__(self, problem: str, advice: str) -> None:
        self.problem = problem
        self.advice = advice
        super().__init__(f"{problem}\n{advice}")


# Less than this free, and the server cannot even write why it stopped.
_FULL_BYTES = 1024 * 1024


def disk_full(folder: Path) -> EmbeddedError:
    return EmbeddedError(
        f"The disk that holds {folder} is full.",
        "Free at least 100 MB there, or choose another data folder, and start again: nothing that was stored is lost.",
    )


def not_permitted(folder: Path, detail: str) -> EmbeddedError:
    return EmbeddedError(
        f"No permission for the data folder {folder}: {detail}.",
        "Start as the user who owns the folder, give it to this user (chown -R), or choose another data folder.",
    )


def _out_of_memory(_folder: Path, detail: str) -> EmbeddedError:
    return EmbeddedError(
        f"PostgreSQL did not get the memory it asked for: {detail}",
        "Lower shared_buffers or max_connections, or give the machine or container more memory.",
    )


def _bad_setting(_folder: Path, detail: str) -> EmbeddedError:
    return EmbeddedError(
        f"PostgreSQL refused a setting: {detail}",
        "Correct the extra PostgreSQL settings, or postgresql.conf in the data folder.",
    )


_MEANINGS: tuple[tuple[str, Callable[[Path, str], EmbeddedError]], ...] = (
    (r"No space left on device|Disk quota exceeded", lambda folder, _: disk_full(folder)),
    (r"Cannot allocate memory|could not (map|create) .*shared memory", _out_of_memory),
    (r"unrecognized configuration parameter|invalid (value|line)|outside the valid range|syntax error in file",
     _bad_setting),
    (r"Permission denied|Operation not permitted|Read-only file system|wrong ownership|invalid permissions",
     not_permitted),
)  # fmt: skip


def from_system(fault: OSError, folder: Path) -> EmbeddedError:
    """The error of the person's terms for an error of the file system below `folder`."""
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    if fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return not_permitted(folder, str(fault))
    return EmbeddedError(
        f"The data folder {folder} cannot be used: {fault}.",
        "Choose a data folder on a local disk that this user can write to.",
    )


def from_server(said: str, folder: Path, log: Path | None = None) -> EmbeddedError:
    """The error for what a PostgreSQL program `said` before it gave up; `log` is where more of it stands."""
    reason = _last_complaint(said)
    if _nearly_full(folder):
        return disk_full(folder)
    for pattern, meaning in _MEANINGS:
        if re.search(pattern, said):
            return meaning(folder, reason)
    return EmbeddedError(
        f"PostgreSQL did not start: {reason}",
        f"Its whole log is {log}." if log else "Run `clerestory doctor` to check the installation.",
    )


def _last_complaint(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    complaints = [line for line in lines if re.search(r"\b(PANIC|FATAL|ERROR|error|could not)\b", line)]
    chosen = (complaints or lines or ["it said nothing"])[-1]
    return re.sub(r"^.*?(PANIC|FATAL|ERROR): +", "", chosen)


def _nearly_full(folder: Path) -> bool:
    while not folder.exists():
        folder = folder.parent
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize < _FULL_BYTES
