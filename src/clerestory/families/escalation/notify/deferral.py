"""The sweep of messages that were planned, should this process die before it has sent them."""

from clerestory.families.escalation.settings import EscalationSettings
from clerestory.platform import jobs

SWEEP_TASK = "escalation.sweep"


class Sweeps(jobs.Sweeps):
    """Defers the sweeps of this process's tenants. A part of the process."""

    def __init__(self, settings: EscalationSettings) -> None:
        super().__init__(SWEEP_TASK, settings.sweep_after, settings.covered)
        self.settings = settings
