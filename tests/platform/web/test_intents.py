"""Intents: what one family offers, as the buttons that other families draw."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from clerestory.platform.web import Intents, Target
from clerestory.platform.web.intents import MOST_TEXT, MOST_TITLE


def offering(*paths: str) -> Intents:
    intents = Intents()
    for path in paths:
        intents.offer(Target(f"Make {path}", path))
    return intents


def test_nothing_offered_is_no_button() -> None:
    assert offering().buttons("A", "B") == []


def test_each_target_is_a_button_in_the_order_of_offers() -> None:
    buttons = offering("/ideas/new", "/notes/new").buttons("500 & more", "It's down\nagain")
    assert [button.label for button in buttons] == ["Make /ideas/new", "Make /notes/new"]
    assert buttons[0].url == "/ideas/new?title=500+%26+more&text=It%27s+down%0Aagain"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_title_and_a_text_arrive_as_they_are_or_cut(title: str, text: str) -> None:
    [button] = offering("/ideas/new").buttons(title, text)
    address = urlsplit(button.url)
    asked = parse_qs(address.query, keep_blank_values=True)
    assert (address.path, asked) == ("/ideas/new", {"title": [title], "text": [text]})


def test_what_is_too_long_is_cut() -> None:
    [button] = offering("/ideas/new").buttons("a" * 300, "b" * 3000)
    asked = parse_qs(urlsplit(button.url).query)
    assert asked == {"title": ["a" * (MOST_TITLE - 1) + "…"], "text": ["b" * (MOST_TEXT - 1) + "…"]}
