"""ClickUp's API v2 with one list: makes, shows, lists, comments and deletes tasks, and tells of its limits."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.standins.server import Answer, Heard, StandIn

TOKEN = "pk_clickup_token_4711"
LIST_ID = "901200300400"
FIELD_ID = "5f2e1c1c-aaaa-bbbb-cccc-1234567890ab"


@dataclass
class StoredTask:
    """A task and its comments."""

    id: str
    name: str
    description: str
    priority: int | None
    fields: dict[str, str]
    closed: bool = False
    comments: list[str] = field(default_factory=list)


class ClickUp(StandIn):
    """`tasks` are kept newest first; `delete` and `close_task` do what a person would do at ClickUp."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[StoredTask] = []
        self._made = 0

    @property
    def url(self) -> str:
        return f"{super().url}/api/v2"

    def delete(self, task_id: str) -> None:
        self.tasks = [task for task in self.tasks if task.id != task_id]

    def close_task(self, task_id: str) -> None:
        next(task for task in self.tasks if task.id == task_id).closed = True

    def reply(self, heard: Heard) -> Answer:
        if heard.headers.get("authorization") != TOKEN:
            return refusal("OAUTH_019", 401, "Token invalid")
        path = heard.path.removeprefix("/api/v2")
        if path == f"/list/{LIST_ID}/task":
            return self._create(heard.json) if heard.method == "POST" else self._list(heard.query)
        found = re.fullmatch(r"/task/([^/]+)(/comment)?", path)
        if found is None:
            return Answer(404, "<html><body>Cannot find that</body></html>")
        task = next((task for task in self.tasks if task.id == found[1]), None)
        if task is None:
            return refusal("ITEM_015", 404, "Task not found")
        if not found[2]:
            return Answer(200, shown(task))
        task.comments.append(heard.json["comment_text"])
        return Answer(200, {"id": 1, "hist_id": "h", "date": 1772442000000})

    def _create(self, body: dict[str, Any]) -> Answer:
        if not body.get("name"):
            return refusal("INPUT_005", 400, "Task name required")
        self._made += 1
        fields = {one["id"]: one["value"] for one in body.get("custom_fields", [])}
        task = StoredTask(
            f"868abc{self._made}", body["name"], body.get("description", ""), body.get("priority"), fields
        )
        self.tasks.insert(0, task)
        return Answer(200, shown(task))

    def _list(self, query: dict[str, str]) -> Answer:
        tasks = [task for task in self.tasks if query.get("include_closed") == "true" or not task.closed]
        for wanted in json.loads(query.get("custom_fields", "[]")):
            exact = wanted["operator"] == "=="
            value = wanted["value"]
            stored = [(task, task.fields.get(wanted["field_id"], "")) for task in tasks]
            tasks = [task for task, given in stored if (given == value if exact else value in given)]
        page = int(query.get("page", "0"))
        return Answer(200, {"tasks": [shown(task) for task in tasks[page * 100 : page * 100 + 100]]})


def shown(task: StoredTask) -> dict[str, Any]:
    """A task as ClickUp shows it."""
    kind = "closed" if task.closed else "open"
    return {
        "id": task.id,
        "custom_id": None,
        "name": task.name,
        "description": task.description,
        "status": {"status": kind, "color": "#d3d3d3", "type": kind, "orderindex": 0},
        "priority": None if task.priority is None else {"id": str(task.priority)},
        "tags": [],
        "date_created": "1772442000000",
        "custom_fields": [
            {"id": FIELD_ID, "name": "mark", "type": "text", **_value(task)},
            {"id": "other", "name": "amount", "type": "number", "value": 3},
        ],
        "list": {"id": LIST_ID, "name": "Errors"},
        "url": f"https://app.clickup.com/t/{task.id}",
    }


def _value(task: StoredTask) -> dict[str, str]:
    return {"value": task.fields[FIELD_ID]} if FIELD_ID in task.fields else {}


def refusal(code: str, status: int, message: str) -> Answer:
    """A failure as ClickUp words it."""
    return Answer(status, {"err": message, "ECODE": code})


def limited(reset: int, *, status: int = 429) -> Answer:
    """Over the limit until `reset`, in Unix seconds."""
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    return Answer(status, {"err": "Rate limit reached", "ECODE": "APP_002"}, headers)
