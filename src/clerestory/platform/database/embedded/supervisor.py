"""Runs one PostgreSQL for a data folder, or joins the one that another process of ours runs there.

It signals no process but its own child, waits as long as a server says that it recovers, and never
changes a folder above the data folder.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import timedelta
from types import TracebackType

from clerestory.platform.database.embedded import account, cluster
from clerestory.platform.database.embedded.address import dsn, socket_folder
from clerestory.platform.database.embedded.binaries import Binaries, usable_binaries
from clerestory.platform.database.embedded.errors import EmbeddedError, from_server, from_system
from clerestory.platform.database.embedded.ownership import FolderLock, make_folder, marker, server_processes
from clerestory.platform.database.embedded.serverlog import ServerLog
from clerestory.platform.database.embedded.settings import EmbeddedSettings, refuse_ours, server_options
from clerestory.platform.database.embedded.spawn import Program, reachable, start_server
from clerestory.platform.database.embedded.waiting import Say, Waiting

_QUIT_GRACE = timedelta(seconds=10)
_UPKEEP_EVERY = timedelta(minutes=1)


def _silent(_: str) -> None:
    return


class Embedded:
    """The embedded server of one data folder, as seen from this process. Also a context manager that gives the DSN.

    The first process on a folder owns the server, and the server ends with it, even by kill -9. Later ones
    are attached. When the owner goes, the attached ones' connections fail, and the next `start` of any of
    them becomes the owner and starts the server anew, at the same DSN; `start` costs milliseconds when all
    is well, so a process that must outlive the owner calls it again when its connections fail.
    Forked copies of this object do nothing in `stop`, but keep the lock of an owner as long as they live.
    """

    def __init__(self, settings: EmbeddedSettings, *, tied: bool = sys.platform == "linux") -> None:
        """`tied`: the kernel ends the server with this process (Linux); else a watcher process does (any unix)."""
        self._settings = settings
        self._tied = tied
        self._lock = FolderLock(settings.data_dir / "postgres.lock")
        # Handed to the server: it outlives a killed owner for as long as any process of that server lives, also
        # one that has not yet entered its folder, and is seen through the walls between containers.
        self._server_lock = FolderLock(settings.data_dir / "postgres.server.lock")
        self._log = ServerLog(settings.data_dir / "postgres.log", settings.log_bytes)
        self._process: subprocess.Popen[bytes] | None = None
        self._upkeep_end = threading.Event()
        self._made_in = os.getpid()

    @property
    def owner(self) -> bool:
        """False when attached to the server of another process, or not started."""
        return self._process is not None

    @property
    def running(self) -> bool:
        """Whether our own server lives. When it has crashed, `start` starts it again."""
        return self._process is not None and self._process.poll() is None

    def start(self, progress: Say = _silent) -> str:
        """The DSN (unix socket) of a server that accepts connections; `progress` is told what takes over a second.

        Call it in the main thread: on Linux the server ends with the thread that started it. Raises EmbeddedError.
        """
        if threading.current_thread() is not threading.main_thread():
            raise EmbeddedError(
                "The embedded PostgreSQL was started from a thread that may end before the process does.",
                "Start it in the main thread, before the event loop.",
            )
        refuse_ours(self._settings)
        try:
            if not self.running:
                self.stop()  # what is left of a server that crashed
                self._own_or_attach(Waiting(progress))
            return dsn(self._settings.pgdata)
        except OSError as fault:
            raise from_system(fault, self._settings.data_dir) from fault

    def stop(self) -> None:
        """End our server and return when it is gone; attached, only let go. Harmless when nothing runs."""
        if os.getpid() != self._made_in:
            return
        self._upkeep_end.set()
        if self._process is not None:
            self._end(self._process)
            self._process = None
        self._server_lock.release()
        self._lock.release()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _own_or_attach(self, waiting: Waiting) -> None:
        settings = self._settings
        make_folder(settings.data_dir)
        while not self._lock.take():
            processes = server_processes(settings.pgdata)
            if processes and cluster.status(settings.pgdata) == "ready":
                return
            if not processes and waiting.elapsed > settings.patience:
                raise EmbeddedError(
                    f"Process {self._lock.holder()} owns {settings.data_dir}, but its PostgreSQL does not run.",
                    "End that process and start again.",
                )
            waiting.pause(f"Waiting for the PostgreSQL that process {self._lock.holder()} starts")
        with ExitStack() as undo:
            undo.callback(self.stop)
            self._own(waiting)
            undo.pop_all()

    def _own(self, waiting: Waiting) -> None:
        settings = self._settings
        who = account.choose(settings.pgdata, settings.user)
        binaries = usable_binaries(settings.binaries, who, settings.binaries_cache)
        self._wait_for_earlier(waiting.again())
        if not cluster.exists(settings.pgdata):
            cluster.create(settings.pgdata, binaries, who, waiting.again())
        cluster.check(settings.pgdata, binaries, who)
        cluster.prepare(settings.pgdata, who)
        self._process = self._spawn(binaries, who)
        self._wait_until_ready(self._process, waiting.again())
        self._upkeep_end = threading.Event()
        threading.Thread(target=self._upkeep, args=[self._upkeep_end], name="postgres-upkeep", daemon=True).start()

    def _wait_for_earlier(self, waiting: Waiting) -> None:
        """Until the processes of a killed owner's server are gone. A shutdown that is under way may take its time."""
        pgdata = self._settings.pgdata
        while (processes := server_processes(pgdata)) or not self._server_lock.take():
            which = f"process {min(processes)}" if processes else "of another container"
            if waiting.elapsed > self._settings.patience and cluster.status(pgdata) != "stopping":
                raise EmbeddedError(
                    f"A PostgreSQL that this process does not own ({which}) runs on {pgdata}.",
                    "End it (pg_ctl stop) and start again.",
                )
            waiting.pause(f"Waiting for an earlier PostgreSQL ({which}) to end")

    def _spawn(self, binaries: Binaries, who: account.Account) -> "subprocess.Popen[bytes]":
        pgdata = self._settings.pgdata
        options = server_options(self._settings, marker(pgdata))
        log = self._log.open()
        try:
            with reachable(pgdata, who) as folder:
                command = [binaries.program("postgres"), "-D", folder.name, *options]
                inherited = (*folder.descriptors, self._server_lock.descriptor)
                return start_server(Program(command, who, inherited), log, tied=self._tied)
        finally:
            os.close(log)
            self._server_lock.release()

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]", waiting: Waiting) -> None:
        while cluster.status(self._settings.pgdata) != "ready":
            if process.poll() is not None:
                raise from_server(self._log.since_start(), self._settings.data_dir, self._log.path)
            waiting.pause(f"PostgreSQL is starting: {self._log.last_line()}")

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        for number, grace in ((signal.SIGINT, self._settings.stop_grace), (signal.SIGQUIT, _QUIT_GRACE)):
            process.send_signal(number)
            try:
                process.wait(grace.total_seconds())
                break
            except subprocess.TimeoutExpired:
                continue
        else:
            # The watcher's group has the server in it; the server's other processes end when it is gone.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdin:
            process.stdin.close()

    def _upkeep(self, end: threading.Event) -> None:
        """Keep the log bounded, and the short link to the socket in place where folders for the moment are swept."""
        while not end.wait(_UPKEEP_EVERY.total_seconds()):
            try:
                self._log.trim()
                socket_folder(self._settings.pgdata)
            except (OSError, EmbeddedError):  # a full disk: tried again in a minute
                continue
