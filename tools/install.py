"""Makes .venv of exactly the locked packages and this project; `make install` runs it when the lock changed.

Runs before anything is installed, on whatever python3 the machine has: only the standard library,
and no syntax that an old Python could not read, so that an old Python gets a sentence and not a traceback.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "bin" / ".installed"
OLDEST = (3, 11)
VERSION = ".".join(str(part) for part in sys.version_info[:2])


def main() -> int:
    """0 when .venv holds what the lock says; 1 after one line that says what to do."""
    if not usable():
        advice = refusal()
        if advice:
            print(f"install: {advice}", file=sys.stderr)
            return 1
        print(f"install: making .venv with Python {VERSION}", flush=True)
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    print("install: the packages of lock/development.txt", flush=True)
    # The lock is whole, so nothing is resolved: pip 23.2 looks at newer releases of what is asked for with an
    # extra (`coverage[toml]`) and refuses those for want of a hash, on the day that there are any.
    lock = str(ROOT / "lock" / "development.txt")
    pip("install", "--quiet", "--no-deps", "--require-hashes", "--requirement", lock)
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.touch()
    return 0


def refusal() -> "str | None":
    """Why this Python can make no environment, as advice; None when it can."""
    if sys.version_info[:2] < OLDEST:
        return f"Python 3.11 or newer is needed and this one is {VERSION}; name another: make PYTHON=python3.12 install"
    try:
        import ensurepip  # noqa: F401, PLC0415 - only asked for: Debian ships python3 without it
    except ImportError:
        return "this Python has no ensurepip; on Debian and Ubuntu: apt-get install python3-venv"
    return None


def usable() -> bool:
    """Whether .venv stands already, with an interpreter that still starts, is new enough, and has pip."""
    if not PYTHON.exists():
        return False
    asked = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(PYTHON), "-c", asked], check=False, stderr=subprocess.DEVNULL).returncode == 0


def pip(*arguments: str) -> None:
    run(str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments)


def run(*command: str) -> None:
    # A virtual environment or PYTHONPATH of the caller would leak its packages into ours.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run(command, check=True, cwd=str(ROOT), env=environment, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
