"""What tests of moderation do: actions by the workspace API, and contributions by the api3."""

from typing import Any

import httpx

from tests.families.ideas.ground import Ground


async def number_of(ground: Ground, table: str, uuid: str) -> int:
    sql = f"SELECT id FROM tenant.ideas_{table} WHERE uuid = :uuid::text::uuid"
    number: int = await ground.tenant.scope.direct().value(sql, uuid=uuid)
    return number


async def act(ground: Ground, record: str, uuid: str, action: str, **body: Any) -> httpx.Response:
    row = await number_of(ground, record, uuid)
    return await ground.tenant.http.post(f"/api/v1/ideas/{record}s/{row}/{action}/", json=body)


def said(answer: httpx.Response) -> tuple[int, str | None, str]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["attr"], error["detail"]


async def comment(ground: Ground, idea: str, text: str = "Yes") -> str:
    answer = await ground.client.post("/api3/comment", data={"idea_id": idea, "comment": text}, headers=ground.bo)
    identifier: str = answer.json()["comment"]["id"]
    return identifier


async def lay(ground: Ground, idea: str, chips: int, who: dict[str, str]) -> None:
    data = {"idea_id": idea, "chips": str(chips)}
    assert (await ground.client.post("/api3/chipVote", data=data, headers=who)).status_code == 200


async def vote(ground: Ground, idea: str, kind: str, who: dict[str, str]) -> None:
    data = {"idea_id": idea, "type": kind}
    assert (await ground.client.post("/api3/vote", data=data, headers=who)).status_code == 200
