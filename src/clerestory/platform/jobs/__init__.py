"""Background work: deferred with the caller's transaction, run by a worker, again by schedule.

A task gets identifiers and reads the facts itself; it may run twice, so it must be idempotent.
"""

from clerestory.platform.jobs.background import Background
from clerestory.platform.jobs.sweeps import Sweeps, each
from clerestory.platform.jobs.task import Arguments, Cron, Task, defer, defer_all

__all__ = ["Arguments", "Background", "Cron", "Sweeps", "Task", "defer", "defer_all", "each"]
