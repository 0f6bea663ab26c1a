"""Writes the pages that are derived, for `make docs`; `--check` writes nothing and tells what lags behind.

A page is a function from nothing to its text, named in PAGES; tests hold every page to what it would be now.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from clerestory.settings import page as settings

ROOT = Path(__file__).resolve().parent.parent


def decisions() -> str:
    """The index of docs/decisions: a line for each, by number, with its title."""
    lines = ["# Decisions", "", "One page each: context, decision, consequences, alternatives.", ""]
    for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        title = path.read_text().partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title}]({path.name})")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {"docs/settings.md": settings.page, "docs/decisions/README.md": decisions}


def lagging() -> list[str]:
    """The pages whose text is not what it would be now."""
    return [name for name, page in PAGES.items() if not _stands(ROOT / name, page())]


def _stands(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        for name in lagging():
            print(f"{name} lags behind; run: make docs")
        return 1 if lagging() else 0
    for name in lagging():
        (ROOT / name).write_text(PAGES[name]())
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
