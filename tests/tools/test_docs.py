"""The derived pages are those that would be derived now, and every decision has the parts of one."""

import re
from pathlib import Path

import pytest

from tools import docs

DECISIONS = sorted((docs.ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_no_derived_page_lags_behind() -> None:
    assert docs.lagging() == [], "run: make docs"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_of_four_parts(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"^#+ .*", text, re.MULTILINE) == [
        f"# {path.stem[:4]} {text.splitlines()[0].split(' ', 2)[2]}",
        "## Context",
        "## Decision",
        "## Consequences",
        "## Alternatives",
    ]
    assert len(text.splitlines()) <= 80


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
