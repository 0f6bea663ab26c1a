"""The server's log: a file in the data folder that stays bounded. It is read for the reason of a failed start."""

import os
from pathlib import Path

from clerestory.platform.database.embedded.ownership import open_ours

_LAST_BYTES = 64 * 1024


class ServerLog:
    """`path` and one predecessor (`….1`), each kept to about `limit` bytes."""

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self._limit = limit
        self._start = 0

    def open(self) -> int:
        """A descriptor for the server's output; what is written from now on is this start's."""
        self.trim()
        descriptor = open_ours(self.path, os.O_WRONLY | os.O_APPEND)
        self._start = os.fstat(descriptor).st_size
        return descriptor

    def since_start(self) -> str:
        """What the server wrote since `open`, at most the last 64 KiB of it."""
        with self.path.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(self._start, log.tell() - _LAST_BYTES))
            return log.read().decode(errors="replace")

    def last_line(self) -> str:
        """The newest message, without its time and process number; empty when there is none."""
        lines = self.since_start().strip().splitlines()
        return lines[-1].split(":  ", 1)[-1] if lines else ""

    def trim(self) -> None:
        """Move what has grown over the limit to the predecessor. The server keeps its descriptor: it appends."""
        if not self.path.exists() or self.path.stat().st_size <= self._limit:
            return
        with self.path.open("r+b") as log:
            log.seek(-min(self._limit, self.path.stat().st_size), os.SEEK_END)
            try:
                predecessor = open_ours(self.path.with_name(f"{self.path.name}.1"), os.O_WRONLY | os.O_TRUNC)
                with open(predecessor, "wb") as kept:  # noqa: PTH123 (a descriptor)
                    kept.write(log.read())
            finally:  # a full disk is the best reason to shorten it
                log.truncate(0)
        self._start = 0
