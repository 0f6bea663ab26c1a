"""Documents name what there is, lead to what is there, and show nothing that is gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from clerestory.app import FAMILIES
from clerestory.commands.program import program
from clerestory.families.bots import model as bots
from clerestory.families.bots.dialect import TABLE as BOTS_TABLE
from clerestory.families.escalation.dialect import TABLE as ESCALATION_TABLE
from clerestory.families.ideas.conventions.parameters import BAD_GUID, MISSING
from clerestory.families.ideas.dialect import TABLE as IDEAS_TABLE
from clerestory.families.workspace.dialect import TABLE as WORKSPACE_TABLE
from clerestory.kernel.channels import Channel, Code
from clerestory.kernel.errors import Kind
from clerestory.platform.http import Route
from clerestory.settings.variables import VARIABLES
from tests.conformance.speech import WORKSPACE

ROOT = Path(__file__).resolve().parents[2]
DIALECTS = ROOT / "docs" / "dialects"
SURFACES = {surface.name: surface for family in FAMILIES for surface in family.surfaces if surface.documented}
RESOURCES = sorted(resource.name for family in FAMILIES for resource in family.resources)
METHODS = "GET|POST|PUT|PATCH|DELETE"
SAID = re.compile(rf"`((?:{METHODS})(?:`?(?:, | and |/)`?(?:{METHODS}))*) (/?[^\s`?]+)")


def read(name: str) -> str:
    return (DIALECTS / f"{name}.md").read_text()


def routes_in(text: str) -> set[tuple[str, str]]:
    """{(method, path)} of every `METHOD path` in code; several methods may share one path."""
    return {
        (method, path.rstrip("/")) for methods, path in SAID.findall(text) for method in re.findall(METHODS, methods)
    }


def shown(route: Route, base: str) -> tuple[str, str]:
    return route.method, re.sub(r":\w+}", "}", route.path).removeprefix(base).rstrip("/")


def test_the_document_of_escalation_names_every_route() -> None:
    text = read("escalation")
    # The one route with two methods is told as `GET /profile`, and `POST` beside it.
    told = routes_in(text) | ({("POST", "/profile")} if "`GET /profile`, and `POST`" in text else set())
    assert {shown(route, "") for route in SURFACES["escalation"].routes if not route.hidden} - told == set()


def test_the_document_of_the_bots_names_every_route() -> None:
    routes = {shown(route, "") for route in SURFACES["bots"].routes if not route.hidden}
    assert routes - routes_in(read("bots")) == set()


def test_the_document_of_ideas_names_every_route() -> None:
    told = routes_in(read("ideas"))
    assert {shown(route, "") for route in SURFACES["ideas"].routes if not route.hidden} - told == set()


def test_the_document_of_ideas_names_every_code_and_message() -> None:
    text = read("ideas")
    said = {str(words.code) for words in IDEAS_TABLE.values()} | {"2001"}
    said |= {words.message for words in IDEAS_TABLE.values() if words.message} | {MISSING, BAD_GUID}
    assert {one for one in said if f"`{one}`" not in text} == set()


def test_the_document_of_the_workspace_names_every_route() -> None:
    told = routes_in(read("workspace"))
    alike = {(method, path.removeprefix("people")) for method, path in told if path.startswith("people")}
    drawn = {(method, name + rest) for name in RESOURCES for method, rest in alike}
    assert {shown(route, "/api/v1/") for route in SURFACES["workspace"].routes} - told - drawn == set()


def test_the_document_of_the_workspace_names_every_resource() -> None:
    text = read("workspace")
    assert [name for name in RESOURCES if f"`{name}/`" not in text] == []


@pytest.mark.parametrize("name", sorted(SURFACES))
def test_a_document_names_no_route_that_is_gone(name: str) -> None:
    base = "/api/v1/" if name == "workspace" else ""
    known = {shown(route, base) for route in SURFACES[name].routes}
    # Other surfaces may be named with their whole path.
    elsewhere = {shown(route, "") for surface in SURFACES.values() for route in surface.routes}
    told = {(method, path) for method, path in routes_in(read(name)) if not path.startswith("/callbacks")}
    assert told - known - elsewhere == set()


def test_the_document_of_escalation_names_every_code() -> None:
    codes = {words.code for words in ESCALATION_TABLE.values()} | {"FIELD_MISSING", "MISSING_FIELDS"}
    # SENT and KEPT are successes, which have words and no code on the wire.
    codes |= {code.value for code in Code} - {"SENT", "KEPT"}
    text = read("escalation")
    assert {
        code for code in codes | {channel.value for channel in Channel} if f"`{code}`" not in text and code not in text
    } == set()


def test_the_document_of_the_workspace_names_every_code() -> None:
    codes = {code for _, code in WORKSPACE_TABLE.values()}
    codes |= {item["code"] for _, body in WORKSPACE.values() for item in body["errors"]}
    codes |= {"required", "unique", "parse_error", *(f"password_{kind}" for kind in (Kind.TOO_SHORT, Kind.TOO_COMMON))}
    text = read("workspace")
    assert {code for code in codes if f"`{code}`" not in text} == set()


def test_the_document_of_the_bots_has_a_row_for_every_problem_and_no_other() -> None:
    section = read("bots").partition("## Problems\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+Error)`|^(\d{3})", row)}
    # The problems without a name are known by their status.
    assert told == {(words.name or "", "" if words.name else str(words.status)) for words in BOTS_TABLE.values()}


def test_the_document_of_the_bots_has_the_words_that_clients_show() -> None:
    shown_ones = (bots.NoHeader, bots.UnknownCustomer, bots.UnknownBot, bots.WrongInvitation, bots.NotAdmin)
    text = read("bots")
    assert [
        kind.default for kind in shown_ones if f"| `{BOTS_TABLE[kind].name}` | `{kind.default}` |" not in text
    ] == []


def test_the_settings_page_names_every_variable_and_no_other() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    assert set(re.findall(r"^\| `(CLERESTORY_\w+)`", text, re.MULTILINE)) == {one.variable for one in VARIABLES}


def documents() -> list[Path]:
    """Every document of the project but its fragments of changes."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_variable_that_a_document_names_is_one(path: Path) -> None:
    # `CLERESTORY_SMTP_…` and CLERESTORY_TEST_… are families of names; tests have settings of their own.
    named = set(re.findall(r"\bCLERESTORY_[A-Z0-9]+(?:_[A-Z0-9]+)*\b(?![_…])", path.read_text()))
    known = {one.variable for one in VARIABLES}
    assert {name for name in named if not name.startswith("CLERESTORY_TEST")} - known == set()


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_to_what_is_there(path: Path) -> None:
    for target in links_in(path.read_text()):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors_of(found), f"{target} has no such heading"


def links_in(text: str) -> Iterator[str]:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors_of(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def commands() -> dict[str, set[str]]:
    """{command as it is typed: its options}."""
    found: dict[str, set[str]] = {}

    def walk(command: typer.core.TyperGroup | typer.core.TyperCommand, name: str) -> None:
        found[name] = {option for parameter in command.params for option in parameter.opts}
        for part, inner in getattr(command, "commands", {}).items():
            walk(inner, f"{name} {part}".strip())

    walk(get_command(program), "")  # type: ignore[arg-type]  # typer's own classes, by a wider name
    return found


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_command_that_a_document_shows_exists(path: Path) -> None:
    known, targets = commands(), set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = path.read_text()
    for line in re.findall(r"(?:^\$ |`|&& |^ +)clerestory ([a-z][^`\n#|;&)]*)", text, re.MULTILINE):
        words = line.split()
        name = next((" ".join(words[:size]) for size in (2, 1) if " ".join(words[:size]) in known), None)
        assert name is not None, f"there is no `clerestory {line.strip()}`"
        options = {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)}
        assert options - known[name] - known[""] - {"--help"} == set(), f"`clerestory {line.strip()}`"
    for target in re.findall(r"(?:^\$ |`)make ([a-z][\w-]*)", text, re.MULTILINE):
        assert target in targets, f"there is no `make {target}`"


def test_the_tree_of_the_architecture_is_the_tree_of_the_packages() -> None:
    tree = (ROOT / "ARCHITECTURE.md").read_text().partition("```\n")[2].partition("```")[0]
    source = ROOT / "src" / "clerestory"
    told = {name.rstrip("/") for name in re.findall(r"^  ([\w.]+/?) ", tree, re.MULTILINE)}
    platform = set(
        re.findall(r"^    (\w+)/ ", tree.partition("  platform/\n")[2].partition("  families/\n")[0], re.MULTILINE)
    )
    families = set(re.findall(r"(\w+)/", tree.partition("  families/\n")[2].partition("\n")[0])) or set()
    told |= {"platform", "families"}
    assert packages(source) - told == set(), "packages that the tree does not tell of"
    assert told - packages(source) == set(), "told of, and not there"
    assert platform == packages(source / "platform")
    assert families == packages(source / "families")


def packages(folder: Path) -> set[str]:
    """The folders with modules, and the modules beside them."""
    inside = {path.parent.name for path in folder.glob("*/*.py")}
    return inside | {path.name for path in folder.glob("*.py") if path.name != "__init__.py"}
