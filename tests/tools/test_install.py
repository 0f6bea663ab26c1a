"""`make install` on a Python that cannot serve: one line of advice, no traceback, nothing made."""

import subprocess
import sys
from pathlib import Path

import pytest

INSTALL = Path(__file__).resolve().parents[2] / "tools" / "install.py"
OLD = "sys.version_info = (3, 9, 2)"
BARE = "sys.modules['ensurepip'] = None"  # what Debian's python3 is without python3-venv


@pytest.mark.parametrize(
    ("lacking", "advice"),
    [
        pytest.param(
            OLD,
            "Python 3.11 or newer is needed and this one is 3.9; name another: make PYTHON=python3.12 install",
            id="too old",
        ),
        pytest.param(
            BARE,
            "this Python has no ensurepip; on Debian and Ubuntu: apt-get install python3-venv",
            id="without ensurepip",
        ),
    ],
)
def test_a_python_that_cannot_serve_gets_advice(tmp_path: Path, lacking: str, advice: str) -> None:
    script = tmp_path / "tools" / "install.py"
    script.parent.mkdir()
    script.write_bytes(INSTALL.read_bytes())
    code = f"import runpy, sys; {lacking}; runpy.run_path({str(script)!r}, run_name='__main__')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"install: {advice}\n")
    assert not (tmp_path / ".venv").exists()
