"""What is kept of an answer, and what must not be in it."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.platform.delivery.exchange import Reply
from clerestory.platform.delivery.outcome import RAW_LIMIT_BYTES, presentable

SECRET = 'p@ss "word"/+é'


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        "p%40ss%20%22word%22%2F%2B%C3%A9",
        "p%40ss+%22word%22%2F%2B%C3%A9",
        'p@ss \\"word\\"/+\\u00e9',
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_secret_is_cut_out_in_every_spelling(spelling: str) -> None:
    assert presentable(f"before {spelling} after", [SECRET, None, ""]) == "before [cut] after"


def test_a_secret_inside_another_leaves_no_rest() -> None:
    assert presentable("key-123-long", ["key-123", "key-123-long"]) == "[cut]"


def test_a_secret_on_the_border_is_cut_before_the_answer_is() -> None:
    raw = presentable("x" * (RAW_LIMIT_BYTES - 4) + SECRET, [SECRET])
    assert raw == "x" * (RAW_LIMIT_BYTES - 4) + "[cut"


@given(st.binary(max_size=9000))
def test_whatever_was_answered_can_be_kept(raw: bytes) -> None:
    kept = presentable(raw, [])
    assert len(kept.encode()) <= RAW_LIMIT_BYTES
    assert "\0" not in kept


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEFAULT = timedelta(seconds=2)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("999999", timedelta(hours=1)),
        ("Mon, 02 Mar 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta()),
        ("Mon, 02 Mar 2026 12:00:30", DEFAULT),
        ("soon", DEFAULT),
        ("-1", DEFAULT),
        ("9" * 5000, DEFAULT),
        ("", DEFAULT),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, wait: timedelta) -> None:
    assert Reply(429, {"retry-after": header}, b"").retry_after(DEFAULT, NOON) == wait
