"""When an issue's task is looked after. Values only. Source: dialects/escalation.md, Tasks."""

from datetime import datetime, timedelta
from enum import StrEnum

from clerestory.families.escalation.members.model import Severity


class TaskState(StrEnum):
    """Where an issue's task stands. STOPPED: ClickUp refuses our token, and the owner knows."""

    NONE = "none"
    WANTED = "wanted"
    MADE = "made"
    STOPPED = "stopped"


# A hot issue would ask ClickUp of its task a thousand times; a token has 100 calls a minute.
_LOOK_AGAIN = timedelta(minutes=1)
_TRY_AGAIN = timedelta(minutes=15)
# Longer than any pause that ClickUp asks for: after it, the job of a wanted task was given up.
_LOST = timedelta(hours=1)
COMMENT_AGAIN = timedelta(hours=1)

PRIORITY: dict[Severity, int] = {
    Severity.CRITICAL: 1,
    Severity.MAJOR: 2,
    Severity.MINOR: 3,
    Severity.LOW: 4,
}
"""ClickUp's priorities: 1 is urgent."""


def due(state: TaskState, checked: datetime | None, now: datetime) -> bool:
    """Whether a log that is severe enough has its issue's task made, or looked at, now."""
    match state:
        case TaskState.NONE:
            return True
        case TaskState.WANTED:
            return checked is None or now - checked >= _LOST
        case TaskState.MADE:
            return checked is None or now - checked >= _LOOK_AGAIN
        case TaskState.STOPPED:
            return checked is None or now - checked >= _TRY_AGAIN
