"""Looking after an issue's task at ClickUp: made once, made anew when it was deleted, commented when it was closed.

One job at a time has an issue's task in hand. A creation of unknown fate is looked up by its mark before a repetition.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clerestory.families.escalation.tasks import store
from clerestory.families.escalation.tasks.claim import TASK
from clerestory.families.escalation.tasks.model import COMMENT_AGAIN, PRIORITY, TaskState
from clerestory.families.escalation.tasks.store import Change, Kept
from clerestory.kernel.errors import Invalid
from clerestory.kernel.links import PublicUrl
from clerestory.platform import jobs
from clerestory.platform.delivery.alarm import Trouble, sound
from clerestory.platform.delivery.clickup import BACK_OFF, ClickUp, ClickUpSettings, NewTask, State, TaskOutcome
from clerestory.platform.delivery.routing import Routing
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.tenancy import Scope

# Longer than the three calls that one look may take.
_LEASE = timedelta(seconds=60)
_IN_OTHER_HANDS = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of looking: the change to store, and when to look again."""

    change: Change
    again: timedelta | None = None
    alarm: bool = False


async def keep(scope: Scope, issue: int) -> None:
    """Does what the issue's task needs now, and comes back when ClickUp asks for patience."""
    kept = await _leased(scope, issue)
    if kept is None:
        return
    settings, fault = await _settings(scope)
    if settings is None:
        seen = Seen(replace(_unchanged(kept, fault), state=TaskState.NONE if kept.task_id is None else kept.state))
    else:
        seen = await _look(scope, scope.part(Transports).clickup(settings), kept)
    async with scope.begin() as tx:
        await store.release(tx, issue, seen.change, scope.now)
        if seen.again is not None:
            await jobs.defer(tx, TASK, {"issue": issue}, tenant=scope.tenant.id, after=seen.again)
        if seen.alarm:
            shared = settings is not None and settings.token == scope.part(Routing).defaults.clickup_token
            await sound(tx, scope, Trouble("ClickUp", shared, seen.change.note))


async def _settings(scope: Scope) -> tuple[ClickUpSettings | None, str]:
    """Where tasks are made; or None, and why, when that is known."""
    try:
        return await scope.part(Routing).clickup(scope), ""
    except Invalid as invalid:
        return None, f"The settings cannot be used: {invalid.text}"


async def _leased(scope: Scope, issue: int) -> Kept | None:
    async with scope.begin() as tx:
        if await store.lease(tx, issue, scope.now, scope.now + _LEASE):
            return await store.kept(tx, issue)
        if await store.kept(tx, issue) is not None:
            await jobs.defer(tx, TASK, {"issue": issue}, tenant=scope.tenant.id, after=_IN_OTHER_HANDS)
        return None


async def _look(scope: Scope, clickup: ClickUp, kept: Kept) -> Seen:
    if kept.state is TaskState.MADE and kept.task_id is not None:
        seen = await _tend(scope, clickup, kept, kept.task_id)
        if seen is not None:
            return seen
        kept = replace(kept, state=TaskState.WANTED, task_id=None, attempts=1, commented=None)
    outcome = await clickup.create(_new(scope, kept), again=kept.tried or kept.attempts > 1)
    if outcome.task is not None:
        change = Change(TaskState.MADE, outcome.task.id, outcome.task.url, "", 0, kept.commented)
        return Seen(change)
    return _later(scope, kept, outcome)


async def _tend(scope: Scope, clickup: ClickUp, kept: Kept, task_id: str) -> Seen | None:
    """Looks at a task that was made; None when it was deleted."""
    outcome = await clickup.get(task_id)
    if outcome.state is State.ABSENT:
        return None
    if outcome.task is None:
        return _later(scope, kept, outcome)
    unchanged = replace(_unchanged(kept, ""), task_id=task_id, task_url=outcome.task.url, attempts=0)
    if not outcome.task.closed:
        return Seen(replace(unchanged, commented=None))
    if kept.commented is not None and scope.now - kept.commented < COMMENT_AGAIN:
        return Seen(unchanged)
    said = await clickup.comment(task_id, _comment(scope, kept))
    if said.state is State.ABSENT:
        return None
    return Seen(replace(unchanged, commented=scope.now)) if said.state is State.DONE else _later(scope, kept, said)


def _later(scope: Scope, kept: Kept, outcome: TaskOutcome) -> Seen:
    """What an answer without a task means: patience, an alarm, or the end until the next log."""
    unchanged = _unchanged(kept, outcome.note)
    if outcome.alarm:
        return Seen(replace(unchanged, state=TaskState.STOPPED), alarm=True)
    if outcome.state is State.RATE_LIMITED:
        pause = (outcome.until or scope.now) - scope.now
        # A refused call has made nothing, so it does not count as an attempt.
        return Seen(replace(unchanged, attempts=kept.attempts - 1), again=max(pause, timedelta(seconds=1)))
    if outcome.retryable and kept.attempts <= len(BACK_OFF):
        return Seen(unchanged, again=BACK_OFF[kept.attempts - 1])
    return Seen(replace(unchanged, state=TaskState.NONE if kept.task_id is None else TaskState.MADE))


def _unchanged(kept: Kept, note: str) -> Change:
    return Change(kept.state, kept.task_id, kept.task_url, note, kept.attempts, kept.commented)


def _new(scope: Scope, kept: Kept) -> NewTask:
    return NewTask(
        name=f"[{kept.application}] {kept.code}: {kept.message}",
        description=_counts(scope, kept),
        mark=str(kept.uuid),
        priority=PRIORITY[kept.highest],
    )


def _counts(scope: Scope, kept: Kept) -> str:
    times = "once" if kept.count == 1 else f"{kept.count} times"
    return (
        f"{kept.message}\n\n{kept.highest} in {kept.application}, code {kept.code}\n"
        f"Seen {times} since {_moment(kept.first_seen)}, last {_moment(kept.last_seen)}\n"
        f"{scope.part(PublicUrl).to(f'/log/{kept.log_key}')}"
    )


def _comment(scope: Scope, kept: Kept) -> str:
    return f"This was seen again after the task was closed.\n\n{_counts(scope, kept)}"


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC")
