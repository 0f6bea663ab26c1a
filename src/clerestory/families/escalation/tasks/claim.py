"""Claiming tasks in the database, so that one issue never gets two; what is claimed, a job does."""

from collections.abc import Sequence
from datetime import datetime

from clerestory.families.escalation.tasks import store
from clerestory.platform import jobs
from clerestory.platform.database import Tx

TASK = "escalation.task"


async def claim(tx: Tx, tenant: int, issues: Sequence[int], now: datetime) -> None:
    """Claims the tasks of issues that the transaction holds, and defers the work on each."""
    if not issues:
        return
    await store.want(tx, issues, now)
    for issue in issues:
        await jobs.defer(tx, TASK, {"issue": issue}, tenant=tenant)
