"""What is shipped: a wheel with everything that the server reads at run time, and locks that hold every dependency."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = ROOT / "lock" / "runtime.txt"
DEVELOPMENT = ROOT / "lock" / "development.txt"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The project's wheel, built as pip would build it, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    files = (path for path in (ROOT / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    ours = {path.relative_to(ROOT / "src").as_posix() for path in files}
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert shipped == ours
    assert "clerestory/py.typed" in shipped
    assert any(name.endswith(".sql") for name in shipped)


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    read = {name.partition(".dist-info/")[2]: name for name in wheel.namelist() if ".dist-info/" in name}
    entry_points = wheel.read(read["entry_points.txt"]).decode()
    assert entry_points == "[console_scripts]\nclerestory = clerestory.__main__:main\n"
    assert wheel.read(read["licenses/LICENSE"]) == (ROOT / "LICENSE").read_bytes()
    assert "License-Expression: Apache-2.0" in wheel.read(read["METADATA"]).decode()


def pinned(lock: Path) -> dict[str, str]:
    """The versions of a lock by normalised name; a name with several markers keeps its last."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock.read_text(), re.MULTILINE)
    return {normal(name): version for name, version in found}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        pytest.param(RUNTIME, PROJECT["project"]["dependencies"], id="runtime"),
        pytest.param(
            DEVELOPMENT, PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"], id="development"
        ),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(lock: Path, requirements: list[str]) -> None:
    versions = pinned(lock)
    asked = [Requirement(text) for text in requirements]
    lagging = [str(each) for each in asked if versions.get(normal(each.name), "0") not in each.specifier]
    assert lagging == [], "run: make lock"


def test_operators_get_what_developers_tested() -> None:
    assert pinned(RUNTIME).items() <= pinned(DEVELOPMENT).items()


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda lock: lock.stem)
def test_a_lock_is_pinned_by_hashes_and_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    entries = text.replace("\\\n", " ").strip().splitlines()
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in text
