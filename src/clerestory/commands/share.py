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
    work = msgspec.json.decode(sys.stdin.buffer.readline(), type=Work)
    logs.configure(work.log)
    gc.enable()
    serving = Serving(work, socket.socket(fileno=descriptor), signals.wake)
    serving.start()
    told = 0
    open_pipe = [sys.stdin.fileno()]
    shown = False
    while serving.tend():
        if serving.ready and not shown:
            os.write(sys.stdout.fileno(), READY)
            shown = True
        if signals.sleep(_LOOK_EVERY, *open_pipe):
            said = os.read(sys.stdin.fileno(), 4096)
            told = told + said.count(b"\n") if said else _HURRIED
            open_pipe = open_pipe if said else []
        asked = told + signals.asked
        if asked:
            serving.end(asked)
