"""Runs the scripts named on the command line, or all of them, each in a process of its own: `make bench ARGS=logs`."""

import subprocess
import sys
from pathlib import Path


def scripts() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(names: list[str]) -> int:
    """0 when every script ran; 2 for a name that is none of them."""
    unknown = sorted(set(names) - set(scripts()))
    if unknown:
        print(f"bench: no script {', '.join(unknown)}; there are: {', '.join(scripts()) or 'none'}", file=sys.stderr)
        return 2
    failed = 0
    for name in names or scripts():
        print(f"--- {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
