"""One log for its page: one function, one statement."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whose log a key shows."""

    tenant: int
    log: int


async def owner_of(tx: Runner, log_key: str) -> KeyOwner | None:
    """Whose log this key shows; None for one that was never given out."""
    return await tx.row(
        """
        SELECT tenant, log
          FROM platform.escalation_log_key
         WHERE log_key = :log_key
        """,
        KeyOwner,
        log_key=log_key,
    )


@dataclass(frozen=True, slots=True)
class ShownLog:
    """A log and its issue."""

    id: int
    issue: int
    environment: str
    application: str
    code: str
    severity: str
    message: str
    user_ref: str | None
    user_agent: str | None
    trace: str | None
    held: str
    created: datetime
    count: int
    first_seen: datetime
    last_seen: datetime
    task_state: str
    task_url: str | None
    task_note: str


async def log(tx: Runner, log: int, log_key: str) -> ShownLog | None:
    """The log, while it is there and still has this key."""
    return await tx.row(
        """
        SELECT l.id, l.issue, i.environment, i.application, i.code, l.severity, l.message, l.user_ref, l.user_agent,
               l.trace, l.held, l.created, i.count, i.first_seen, i.last_seen, i.task_state, i.task_url, i.task_note
          FROM tenant.escalation_log AS l
          JOIN tenant.escalation_issue AS i ON i.id = l.issue
         WHERE l.id = :log
           AND l.log_key = :log_key
        """,
        ShownLog,
        log=log,
        log_key=log_key,
    )
