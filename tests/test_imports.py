"""The import contracts of pyproject.toml, each seen to refuse a violation planted in a copy of the source."""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


@dataclass(frozen=True, slots=True)
class Planted:
    """Modules by dotted name below clerestory, with the text that each gets; absent packages are made.

    `told` is what the refusal must name: the first module, unless said otherwise.
    """

    contract: str
    modules: dict[str, str]
    told: str = ""


PLANTED = [
    Planted("layers", {"kernel.planted": "import clerestory.platform.planted", "platform.planted": ""}),
    Planted("layers", {"site.planted": "import clerestory.families.planted", "families.planted": ""}),
    Planted("layers", {"site.planted": "import clerestory.settings", "settings": ""}),
    Planted("layers", {"elsewhere.planted": ""}, told="elsewhere"),
    Planted(
        "platform-layers",
        {"platform.database.planted": "import clerestory.platform.jobs.planted", "platform.jobs.planted": ""},
    ),
    Planted("platform-layers", {"platform.elsewhere.planted": ""}, told="elsewhere"),
    Planted("families-apart", {"families.one.planted": "import clerestory.families.two.verb", "families.two.verb": ""}),
    Planted(
        "no-cycles",
        {"kernel.one": "import clerestory.kernel.two", "kernel.two": "import clerestory.kernel.one"},
        told="kernel",
    ),
    Planted("one-driver", {"families.planted.store": "import asyncpg"}),
    Planted("one-driver", {"platform.jobs.planted": "from asyncpg import Connection"}),
    Planted("one-queue", {"families.planted.jobs": "import pgqueuer"}),
    Planted("no-orm", {"families.planted.store": "from sqlalchemy import select"}),
    Planted(
        "pure-models",
        {"families.planted.model": "import clerestory.platform.database.planted", "platform.database.planted": ""},
    ),
    Planted(
        "pure-models",
        {"families.planted.deep.model": "import clerestory.families.planted.store", "families.planted.store": ""},
    ),
    Planted("pure-models", {"families.planted.model": "import httpx"}),
    Planted(
        "stores-speak-sql",
        {"families.planted.store": "from clerestory.families.planted import wire", "families.planted.wire": ""},
    ),
    Planted(
        "routes-on-top",
        {
            "families.planted.store": "from clerestory.families.planted.deep import verb",
            "families.planted.deep.verb": "import clerestory.families.planted.routes",
            "families.planted.routes": "",
        },
    ),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the source and the contracts, to plant in."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "*.sql", "*.html", "*.css", "*.js")
    shutil.copytree(ROOT / "src" / "clerestory", tmp_path / "clerestory", ignore=ignored)
    return tmp_path


def plant(folder: Path, modules: dict[str, str]) -> None:
    for name, text in modules.items():
        path = folder / "clerestory" / Path(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()


def judge(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """lint-imports on the copy: the linter looks for the package in its working folder first."""
    limits = [option for contract in contracts for option in ("--contract", contract)]
    linter = str(Path(sys.executable).parent / "lint-imports")
    command = [linter, "--no-logo", "--no-cache", "--config", str(folder / "pyproject.toml"), *limits]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    verdict = judge(copy)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in verdict.stdout


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.contract}-{min(planted.modules)}")
def test_a_planted_violation_is_refused(copy: Path, planted: Planted) -> None:
    plant(copy, planted.modules)
    verdict = judge(copy, planted.contract)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert "Contracts: 0 kept, 1 broken." in verdict.stdout
    assert (planted.told or f"clerestory.{next(iter(planted.modules))}") in verdict.stdout


def test_every_contract_has_its_violation() -> None:
    assert {planted.contract for planted in PLANTED} == {contract["id"] for contract in CONTRACTS}
