"""Tasks at ClickUp: create, look up, comment; the outcome has a type of its own, since a task reaches nobody.

There is no idempotency key at ClickUp, so a creation of unknown fate is looked up by its mark before it is repeated.
Source: dialects/escalation.md, Providers.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import httpx
import msgspec

from clerestory.kernel.clock import Clock, utc_now
from clerestory.platform.delivery.clickup_outcome import NAME, State, Task, TaskOutcome, concluded
from clerestory.platform.delivery.exchange import Call, Reply, Silence, exchange
from clerestory.platform.delivery.outcome import DEADLINE, Code, carriable, presentable
from clerestory.platform.delivery.wire import (
    ClickUpComment,
    ClickUpFault,
    ClickUpField,
    ClickUpNewTask,
    ClickUpTask,
    ClickUpTasks,
    read,
)

NAME_LIMIT = 255
BACK_OFF: tuple[timedelta, ...] = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
"""How long to wait before each repetition after ERROR or TIMEOUT."""

__all__ = ["BACK_OFF", "ClickUp", "ClickUpSettings", "NewTask", "Quota", "State", "Task", "TaskOutcome"]

_WINDOW = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=10)
_ECODE = re.compile(r"[A-Z_]{1,30}\d{1,6}")


@dataclass(frozen=True, slots=True)
class ClickUpSettings:
    """A list and the token that may write to it.

    `mark_field_id` is a text custom field that holds the mark; without one the mark opens the description. `trusted` is
    for the operator's own settings: any host may be called.
    """

    token: str = field(repr=False)
    list_id: str
    mark_field_id: str | None = None
    url: str = "https://api.clickup.com/api/v2"
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be made. `priority`: 1 urgent to 4 low. `mark` finds it again: one unique word, such as a public id."""

    name: str
    description: str
    mark: str
    priority: int | None = None


class Quota:
    """Until when each token must rest, as ClickUp's headers told. One for the whole process."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self.clock = clock
        self._rests: dict[str, datetime] = {}

    def rests_until(self, token: str) -> datetime | None:
        """When the token may be used again; None: now."""
        until = self._rests.get(token)
        if until is None or until > self.clock():
            return until
        del self._rests[token]
        return None

    def heed(self, token: str, reply: Reply) -> datetime | None:
        """Note what the reply says; when the token must rest, until when."""
        left = reply.headers.get("x-ratelimit-remaining", "").strip()
        if reply.status != 429 and left != "0":
            return None
        until = self._rests[token] = _reset(reply, self.clock())
        return until


def _reset(reply: Reply, now: datetime) -> datetime:
    text = reply.headers.get("x-ratelimit-reset", "").strip()
    if not text.isdecimal() or len(text) > 11:
        return now + (reply.retry_after(_WINDOW, now) or _WINDOW)
    return min(max(datetime.fromtimestamp(int(text), UTC), now), now + _LONGEST_PAUSE)


class ClickUp:
    """One list at ClickUp. Each call has the deadline for itself; nothing is repeated here."""

    def __init__(
        self, client: httpx.AsyncClient, settings: ClickUpSettings, quota: Quota, deadline: timedelta = DEADLINE
    ) -> None:
        self._client = client
        self._settings = settings
        self._quota = quota
        self._deadline = deadline

    async def create(self, new: NewTask, *, again: bool = False) -> TaskOutcome:
        """DONE with the task made; with `again`, with the one that an earlier attempt made after all, if it did."""
        if again:
            found = await self.find(new.mark)
            if found.state is not State.ABSENT:
                return found
        reply = await self._call("POST", f"/list/{_part(self._settings.list_id)}/task", self._encode(new))
        return reply if isinstance(reply, TaskOutcome) else self._one(reply)

    async def get(self, task_id: str) -> TaskOutcome:
        """DONE with the task, or ABSENT when it was deleted."""
        reply = await self._call("GET", f"/task/{_part(task_id)}")
        return reply if isinstance(reply, TaskOutcome) else self._one(reply)

    async def comment(self, task_id: str, text: str) -> TaskOutcome:
        """DONE, or ABSENT when the task was deleted."""
        body = ClickUpComment(comment_text=carriable(text), notify_all=False)
        reply = await self._call("POST", f"/task/{_part(task_id)}/comment", msgspec.json.encode(body))
        return reply if isinstance(reply, TaskOutcome) else concluded(State.DONE, raw=self._raw(reply))

    async def find(self, mark: str) -> TaskOutcome:
        """DONE with the task that carries the mark, open or closed, or ABSENT.

        Without a custom field only the 100 newest tasks of the list are looked through.
        """
        query = {"include_closed": "true", "page": "0"}
        if self._settings.mark_field_id:
            wanted = {"field_id": self._settings.mark_field_id, "operator": "==", "value": mark}
            query["custom_fields"] = msgspec.json.encode([wanted]).decode()
        reply = await self._call("GET", f"/list/{_part(self._settings.list_id)}/task?{urlencode(query)}")
        if isinstance(reply, TaskOutcome):
            return reply
        answer = read(ClickUpTasks, reply.body)
        if answer is None:
            return self._unreadable(reply)
        for task in answer.tasks:
            if self._carries(task, mark):
                return self._done(task, reply)
        return concluded(State.ABSENT, raw=self._raw(reply))

    def _encode(self, new: NewTask) -> bytes:
        name = carriable(new.name)[:NAME_LIMIT]
        description = carriable(new.description)
        field_id = self._settings.mark_field_id
        if field_id:
            marks = [ClickUpField(id=field_id, value=new.mark)]
            task = ClickUpNewTask(name=name, description=description, priority=new.priority, custom_fields=marks)
        else:
            task = ClickUpNewTask(name=name, description=f"{new.mark}\n\n{description}", priority=new.priority)
        return msgspec.json.encode(task)

    def _carries(self, task: ClickUpTask, mark: str) -> bool:
        # The filter's answer is checked again: a filter that was ignored would adopt somebody else's task.
        if self._settings.mark_field_id:
            return any(one.id == self._settings.mark_field_id and one.value == mark for one in task.custom_fields)
        return (task.description or "").partition("\n")[0].strip() == mark

    async def _call(self, method: str, path: str, body: bytes = b"") -> Reply | TaskOutcome:
        token = self._settings.token
        until = self._quota.rests_until(token)
        if until is not None:
            return concluded(State.RATE_LIMITED, until=until)
        headers = {"authorization": token.encode(), "content-type": b"application/json"}
        call = Call(method, self._settings.url.rstrip("/") + path, headers, body)
        reply = await exchange(self._client, call, self._deadline)
        if isinstance(reply, Silence):
            state = State.TIMEOUT if reply.code is Code.PROVIDER_TIMEOUT else State.ERROR
            return TaskOutcome(state, f"{NAME}: {reply.words}", raw=presentable(reply.fault, (token,)))
        until = self._quota.heed(token, reply)
        return reply if 200 <= reply.status < 300 else self._refused(reply, path, until)

    def _refused(self, reply: Reply, path: str, until: datetime | None) -> TaskOutcome:
        fault = read(ClickUpFault, reply.body) or ClickUpFault()
        cause = fault.ecode if fault.ecode and _ECODE.fullmatch(fault.ecode) else f"HTTP {reply.status}"
        if reply.status == 429:
            return concluded(State.RATE_LIMITED, until=until, raw=self._raw(reply), cause=cause)
        if reply.status in (401, 403):
            return concluded(State.AUTH, raw=self._raw(reply), cause=cause)
        # A 404 that is not ClickUp's own JSON comes from a wrong address or a proxy, and says nothing of the task.
        if reply.status == 404 and path.startswith("/task/") and (fault.err or fault.ecode):
            return concluded(State.ABSENT, raw=self._raw(reply), cause=cause)
        return concluded(State.ERROR, raw=self._raw(reply), cause=cause)

    def _one(self, reply: Reply) -> TaskOutcome:
        task = read(ClickUpTask, reply.body)
        return self._unreadable(reply) if task is None else self._done(task, reply)

    def _done(self, task: ClickUpTask, reply: Reply) -> TaskOutcome:
        url = (
            task.url if task.url and task.url.startswith("https://") else f"https://app.clickup.com/t/{_part(task.id)}"
        )
        closed = task.status is not None and task.status.type in ("closed", "done")
        done = concluded(State.DONE)
        return TaskOutcome(done.state, done.note, Task(task.id, url, closed), raw=self._raw(reply))

    def _unreadable(self, reply: Reply) -> TaskOutcome:
        return TaskOutcome(State.ERROR, f"{NAME}: the answer was not understood", raw=self._raw(reply))

    def _raw(self, reply: Reply) -> str:
        return reply.raw((self._settings.token,))


def _part(text: str) -> str:
    return quote(text, safe="")
