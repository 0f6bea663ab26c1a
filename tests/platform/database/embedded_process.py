"""A process of its own that starts an embedded server: the owner, the second one, or the one to be killed.

embedded_process.py {"data_dir": …, …}    one JSON line an answer; "start" and "stop" are read from standard input
"""

import itertools
import json
import resource
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from clerestory.platform.database.embedded import Embedded, EmbeddedError, EmbeddedSettings


def main(wanted: dict[str, Any]) -> None:
    # Ended by SIGTERM as any program without a handler is: no clean-up of ours runs.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if "file_bytes" in wanted:
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["file_bytes"], wanted["file_bytes"]))
    settings = EmbeddedSettings(
        data_dir=Path(wanted["data_dir"]),
        patience=timedelta(seconds=wanted.get("patience", 60)),
        binaries_cache=Path(wanted.get("binaries_cache", "/nonexistent")),
        shared_buffers_mb=16,
        max_connections=20,
    )
    embedded = Embedded(settings, tied=wanted.get("tied", True))
    for command in itertools.chain(["start\n"], sys.stdin):
        print(json.dumps(_start(embedded) if command == "start\n" else _stop(embedded)), flush=True)


def _start(embedded: Embedded) -> dict[str, Any]:
    try:
        return {"dsn": embedded.start(), "owner": embedded.owner}
    except EmbeddedError as error:
        return {"problem": error.problem, "advice": error.advice}


def _stop(embedded: Embedded) -> dict[str, Any]:
    embedded.stop()
    return {"stopped": True}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
