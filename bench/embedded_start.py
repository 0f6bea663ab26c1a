"""Claim: our cold start takes no longer than PostgreSQL's own initdb, pg_ctl start and psql to make role and database;
our warm start less than three quarters of pg_ctl's, our stop less than half. Same programs, alternating rounds."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from clerestory.platform.database.embedded import Embedded, EmbeddedSettings
from clerestory.platform.database.embedded.account import Account, choose
from clerestory.platform.database.embedded.binaries import Binaries, usable_binaries

ROUNDS = 7
STEPS = ("cold start", "warm start", "stop")
LIMITS = (1.0, 0.75, 0.5)


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def ours(folder: Path) -> list[float]:
    embedded = Embedded(EmbeddedSettings(folder / "data"))
    cold = seconds(embedded.start)
    embedded.stop()
    warm = seconds(embedded.start)
    return [cold, warm, seconds(embedded.stop)]


def theirs(folder: Path, binaries: Binaries, account: Account) -> list[float]:
    data = str(folder / "data")

    def run(*command: str) -> None:
        subprocess.run(
            [binaries.program(command[0]), *command[1:]],
            user=account.uid if account.dropped else None,
            extra_groups=[] if account.dropped else None,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            check=True,
        )

    def start() -> None:
        run("pg_ctl", "-D", data, "-w", "-l", f"{data}.log", "-o", "-k . -c listen_addresses=", "start")

    def stop() -> None:
        run("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")

    def cold_start() -> None:
        run("initdb", "-D", data, "--locale=C.UTF-8", "--encoding=UTF8", "--auth=peer")
        start()
        for statement in ("CREATE ROLE clerestory LOGIN", "CREATE DATABASE clerestory OWNER clerestory"):
            run("psql", "-h", data, "-d", "postgres", "-q", "-c", statement)

    cold = seconds(cold_start)
    stop()
    warm = seconds(start)
    return [cold, warm, seconds(stop)]


def rounds() -> tuple[list[list[float]], list[list[float]]]:
    account = choose(Path("/nonexistent"), None)
    binaries = usable_binaries(None, account, EmbeddedSettings(Path()).binaries_cache)
    measured: tuple[list[list[float]], list[list[float]]] = ([], [])
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as mine, tempfile.TemporaryDirectory() as peer:
            os.chown(peer, account.uid, account.gid)
            measured[0].append(ours(Path(mine)))
            measured[1].append(theirs(Path(peer), binaries, account))
    return measured


def main() -> None:
    mine, peer = rounds()
    print(f"{'':12}{'ours ms':>10}{'peer ms':>10}{'ratio':>8}{'limit':>8}")
    for step, (name, limit) in enumerate(zip(STEPS, LIMITS, strict=True)):
        own, other = (statistics.median(round_[step] for round_ in side) for side in (mine, peer))
        print(f"{name:12}{own * 1000:10.0f}{other * 1000:10.0f}{own / other:8.2f}{limit:8.2f}")


if __name__ == "__main__":
    main()
