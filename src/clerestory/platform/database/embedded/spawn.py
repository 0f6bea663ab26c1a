"""Starts PostgreSQL's programs as the right user, in a session of their own, away from the terminal's Ctrl-C.

How long to wait for the server, and when to end it, is the supervisor's business.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clerestory.platform.database.embedded.account import Account
from clerestory.platform.database.embedded.settings import environment
from clerestory.platform.database.embedded.waiting import Waiting

_LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as another user's process can name it, and the open descriptors that the name depends on."""

    name: str
    descriptors: tuple[int, ...] = ()


@contextmanager
def reachable(folder: Path, account: Account) -> Iterator[Folder]:
    """`folder` under a name that holds for processes of `account` started inside the block.

    PostgreSQL opens its folder by an absolute path, and the server's user may not be let through the parents
    (a checkout in /root). A descriptor that root opened leads there without them, and no parent's mode changes.
    """
    if not account.dropped or sys.platform != "linux":
        yield Folder(str(folder))
        return
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield Folder(f"/proc/self/fd/{descriptor}", (descriptor,))
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Program:
    """One run of one of PostgreSQL's programs, as `account`."""

    command: list[str]
    account: Account | None = None
    descriptors: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    said: str


def run(program: Program, waiting: Waiting, what: str) -> Ran:
    """The end of a short program and everything it said. It is killed when we are interrupted."""
    process = _popen(program)
    text: str | None = program.text
    try:
        while True:
            try:
                said, _ = process.communicate(text, timeout=1)
            except subprocess.TimeoutExpired:
                text = None
                waiting.tell(what)
            else:
                return Ran(process.returncode, said)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _popen(program: Program) -> "subprocess.Popen[str]":
    account = program.account
    as_user = account is not None and account.dropped
    return subprocess.Popen(
        program.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        user=account.uid if account and as_user else None,
        group=account.gid if account and as_user else None,
        extra_groups=[] if as_user else None,
        pass_fds=program.descriptors,
        env=environment(),
        cwd="/",
        start_new_session=True,
    )


def start_server(program: Program, log: int, *, tied: bool) -> "subprocess.Popen[bytes]":
    """The server as our child, ended by the system when this process ends in whatever way.

    `tied`: by the kernel (Linux), and the child is the server itself. Otherwise the child is a watcher at the
    other end of a pipe, and forwards SIGINT and SIGQUIT to the server.
    """
    account = program.account
    uid, gid = (account.uid, account.gid) if account and account.dropped else (-1, -1)
    launch = [sys.executable, "-I", "-S", "-B", str(_LAUNCH)]
    return subprocess.Popen(
        [*launch, "tied" if tied else "watched", str(os.getpid()), str(uid), str(gid), *program.command],
        stdin=subprocess.DEVNULL if tied else subprocess.PIPE,
        stdout=log,
        stderr=log,
        pass_fds=program.descriptors,
        env=environment(),
        cwd="/",
        umask=0o077,
        start_new_session=True,
    )
