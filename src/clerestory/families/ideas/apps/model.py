"""What is noted of an app's requests: who, what and how it ended; nothing of what was asked or answered."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of an app."""

    app: int
    person: int | None
    method: str
    route: str
    status: int
    took_ms: int
    at: datetime
