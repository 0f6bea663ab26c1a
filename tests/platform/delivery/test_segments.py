"""How many SMS a text takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.platform.delivery.segments import segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 159 + "€", 2),
        # 152 septets, then a character of two: it moves over as a whole, so two SMS do not hold 306 septets.
        (("a" * 152 + "€") + "a" * 152, 3),
        ("é" * 160, 1),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ç" * 134, 2),
        ("ç" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
)
def test_the_count_is_the_network_s(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text(min_size=1, max_size=500))
def test_the_count_lies_between_the_bounds_of_both_alphabets(text: str) -> None:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert -(-len(text) // 160) <= segments(text) <= max(1, -(-units // 66))
