"""The sweep of events that were stored, should this process die before it has handled them."""

from datetime import timedelta

from clerestory.families.bots.settings import BotsSettings
from clerestory.platform import jobs

SWEEP_TASK = "bots.sweep"
CONVERSE_TASK = "bots.converse"
RESUME_TASK = "bots.resume"


class Sweeps(jobs.Sweeps):
    """Defers the sweeps of this process's tenants. A part of the process."""

    def __init__(self, settings: BotsSettings) -> None:
        self.after = settings.sweep_after
        super().__init__(SWEEP_TASK, settings.sweep_after, min(timedelta(seconds=20), settings.sweep_after / 3))
