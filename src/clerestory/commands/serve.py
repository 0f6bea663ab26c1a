"""`clerestory serve` and `clerestory worker`: a database that runs and is up to date, work done, all ended in order."""

import shlex
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from clerestory.commands.ground import Ground, installation_with, prepare, standing
from clerestory.commands.listen import bound, listening
from clerestory.commands.serving import Serving, Work
from clerestory.commands.signals import Signals
from clerestory.commands.telling import Progress, say
from clerestory.commands.watch import Serves, watch
from clerestory.commands.workers import Workers
from clerestory.settings.installation import Installation
from clerestory.settings.variables import BY_NAME


def serve(options: Mapping[str, object]) -> None:
    """Takes requests until it is told to end."""
    _run(installation_with(options), _announce_server)


def work(options: Mapping[str, object]) -> None:
    """Runs background jobs until it is told to end; on `health_port` it answers for its health alone."""
    installation = installation_with({**options, "jobs": True})
    port = installation.values["health_port"]
    server = replace(installation.server, port=port or 0, workers=1)
    _run(replace(installation, server=server, takes_requests=False), _announce_worker)


def _run(installation: Installation, announce: Callable[[Ground], None]) -> None:
    signals = Signals()
    with ExitStack() as stack:
        try:
            with signals.breaking():
                ground, taken = _stand(installation, stack)
                serves = _serves(ground, taken, signals, stack)
        except KeyboardInterrupt:
            # Asked to end before it had begun: the stack ends what was started, and that is all.
            return
        serves.start()
        watch(serves, signals, ground.embedded, lambda: announce(ground))


def _stand(installation: Installation, stack: ExitStack) -> tuple[Ground, socket.socket | None]:
    """The ground, and the socket if this process listens at all."""
    taken = None
    if installation.takes_requests or installation.server.port:
        taken = stack.enter_context(bound(installation.server))
        port = taken.getsockname()[1]
        installation = replace(installation, server=replace(installation.server, port=port))
    progress = Progress()
    ground = stack.enter_context(standing(installation, progress))
    prepare(ground, progress)
    return ground, taken and listening(taken, installation.server)


def _serves(ground: Ground, taken: socket.socket | None, signals: Signals, stack: ExitStack) -> Serves:
    """Whoever takes the requests: a thread of this process, or processes of their own."""
    installation = ground.installation
    work = Work(ground.settings, installation.server, installation.log, installation.takes_requests)
    if taken is None or installation.server.workers == 1:
        return Serving(work, taken, signals.wake)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="clerestory-metrics-"))
    return Workers(work, taken, Path(folder))


def _announce_server(ground: Ground) -> None:
    url = ground.settings.public_url
    say(f"Clerestory {version('clerestory')} serves {url}")
    say()
    say(f"  Sign up       {url}/register/")
    say(f"                or: {_called()} tenant create you@example.org{_same_folder(ground)}")
    say(f"  Try the APIs  {url}/docs/")
    say(f"  Its health    {url}/readyz")
    say(f"  Its data      {_whereabouts(ground)}")
    say()
    say("Ctrl-C ends it.")


def _announce_worker(ground: Ground) -> None:
    server = ground.installation.server
    health = f", its health on http://{server.host}:{server.port}/readyz" if server.port else ""
    say(f"Clerestory {version('clerestory')} runs background jobs{health}. Ctrl-C ends it.")


def _called() -> str:
    """The program's name as a shell here finds it: one that stands in .venv is not on the PATH."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "clerestory" and shutil.which("clerestory") is None else "clerestory"


def _same_folder(ground: Ground) -> str:
    """The option that leads another command to this database, where it is needed."""
    folder = ground.installation.data_dir
    if ground.embedded is None or str(folder) == BY_NAME["data_dir"].default:
        return ""
    return f" --data-dir {shlex.quote(str(folder))}"


def _whereabouts(ground: Ground) -> str:
    if ground.embedded is None:
        return "in the database of CLERESTORY_DATABASE_URL or --database-url"
    folder = ground.installation.data_dir
    return f"in {folder}" if ground.embedded.owner else f"in {folder}, shared with a process that runs there already"
