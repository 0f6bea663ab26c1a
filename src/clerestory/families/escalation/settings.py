"""What a process is told of escalation; what an organisation sets stands in policy.py."""

from dataclasses import dataclass
from datetime import timedelta

_LEFT_OPEN = timedelta(seconds=30)
_COVERED = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class EscalationSettings:
    """`sweep_after`: how long after messages were planned somebody looks whether they were sent."""

    sweep_after: timedelta = timedelta(seconds=60)

    @property
    def left_open(self) -> timedelta:
        """What is younger than this at a sweep is work in hand. A call may take 8 s."""
        return min(_LEFT_OPEN, self.sweep_after / 2)

    @property
    def covered(self) -> timedelta:
        """How long after its deferral a sweep covers what is planned: until then it will be old enough to be taken."""
        return min(_COVERED, self.sweep_after / 3)
