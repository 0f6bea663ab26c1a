"""What a list of issues is asked for, and the line of an issue's last days. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clerestory.families.escalation.intake.model import Environment
from clerestory.families.escalation.members.model import Severity

DAYS = 14
"""How many days a line shows, today the last."""

HEIGHT = 24
_STEP = 8
_WIDTH = _STEP - 2
WIDTH = DAYS * _STEP - 2
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which issues of a list; None: whichever. `text` is looked for in code, application and latest message."""

    application: str | None = None
    severity: Severity | None = None
    environment: Environment | None = None
    seen_since: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a line, in the units of its drawing."""

    x: int
    y: int
    width: int
    height: int
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of an issue's last days, to be drawn and to be read out."""

    bars: tuple[Bar, ...]
    words: str

    @property
    def total(self) -> int:
        """All logs of these days."""
        return sum(bar.count for bar in self.bars)


def line(counts: Mapping[date, int], today: date) -> Line:
    """The line of the days up to today; a day without logs is a stroke at the foot."""
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    per_day = [counts.get(day, 0) for day in days]
    most = max(*per_day, 1)
    bars = tuple(_bar(place, count, most) for place, count in enumerate(per_day))
    total = sum(per_day)
    logs = "1 log" if total == 1 else f"{total} logs"
    return Line(bars, f"{logs} in the last {DAYS} days, {per_day[-1]} today, at most {max(per_day)} a day")


def _bar(place: int, count: int, most: int) -> Bar:
    height = 1 if count == 0 else max(_LEAST, round(HEIGHT * count / most))
    return Bar(place * _STEP, HEIGHT - height, _WIDTH, height, count)
