"""How ids and times are written and read: upper-case GUIDs, times five hours behind UTC all year, American days.

What cannot be read is None here; whether that is a fault, the caller knows.
"""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from uuid import UUID

# "Eastern Standard Time" in every season: whether daylight time applies, no document says.
EASTERN = timezone(timedelta(hours=-5))
_DAY = timedelta(days=1)


def guid(value: UUID) -> str:
    """The id as it is shown."""
    return str(value).upper()


def guid_or_none(value: UUID | None) -> str | None:
    """The id as it is shown, if there is one."""
    return None if value is None else guid(value)


def read_guid(text: str) -> UUID | None:
    """The id that a text means, in any letter case; nothing but 8-4-4-4-12 is one."""
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text.lower() else None


# An answer has hundreds of times, and the next one the same: 0.1 us instead of 2.
@lru_cache(maxsize=16384)
def moment(value: datetime) -> str:
    """`2024-03-02 10:15:20.007`, Eastern."""
    # Without the offset, which it ends in; this takes a tenth of strftime's time.
    return value.astimezone(EASTERN).isoformat(" ", "milliseconds")[:-6]


def moment_or_none(value: datetime | None) -> str | None:
    """The time as it is shown, if there is one."""
    return None if value is None else moment(value)


def zulu(value: datetime) -> str:
    """`2024-03-02T15:15:20Z`: search alone writes times so."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_day(text: str) -> tuple[datetime, datetime] | None:
    """The 24 hours of an Eastern day written `MM/DD/YYYY`, from and until."""
    try:
        begins = datetime.strptime(text.strip(), "%m/%d/%Y").replace(tzinfo=EASTERN)
        return begins, begins + _DAY
    except (ValueError, OverflowError):
        return None


def read_truth(text: str) -> bool | None:
    """`1` or `true`, `0` or `false`."""
    return {"1": True, "true": True, "0": False, "false": False}.get(text.strip().lower())
