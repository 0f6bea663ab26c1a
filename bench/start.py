"""Claim: a warm start of `clerestory serve`, until /readyz says 200, takes under 2 s, a cold one, with the database
and the demonstration data made, under 5 s; all its processes together hold less than 8 times a bare PostgreSQL.

Alternating rounds on fresh folders; the peer is PostgreSQL alone, made and started by the same supervisor.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

from bench.embedded_start import seconds
from clerestory.platform.database.embedded import Embedded, EmbeddedSettings

ROUNDS = 5
PORT = 18711
COLD, WARM, MEMORY = 5.0, 2.0, 8.0


def ready() -> None:
    """Returns when the server says that it can serve."""
    while True:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.005)


def proportional(process: psutil.Process) -> float:
    """Megabytes of the process and all below it; what several share is counted once."""
    tree = [process, *process.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in tree) / 1e6


class Served:
    """`clerestory serve` on a folder, started and measured."""

    def __init__(self, folder: Path) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CLERESTORY_")}
        command = [sys.executable, "-m", "clerestory", "serve", "--port", str(PORT), "--data-dir", str(folder)]
        self._process = subprocess.Popen(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        self.seconds = seconds(ready)

    def memory(self) -> tuple[float, float]:
        """Megabytes of all its processes now, and of its own at most."""
        process = psutil.Process(self._process.pid)
        return proportional(process), peak(process)

    def stop(self) -> float:
        self._process.send_signal(signal.SIGTERM)
        return seconds(lambda: self._process.wait(60))


def bare(folder: Path) -> tuple[float, float, float]:
    """PostgreSQL alone: seconds of a cold and a warm start, megabytes."""
    embedded = Embedded(EmbeddedSettings(folder))
    cold = seconds(embedded.start)
    embedded.stop()
    warm = seconds(embedded.start)
    memory = sum(proportional(child) for child in psutil.Process().children())
    embedded.stop()
    return cold, warm, memory


def ours(folder: Path) -> tuple[float, float, float, float, float]:
    """The server: seconds of a cold and a warm start and of the stop, megabytes now and at most, its spares made."""
    first = Served(folder)
    first.stop()
    second = Served(folder)
    time.sleep(3)
    now, most = second.memory()
    return first.seconds, second.seconds, second.stop(), now, most


def peak(process: psutil.Process) -> float:
    """The most megabytes that the process itself ever held."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def main() -> int:
    """0 when the claim holds."""
    theirs, own = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            theirs.append(bare(Path(folder, "bare")))
            own.append(ours(Path(folder, "ours")))
    cold, warm, stop, memory, highest = (statistics.median(column) for column in zip(*own, strict=True))
    bare_cold, bare_warm, bare_memory = (statistics.median(column) for column in zip(*theirs, strict=True))
    told = (
        ("cold start", cold, bare_cold, "s", COLD, cold < COLD),
        ("warm start", warm, bare_warm, "s", WARM, warm < WARM),
        ("memory", memory, bare_memory, "MB", MEMORY * bare_memory, memory < MEMORY * bare_memory),
    )
    for name, value, peer, unit, limit, _ in told:
        ratio = f"{value / peer:5.1f} x PostgreSQL alone ({peer:.2f} {unit})"
        print(f"{name:<11}{value:8.2f} {unit:<3} {ratio}, limit {limit:.0f} {unit}")
    print(f"stop       {stop:8.2f} s")
    print(f"peak       {highest:8.2f} MB  of the server's own process")
    return 0 if all(held for *_, held in told) else 1


if __name__ == "__main__":
    sys.exit(main())
