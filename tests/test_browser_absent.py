"""A machine without a browser: its tests are skipped and counted in one line, unless the build requires them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASE = "import pytest\n\n\n@pytest.mark.browser\ndef test_a_page():\n    assert False\n"


def run_without_a_browser(folder: Path, **environment: str) -> str:
    """The closing lines of a run of one browser test, with no program on the path."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    (folder / "test_page.py").write_text(CASE)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CLERESTORY_", "PYTEST_", "COV_"))
    }
    command = [sys.executable, "-m", "pytest", "-p", "tests.fixtures.browser", "-p", "no:cacheprovider", str(folder)]
    closed = kept | {"PATH": str(folder), "PYTHONPATH": str(ROOT)} | environment
    ran = subprocess.run(command, cwd=folder, env=closed, capture_output=True, text=True, timeout=60, check=False)
    return ran.stdout


def test_browser_tests_are_skipped_and_counted_in_one_line(tmp_path: Path) -> None:
    told = run_without_a_browser(tmp_path)
    assert "\n1 browser tests skipped: there is no chromium on this machine.\n" in told
    assert "1 skipped" in told.splitlines()[-1]


def test_where_a_browser_is_required_they_run(tmp_path: Path) -> None:
    told = run_without_a_browser(tmp_path, CLERESTORY_REQUIRE_BROWSER="1")
    assert "browser tests skipped" not in told
    assert "1 failed" in told.splitlines()[-1]
