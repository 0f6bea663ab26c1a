"""Spelling, parameters, order and XML as functions, over anything."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.ideas.conventions import spelling, xml
from clerestory.families.ideas.conventions.listing import Page, order_of, page_of
from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.kernel.errors import Invalid


def given_texts(**texts: str) -> Parameters:
    return Parameters({name: [text] for name, text in texts.items()})


@given(st.uuids())
def test_a_guid_is_shown_in_capitals_and_read_in_any_letters(value: UUID) -> None:
    assert spelling.guid(value) == str(value).upper()
    assert spelling.read_guid(spelling.guid(value)) == spelling.read_guid(str(value)) == value


@pytest.mark.parametrize(
    "text", ["", "x", "{5B0E6C1A-2F7D-4C55-9E0B-7A1D3C9F1E20}", "5B0E6C1A2F7D4C559E0B7A1D3C9F1E20"]
)
def test_nothing_else_is_a_guid(text: str) -> None:
    assert spelling.read_guid(text) is None


def test_times_are_five_hours_behind_in_every_season() -> None:
    assert spelling.moment(datetime(2024, 7, 2, 15, 15, 20, 7_999, UTC)) == "2024-07-02 10:15:20.007"
    assert spelling.moment(datetime(2024, 1, 2, 3, 0, tzinfo=UTC)) == "2024-01-01 22:00:00.000"


def test_a_day_is_24_hours() -> None:
    begins = datetime(2009, 12, 6, 5, tzinfo=UTC)
    assert spelling.read_day("12/06/2009") == (begins, begins + timedelta(days=1))
    assert spelling.read_day("12/6/2009") == spelling.read_day("12/06/2009")
    for text in ("2009-12-06", "13/01/2009", "12/32/2009", "", "12/31/9999"):
        assert spelling.read_day(text) is None


@given(st.text(), st.text())
def test_no_page_is_out_of_range(page: str, size: str) -> None:
    found = page_of(given_texts(page=page, page_size=size))
    assert 1 <= found.number <= 1_000_000
    assert 1 <= found.size <= 100


@pytest.mark.parametrize(("total", "pages"), [(0, 0), (1, 1), (20, 1), (21, 2)])
def test_an_empty_list_has_no_pages(total: int, pages: int) -> None:
    assert Page(1, 20).stats(total).page_count == pages


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", "c.id DESC"),
        ("stars", "c.id DESC"),
        ("name", "lower(c.name) ASC, c.id ASC"),
        ("NAME desc", "lower(c.name) DESC, c.id DESC"),
        ("name ASC, stars DESC, date_created DESC", "lower(c.name) ASC, c.created DESC, c.id DESC"),
        ("name; DROP TABLE x", "c.id DESC"),
    ],
)
def test_an_order_is_made_of_known_columns_alone(text: str, order: str) -> None:
    columns = {"name": "lower(c.name)", "date_created": "c.created"}
    assert order_of(given_texts(order=text), columns, "c.id DESC", "c.id") == order


def test_flags_stand_in_with_or_for_themselves() -> None:
    legal = ("groups", "group_count")
    assert Parameters({"with": ["groups, none"], "group_count": [""]}).wanted(legal) == {"groups", "group_count"}
    assert Parameters({"with[]": ["groups"], "group_count": ["0"]}).wanted(legal) == {"groups"}


def test_what_cannot_be_read_is_refused() -> None:
    parameters = given_texts(id="x", day="x", truth="x")
    for read in (parameters.guid, parameters.day, parameters.truth):
        for name in ("id", "day", "truth"):
            with pytest.raises(Invalid):
                read(name)
    with pytest.raises(Invalid):
        parameters.required("absent")


@given(st.text())
def test_any_text_is_good_xml(text: str) -> None:
    root = ElementTree.fromstring(xml.write({"idea": {"title": text.replace("\r", "")}}))
    assert root.findtext("idea/title") is not None


def test_lists_nulls_and_truths_as_xml() -> None:
    written = xml.write({"idea_list": [{"visible": True, "chips": 7, "stage_id": None}], "stats": {"total": 1}})
    assert written.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?><response><idea_list><idea><visible>true</visible><chips>7</chips>'
        '<stage_id nil="true"/></idea></idea_list><stats><total>1</total></stats></response>'
    )
