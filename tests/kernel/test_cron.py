"""Cron expressions in a zone."""

from datetime import UTC, datetime

import pytest

from clerestory.kernel import cron
from clerestory.kernel.errors import Invalid


def test_the_next_moment_is_strictly_after() -> None:
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert cron.next_due("0 12 * * *", "UTC", at) == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_zone_keeps_its_wall_clock_over_the_change_to_summer_time() -> None:
    before = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert cron.next_due("30 9 * * *", "Europe/Berlin", before) == datetime(2026, 3, 29, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "zone"), [("", "UTC"), ("* * *", "UTC"), ("61 * * * *", "UTC"), ("* * * * *", "Nowhere/Else")]
)
def test_an_unusable_schedule_is_refused(expression: str, zone: str) -> None:
    with pytest.raises(Invalid):
        cron.next_due(expression, zone, datetime(2026, 1, 1, tzinfo=UTC))
