"""idea: filters, order and pages of a list, and how many statements a request takes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from clerestory.families.ideas.ideas.wire import WITH
from clerestory.platform.database.run import Runner
from tests.families.ideas.ground import ABSENT, Ground, get, refused


async def codes(ground: Ground, query: str, headers: dict[str, str] | None = None) -> list[str]:
    """The codes of a list, each checked to be counted."""
    body = await get(ground, f"/api3/idea?page_size=100&{query}", headers)
    assert body["stats"]["total"] == len(body["idea_list"])
    return [idea["idea_code"] for idea in body["idea_list"]]


async def test_a_list_is_filtered(ground: Ground) -> None:
    await ground.post(title="Quieter fans", tags="fan")
    await ground.post(title="Cheaper LAMPS", description="100% light_", tags="Cost,fan")
    await ground.client.put(
        f"/api3/idea/{(await ground.post(title='Old'))['id']}",
        data={"status_id": ground.later_id, "visible": "0"},
        headers=ground.max,
    )
    ann, boss = await ground.id_of("ann"), ground.max
    created = "/".join((await get(ground, "/api3/idea"))["idea_list"][0]["date_created"][5:10].split("-"))
    year = (await get(ground, "/api3/idea"))["idea_list"][0]["date_created"][:4]
    tag = (await get(ground, "/api3/idea?idea_code=D2&with=tags"))["idea_list"][0]["tags"][0]
    for query, expected in {
        f"campaign_id={ground.campaign_id.lower()}": ["D3", "D2", "D1"],
        f"category_id={ground.category_id}": ["D3", "D2", "D1"],
        f"status_id={ground.later_id}": ["D3"],
        "visible=0": ["D3"],
        "visible=1": ["D2", "D1"],
        f"visible=true&status_id={ground.later_id}": [],
        "idea_code=d2": ["D2"],
        "title=lamps": ["D2"],
        "description=100%25 LIGHT_": ["D2"],
        "description=%25": ["D2"],
        f"member_id={ann}": ["D3", "D2", "D1"],
        f"member_id={await ground.id_of('bo')}": [],
        f"tag_id={tag['id']}": ["D2"],
        "tag_name=COST": ["D2"],
        "tag_name=fan": ["D2", "D1"],
        "anonymous=0": ["D3", "D2", "D1"],
        "anonymous=1": [],
        f"date_created={created}/{year}": ["D3", "D2", "D1"],
        "date_created=12/06/2009": [],
        f"date_modified={created}/{year}": ["D3"],
        "title=&visible=&member_id=": ["D3", "D2", "D1"],
    }.items():
        assert await codes(ground, query, boss) == expected, query
    assert await codes(ground, "visible=0") == []
    assert await codes(ground, "visible=1") == ["D2", "D1"]


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ("campaign_id=none", 404, ABSENT),
        ("campaign_id=5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", 404, ABSENT),
        ("member_id=5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20", 404, ABSENT),
        ("date_created=2024-03-02", 400, refused(2007, "date_created must be a date as MM/DD/YYYY")),
        ("visible=maybe", 400, refused(2007, "visible must be 1 or 0")),
    ],
)
async def test_a_filter_that_cannot_be_is_refused(ground: Ground, query: str, status: int, body: object) -> None:
    answer = await ground.client.get(f"/api3/idea?{query}", headers=ground.ann)
    assert (answer.status_code, answer.json()) == (status, body)


async def test_a_list_is_ordered_and_paged(ground: Ground) -> None:
    for title in ("b", "C", "a"):
        await ground.post(title=title)
    ideas = {one["idea_code"]: one["id"] for one in (await get(ground, "/api3/idea"))["idea_list"]}
    for code, chips, kind in (("D2", 5, "demote"), ("D3", 1, "promote")):
        data = {"idea_id": ideas[code], "chips": str(chips), "type": kind}
        for what in ("vote", "chipVote"):
            assert (await ground.client.post(f"/api3/{what}", data=data, headers=ground.bo)).status_code == 200
    await ground.client.put(f"/api3/idea/{ideas['D1']}", data={"title": "b"}, headers=ground.ann)
    for order, expected in {
        "date_created": ["D1", "D2", "D3"],
        "date_created DESC": ["D3", "D2", "D1"],
        "chips%20DESC": ["D2", "D3", "D1"],
        "score ASC": ["D2", "D1", "D3"],
        "title": ["D3", "D1", "D2"],
        "idea_code desc": ["D3", "D2", "D1"],
        "date_modified DESC": ["D1", "D3", "D2"],
        "nonsense, score DESC , title": ["D3", "D1", "D2"],
        "": ["D3", "D2", "D1"],
    }.items():
        assert await codes(ground, f"order={order}") == expected, order
    pages = [await get(ground, f"/api3/idea?order=chips&page_size=2&page={page}") for page in (1, 2, 3)]
    assert [[one["idea_code"] for one in page["idea_list"]] for page in pages] == [["D1", "D3"], ["D2"], []]
    assert [page["stats"] for page in pages] == [
        {"total": 3, "page_count": 2, "current_page": page} for page in (1, 2, 3)
    ]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What this task runs meanwhile: the log of requests is written beside it, once a second."""
    found: list[str] = []
    run, task = Runner._fetch, asyncio.current_task()

    async def noted(runner: Runner, method: str, sql: str, args: dict[str, object]) -> Any:
        if asyncio.current_task() is task:
            found.append(sql)
        return await run(runner, method, sql, args)

    with patch.object(Runner, "_fetch", noted):
        yield found


async def counted(ground: Ground, path: str) -> int:
    await get(ground, path, ground.max)
    with statements() as found:
        await get(ground, path, ground.max)
    return len(found)


async def all_of(ground: Ground, ideas: int) -> list[int]:
    """How many statements each request takes, after so many ideas more with votes, comments and tags."""
    everything = f"with={','.join(WITH)}"
    idea: dict[str, Any] = {}
    for _ in range(ideas):
        idea = await ground.post(tags="fan")
        for headers in (ground.bo, ground.max):
            data = {"idea_id": idea["id"], "type": "promote", "comment": "Yes"}
            for what in ("vote", "comment"):
                assert (await ground.client.post(f"/api3/{what}", data=data, headers=headers)).status_code == 200
    paths = ["idea", f"idea?{everything}", f"idea/{idea['id']}?{everything}", "comment", "vote"]
    return [await counted(ground, f"/api3/{path}") for path in paths]


async def test_the_statements_of_a_request_do_not_grow_with_its_ideas(ground: Ground) -> None:
    few, many = await all_of(ground, 1), await all_of(ground, 20)
    # The page, its total, its rows, its members; and one for each kind of part.
    assert few == many == [4, 8, 6, 4, 4]


async def test_the_statements_of_a_vote_are_bounded(ground: Ground) -> None:
    ideas = [await ground.post() for _ in range(2)]
    await ground.client.post("/api3/vote", data={"idea_id": ideas[0]["id"], "type": "promote"}, headers=ground.bo)
    with statements() as found:
        data = {"idea_id": ideas[1]["id"], "type": "promote"}
        assert (await ground.client.post("/api3/vote", data=data, headers=ground.bo)).status_code == 200
    assert len(found) == 11
