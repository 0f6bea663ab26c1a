"""A process of a server's several: it reads its work from its parent's pipe, and ends when told to or left alone."""

import gc
import os
import signal
import socket
import sys
from datetime import timedelta

import msgspec

from clerestory.commands.serving import Serving, Work
from clerestory.commands.signals import Signals
from clerestory.commands.workers import READY
from clerestory.platform.observe import logs

_LOOK_EVERY = timedelta(seconds=5)
_HURRIED = 2


def share(descriptor: int) -> None:
    """Serves until the pipe or a SIGTERM says otherwise. Ctrl-C is the parent's to heed: a terminal sends it to all."""
    signals = Signals(heeded=(signal.SIGTERM,))
    pipe = sys.stdin.fileno()
    message, told = _first_line(pipe)
    work = msgspec.json.decode(message, type=Work)
    logs.configure(work.log)
    gc.enable()
    serving = Serving(work, socket.socket(fileno=descriptor), signals.wake)
    serving.start()
    pipes, shown = [pipe], False
    while serving.tend():
        if serving.ready and not shown:
            os.write(sys.stdout.fileno(), READY)
            shown = True
        if signals.asked + told:
            serving.end(signals.asked + told)
        if signals.sleep(_LOOK_EVERY, *pipes):
            said = os.read(pipe, 4096)
            told += said.count(b"\n") if said else _HURRIED
            pipes = pipes if said else []


def _first_line(pipe: int) -> tuple[bytes, int]:
    """The first line, and how many more have come with it. Unbuffered: what is read ahead would wake nobody."""
    said = b""
    while b"\n" not in said:
        more = os.read(pipe, 65536)
        if not more:
            raise SystemExit(1)
        said += more
    line, _, rest = said.partition(b"\n")
    return line, rest.count(b"\n")
