"""The replies of a bot: how they are read, and which one answers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.bots.replies.matching.model import Keywords, normalised
from clerestory.families.bots.replies.model import Button, Replies, Reply, plain, said
from clerestory.families.bots.replies.read import read

SHOP = read(
    json.dumps(
        {
            "welcome": "Welcome!",
            "default": {"text": "Sorry?"},
            "hours": "Nine to five",
            "opening hours": "Every day",
            "Café": "Coffee",
            "PAY_NOW": "Pay here",
            "👍": "Thanks",
            "don't know": "Ask us",
        }
    )
)


def text_of(replies: Replies, text: str, payload: str | None = None) -> str | None:
    reply = replies.answer(text, payload)
    return None if reply is None else reply.text


@pytest.mark.parametrize(
    ("text", "said_back"),
    [
        ("hours", "Nine to five"),
        ("  HOURS?! ", "Nine to five"),
        ("what are your hours, please", "Nine to five"),
        ("your opening... hours?", "Every day"),
        ("hours of opening hours", "Every day"),
        ("CAFE", "Coffee"),
        ("a cafe\u0301 please", "Coffee"),
        ("yes👍🏽", "Thanks"),
        ("I DON’T KNOW", "Ask us"),
        ("pay now", "Pay here"),
        ("happyhours", "Sorry?"),
        ("you are welcome", "Sorry?"),
        ("default", "Sorry?"),
        ("", "Sorry?"),
        ("?!", "Sorry?"),
    ],
)
def test_a_text_is_answered_by_the_longest_key_in_it(text: str, said_back: str) -> None:
    assert text_of(SHOP, text) == said_back


def test_a_payload_that_is_a_key_wins_over_the_text() -> None:
    assert text_of(SHOP, "hours", "pay_now") == "Pay here"
    assert text_of(SHOP, "hours", "UNKNOWN") == "Nine to five"
    assert text_of(SHOP, "hours", "") == "Nine to five"
    assert text_of(SHOP, "hours", "welcome") == "Welcome!"


@pytest.mark.parametrize(
    ("given_map", "payload", "said_back"),
    [
        ({"welcome": "w"}, "GET_STARTED", "w"),
        ({"get_started": "g"}, "GET_STARTED", "g"),
        ({"welcome": "w", "Get_Started": "g"}, "GET_STARTED", "g"),
        ({"default": "d"}, "GET_STARTED", "d"),
        ({}, "GET_STARTED", None),
    ],
)
def test_get_started_is_another_name_of_the_welcome(given_map: Any, payload: str, said_back: str | None) -> None:
    assert text_of(read(json.dumps(given_map)), "", payload) == said_back


def test_welcome_and_default_are_found_in_any_case() -> None:
    replies = read('{"WELCOME": "w", "Default": "d", "default": "second"}')
    assert (replies.welcome, replies.default) == (Reply(text="w"), Reply(text="d"))
    assert read('{"get_started": "g"}').welcome == Reply(text="g")
    assert (read("{}").welcome, read("{}").default) == (None, None)


def test_of_keys_of_one_length_the_first_answers() -> None:
    assert text_of(read('{"bbb": "1", "aaa": "2"}'), "aaa and bbb") == "1"
    assert text_of(read('{"aaa": "2", "bbb": "1"}'), "bbb and aaa") == "2"


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        True,
        [],
        "",
        "nonsense",
        "[]",
        "null",
        '"x"',
        "7",
        "[" * 100_000,
        "9" * 5000,
        b"\xff",
        '{"a": NaN',
        {7: 7},
    ],
)
def test_what_cannot_be_read_is_no_reply(text: object) -> None:
    assert read(text) == Replies()


def test_members_of_other_types_and_unknown_ones_are_left_out() -> None:
    given_map = {
        "a": {"text": 7, "title": "T", "logo": None, "odd": {"x": 1}, "buttons": {"no": "list"}},
        "b": None,
        "c": [1],
        "d": {
            "buttons": [7, None, "Yes", {"title": "T"}, {"url": "https://x.example"}, {"title": "J", "url": "data:x"}]
        },
    }
    yes, again = Button("Yes", payload="Yes"), Button("T", payload="T")
    assert read(json.dumps(given_map)).entries == (("a", Reply(title="T")), ("d", Reply(buttons=(yes, again))))


def test_a_map_stored_in_place_of_its_text_is_read_as_well() -> None:
    assert read({"a": "x"}) == read('{"a": "x"}')


def test_texts_are_made_storable() -> None:
    assert read('{"a": "x\\u0000y\\ud800"}').entries == (("a", Reply(text="xy\ufffd")),)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(_json | st.text(), st.text(), st.none() | st.text())
def test_whatever_is_stored_nothing_is_raised(stored: Any, text: str, payload: str | None) -> None:
    for replies in (read(stored), read(json.dumps(stored))):
        replies.answer(text, payload)
        for _, reply in replies.entries:
            said(reply)
            plain(reply)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
    assert normalised(text.strip() + " !?") == normalised(text)


def test_vowel_signs_are_no_accents() -> None:
    assert normalised("हिन्दी") == normalised("हिन्दी!")
    assert normalised("हिन्दी") != normalised("हन्द")


_words = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map(" ".join)


@given(st.lists(_words, unique=True, max_size=6), st.lists(st.sampled_from("abc"), max_size=12).map(" ".join))
def test_the_automaton_finds_what_looking_for_each_key_finds(keys: list[str], text: str) -> None:
    there = [key for key in keys if f" {key} " in f" {text} "]
    assert Keywords(tuple(keys)).longest_in(text) == max(there, key=len, default=None)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([f"key {number}" for number in range(2000)], "key " * 2500),
        (["a " * length + "b" for length in range(1, 500)], "a " * 5000),
        ([f"{'x' * 100}{number}" for number in range(2000)], "x" * 10_000),
        (["ﷺ" * 20], "ﷺ" * 10_000),
        (["e" + "\u0301" * 50], "\u0301" * 10_000),
    ],
)
def test_hostile_texts_and_keys_cost_little(keys: list[str], text: str) -> None:
    replies = Replies(tuple((key, Reply(text="x")) for key in keys))
    # Looking for each key at each place would take minutes, and meet the deadline of the test.
    for _ in range(50):
        assert replies.answer(text) in (None, Reply(text="x"))
