"""What anyone may read of the public schema without a key, and what nobody may."""

import httpx
import pytest

OPEN = ["groups", "escalation/issues", "escalation/logs"]
CLOSED = [
    "people",
    "escalation/contacts",
    "escalation/jobs",
    "ideas/campaigns",
    "ideas/ideas",
    "ideas/apps",
    "keys",
    "settings",
    "users/profile",
]


@pytest.mark.parametrize("name", OPEN)
async def test_lists_of_the_catalogue_are_open_in_public(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/api/v1/{name}/")
    assert (answer.status_code, list(answer.json())) == (200, ["count", "next", "previous", "results"])


@pytest.mark.parametrize("name", CLOSED)
async def test_people_and_what_belongs_to_them_are_never_open(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/api/v1/{name}/")).status_code == 401


@pytest.mark.parametrize("name", ["groups"])
async def test_a_write_without_a_key_is_refused_as_read_only(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post(f"/api/v1/{name}/", json={"name": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert "read-only" in answer.json()["detail"]
