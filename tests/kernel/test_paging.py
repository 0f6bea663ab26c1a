"""Windows and cursors."""

import pytest

from clerestory.kernel import paging
from clerestory.kernel.errors import Fault, Invalid, Kind


def test_absent_parameters_give_the_default_window() -> None:
    assert paging.window(None, "") == paging.Window(100, 0)


def test_a_larger_limit_is_cut() -> None:
    assert paging.window("5000", "7") == paging.Window(1000, 7)


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "١", "9" * 30])
def test_a_limit_that_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        paging.window(text, None)
    assert caught.value.faults == (Fault("limit", Kind.INVALID, "A whole number of at least 1 is needed."),)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_cursor_comes_back_as_it_went(backwards: bool) -> None:
    cursor = paging.Cursor(9_007_199_254_740_991, backwards)
    assert paging.decode_cursor(paging.encode_cursor(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "x", "aWQ6eA", "eHg6MQ", "ü", "aWQ6", "!!!!"])
def test_a_cursor_that_we_did_not_make_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        paging.decode_cursor(text)
