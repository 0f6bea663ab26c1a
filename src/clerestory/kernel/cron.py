"""Cron expressions in a time zone. The calendar arithmetic is cronsim's; missed runs are skipped."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from clerestory.kernel.errors import Fault, Invalid, Kind


def next_due(expression: str, zone: str, after: datetime) -> datetime:
    """The first due moment after `after`, aware, in the schedule's zone. Raises Invalid for a bad expression."""
    try:
        return next(CronSim(expression, after.astimezone(ZoneInfo(zone))))
    except (CronSimError, StopIteration, KeyError, ValueError) as error:
        raise Invalid(Fault("schedule", Kind.INVALID, f"{expression!r} is no usable schedule.")) from error
