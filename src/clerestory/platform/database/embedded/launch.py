"""Becomes the PostgreSQL server whose life is tied to the process that started it. Run as a script, never imported.

    launch.py tied|watched PARENT_PID UID GID PROGRAM [ARGUMENT...]        (UID -1: keep ours)

A fresh interpreter with one thread instead of code between fork and exec: nothing here can meet a lock that
another thread of the parent held.
"""

import ctypes
import os
import select
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    mode, parent, uid, gid = sys.argv[1], *map(int, sys.argv[2:5])
    command = sys.argv[5:]
    # Python ignores these two, and what is ignored stays ignored through execv.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        if uid >= 0:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        if mode == "tied":
            _tie_to(parent)
            os.execv(command[0], command)  # noqa: S606 (no shell is wanted)
        sys.exit(_watch(command))
    except OSError as fault:
        sys.exit(f"FATAL:  could not become {command[0]} as user {uid}: {fault}")


def _tie_to(parent: int) -> None:
    """Ask the kernel for SIGINT, PostgreSQL's fast shutdown, when the parent's thread ends. Linux only."""
    libc = ctypes.CDLL(None, use_errno=True)
    # After setuid, which clears it; execv keeps it.
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl failed")
    if os.getppid() != parent:
        sys.exit("FATAL:  the owner ended before the server began")


def _watch(command: list[str]) -> int:
    """Run the server as a child; end it when standard input, a pipe that the owner holds, is closed. Any unix."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: None)
    child = os.fork()
    if child == 0:
        _become_child(command, woken, wake)
    watched = [0, woken]
    while True:
        readable = select.select(watched, [], [])[0]
        if 0 in readable:
            watched.remove(0)
            os.kill(child, signal.SIGINT)
        for sent in os.read(woken, 64) if woken in readable else b"":
            if sent != signal.SIGCHLD:
                os.kill(child, sent)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)


def _become_child(command: list[str], *pipes: int) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    for pipe in pipes:
        os.close(pipe)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        os.execv(command[0], command)  # noqa: S606 (no shell is wanted)
    finally:
        os._exit(127)


if __name__ == "__main__":
    main()
