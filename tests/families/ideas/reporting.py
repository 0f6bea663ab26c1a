"""Reports asked for and made, as tests of them need it."""

import csv
import io
from typing import Any

from clerestory.families.ideas.reports import make
from tests.families.ideas.ground import Ground


async def asked(ground: Ground, headers: dict[str, str], **fields: str) -> dict[str, Any]:
    answer = await ground.client.post("/api3/report", headers=headers, data=fields)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()["report"]
    return body


async def made(ground: Ground, headers: dict[str, str], **fields: str) -> list[list[str]]:
    """The table of a new report."""
    number = (await asked(ground, headers, **fields))["id"]
    await make.make(ground.tenant.scope, int(number))
    answer = await ground.client.get(f"/_report/download/{number}", headers=headers)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text, newline="")))
