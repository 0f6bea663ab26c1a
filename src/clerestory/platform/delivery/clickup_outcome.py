"""What comes of a call to ClickUp. Values only; nothing is called here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NAME = "ClickUp"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as ClickUp shows it."""

    id: str
    url: str
    closed: bool


class State(StrEnum):
    """What came of a call. ABSENT: there is no such task (any more)."""

    DONE = "DONE"
    ABSENT = "ABSENT"
    RATE_LIMITED = "RATE_LIMITED"
    AUTH = "AUTH"
    ERROR = "ERROR"
    TIMEOUT = "TIMEOUT"


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What came of a call: with DONE the task (a comment has none), with RATE_LIMITED when to come back."""

    state: State
    note: str
    task: Task | None = None
    until: datetime | None = None
    raw: str = ""

    @property
    def retryable(self) -> bool:
        """A repetition may help; a creation is then repeated with `again`."""
        return self.state in (State.RATE_LIMITED, State.ERROR, State.TIMEOUT)

    @property
    def alarm(self) -> bool:
        """The owner has to act: the token is refused."""
        return self.state is State.AUTH


_NOTES: dict[State, str] = {
    State.DONE: "Done",
    State.ABSENT: f"{NAME}: there is no such task",
    State.RATE_LIMITED: f"{NAME}: too many calls in this minute",
    State.AUTH: f"{NAME}: the token was refused or may not use this list",
    State.ERROR: f"{NAME}: the call was refused",
    State.TIMEOUT: f"{NAME}: no answer in time",
}


def concluded(state: State, *, until: datetime | None = None, raw: str = "", cause: str | None = None) -> TaskOutcome:
    """An outcome without a task, in our own words; `cause` is the provider's code or an HTTP status."""
    note = _NOTES[state] if cause is None else f"{_NOTES[state]} ({cause})"
    return TaskOutcome(state, note, until=until, raw=raw)
