"""The README's tour is what really happens: the same requests answer with the same words, and its commands exist."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clerestory.app import demonstrate, running
from clerestory.commands.program import program
from clerestory.platform.database import Database
from tests.fixtures.application import settings_for

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
# What is another one at each run: numbers of records, names with digits, keys, times.
PASSING = {"client", "schema", "api_key", "id", "log", "org_id", "created", "modified"}


def shown() -> list[tuple[str, Any]]:
    """Each curl command of the tour with the JSON that it answers."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for command, answer in re.findall(
            r"^\$ (curl .*?)^(\{.*?\})$(?=\n\$|\n\Z|\Z)", block, re.DOTALL | re.MULTILINE
        ):
            found.append((command, json.loads(answer.replace("\n", ""))))
    return found


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A server as its first start leaves it."""
    async with running(settings_for(database_url)) as application:
        await demonstrate(application.parts.find(Database))
        transport = httpx.ASGITransport(application.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            yield client


async def test_the_tour_is_what_happens(client: httpx.AsyncClient) -> None:
    tour = shown()
    assert len(tour) == 4
    headers: dict[str, str] = {}
    for command, answer in tour:
        url = re.search(r"localhost:8000(/[^ \"]*)", command)
        body = re.search(r"--json '(.*?)'", command, re.DOTALL)
        assert url
        request = client.build_request(
            "POST" if body else "GET", url[1], json=json.loads(body[1]) if body else None, headers=headers
        )
        said = (await client.send(request)).json()
        assert lasting(said) == lasting(answer)
        headers = headers or {"Api-Key": said["api_key"]}


def lasting(value: Any) -> Any:
    """What is the same at each run."""
    if isinstance(value, dict):
        return {
            name: "…" if name in PASSING and not isinstance(one, dict) else lasting(one) for name, one in value.items()
        }
    return [lasting(one) for one in value] if isinstance(value, list) else value


def test_every_command_that_is_named_exists() -> None:
    known = {command.name for command in program.registered_commands}
    groups = {
        group.name: {one.name for one in group.typer_instance.registered_commands}
        for group in program.registered_groups
        if group.typer_instance
    }
    for text in (README, RUNBOOK):
        for first, second in re.findall(
            r"(?:^\$ |`|&& |=no )(?:\S+/bin/)?clerestory (\w+)(?: (\w+))?", text, re.MULTILINE
        ):
            assert first in known | set(groups), first
            assert first in known or second in groups[first], f"{first} {second}"


def test_every_setting_that_is_named_exists() -> None:
    listed = (ROOT / "docs" / "settings.md").read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for name in re.findall(r"CLERESTORY_[A-Z0-9_]+[A-Z]", path.read_text()):
            assert f"`{name}`" in listed, f"{name} in {path.relative_to(ROOT)}"
