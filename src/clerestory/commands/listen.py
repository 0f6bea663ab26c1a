"""The listening socket: taken before anything else starts, so that a port in use is told at once."""

import contextlib
import errno
import socket
import time
from datetime import timedelta

from clerestory.commands.failure import Failed
from clerestory.settings.installation import ServerSettings

# The processes of a server that was killed let go of the port within this time.
_PATIENCE = timedelta(seconds=2)
_BACKLOG = 2048


def bound(server: ServerSettings) -> socket.socket:
    """The socket, bound but not yet listening: who connects is refused until there is somebody to answer."""
    until = time.monotonic() + _PATIENCE.total_seconds()
    while True:
        try:
            return _bind(server)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise refusal(server, error) from None
        time.sleep(0.05)


def listening(taken: socket.socket, server: ServerSettings) -> socket.socket:
    """The same socket, taking connections. Another process may have been faster since it was bound."""
    try:
        taken.listen(_BACKLOG)
    except OSError as error:
        raise refusal(server, error) from None
    return taken


def refusal(server: ServerSettings, error: OSError) -> Failed:
    """Why nothing can listen there, and what to do."""
    place = f"{server.host} port {server.port}"
    if error.errno == errno.EADDRINUSE:
        return Failed(f"Something already listens on {place}: end it, or choose another port by --port.")
    if error.errno == errno.EACCES:
        return Failed(f"This user may not listen on {place}: choose a --port over 1023, and a proxy in front of it.")
    return Failed(f"Nothing can listen on {place} ({error.strerror or error}): choose another --host.")


def _bind(server: ServerSettings) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        server.host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    taken = socket.socket(family, kind, protocol)
    with contextlib.ExitStack() as undo:
        undo.callback(taken.close)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        undo.pop_all()
    return taken
