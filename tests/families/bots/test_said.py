"""One reply as it is said: the messages of Messenger, and the data of a page."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from clerestory.families.bots.replies.model import Button, Reply, pieces, plain, said, web_address, worded


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("https://shop.example/a?b=c", True),
        (" HTTP://shop.example ", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//shop.example", False),
        ("https://", False),
        ("https://[", False),
        ("https://a b", False),
        ("https://a\n.example", False),
        ("https://a.example/" + "x" * 2000, False),
        ("", False),
    ],
)
def test_addresses_of_the_web_alone_are_taken_over(text: str, taken: bool) -> None:
    assert web_address(text) == (text.strip() if taken else "")
    assert Reply(url=text, logo=text).url == web_address(text)
    assert Button("x", url=text).usable is taken


def test_a_text_is_said() -> None:
    assert said(Reply(text="hello")) == ({"text": "hello"},)
    assert said(Reply(title="T", text="hello", subtitle="S")) == ({"text": "T\nS\nhello"},)
    assert said(Reply(text="look", url="https://x.example")) == ({"text": "look\nhttps://x.example"},)


def test_a_card_is_a_generic_template() -> None:
    buttons = (
        Button("A shop with a very long name", url="https://shop.example"),
        Button("Hours", payload="hours"),
        Button("x", payload="y" * 2000),
        Button("fourth", payload="z"),
    )
    reply = Reply("T" * 100, "", "S", "https://x.example/logo.png", "https://x.example", buttons=buttons)
    assert said(reply) == snapshot(
        (
            {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "generic",
                        "elements": [
                            {
                                "title": "T" * 79 + "…",
                                "subtitle": "S",
                                "image_url": "https://x.example/logo.png",
                                "default_action": {"type": "web_url", "url": "https://x.example"},
                                "buttons": [
                                    {"type": "web_url", "title": "A shop with a very…", "url": "https://shop.example"},
                                    {"type": "postback", "title": "Hours", "payload": "hours"},
                                    {"type": "postback", "title": "x", "payload": "y" * 1000},
                                ],
                            }
                        ],
                    },
                }
            },
        )
    )


def element(reply: Reply) -> Any:
    message: Any = said(reply)[-1]
    return message["attachment"]["payload"]["elements"][0]


def test_the_text_of_a_card_is_its_second_line_or_goes_before_it() -> None:
    short, long = Reply("T", "text", url="https://x.example"), Reply("T", "x" * 81, url="https://x.example")
    assert (len(said(short)), element(short)["subtitle"]) == (1, "text")
    assert said(long)[0] == {"text": "x" * 81}
    assert "subtitle" not in element(long)
    assert said(Reply("T", "text", "S", "https://x.example"))[0] == {"text": "text"}


def test_the_template_may_be_asked_for() -> None:
    assert element(Reply("T", "text", template="Generic")) == {"title": "T", "subtitle": "text"}
    assert element(Reply(text="text", logo="https://x.example", template="generic")) == {
        "title": "text",
        "image_url": "https://x.example",
    }


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (Reply("T", template="generic"), "T"),
        (Reply("", "text", template="generic"), "text"),
        (Reply("T", "x" * 200, template="generic"), "T\n" + "x" * 200),
        (Reply("", "x" * 200, template="generic"), "x" * 200),
    ],
)
def test_a_card_of_a_title_alone_is_a_text(reply: Reply, text: str) -> None:
    assert said(reply) == ({"text": text},)


def test_a_text_with_buttons_is_a_button_template() -> None:
    assert said(Reply(text="Which?", buttons=(Button("A", payload="a"),))) == snapshot(
        (
            {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "button",
                        "text": "Which?",
                        "buttons": [{"type": "postback", "title": "A", "payload": "a"}],
                    },
                }
            },
        )
    )


def test_a_long_text_with_buttons_ends_short_enough_for_them() -> None:
    *before, last = said(Reply(text="A sentence. " * 400, buttons=(Button("A", payload="a"),)))
    payload: Any = last["attachment"]
    parts = [str(message["text"]) for message in before] + [payload["payload"]["text"]]
    assert len(parts[-1]) <= 640
    assert " ".join(parts) == ("A sentence. " * 400).strip()


def test_a_picture_without_a_title_is_said_as_one() -> None:
    image = {"attachment": {"type": "image", "payload": {"url": "https://x.example/a.png"}}}
    assert said(Reply(logo="https://x.example/a.png")) == (image,)
    assert said(Reply(text="look", logo="https://x.example/a.png")) == ({"text": "look"}, image)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(),
        Reply(text="  \n"),
        Reply(template="generic"),
        Reply(url="javascript:x"),
        Reply(buttons=(Button("A", payload="a"),)),
        Reply(logo="data:x", buttons=(Button(" ", payload="a"), Button("x", url="javascript:x"))),
    ],
)
def test_nothing_sayable_is_no_message(reply: Reply) -> None:
    assert said(reply) == ()


@given(st.text(st.sampled_from("ab .\n!,"), max_size=400), st.integers(2, 60))
def test_pieces_lose_nothing_but_blanks(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert all(0 < len(piece) <= limit for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_pieces_end_at_sensible_places() -> None:
    assert pieces("One two. Three four five", 12) == ("One two.", "Three four", "five")
    assert pieces("x" * 25, 10) == ("x" * 10, "x" * 10, "x" * 5)
    assert [len(str(message["text"])) for message in said(Reply(text="x" * 4000))] == [1999, 1999, 2]


def test_a_page_gets_the_reply_as_data_and_a_list_as_words() -> None:
    reply = Reply("T", "x", "", "https://x.example/l.png", "https://x.example", "generic", (Button("A", payload="a"),))
    assert plain(reply) == snapshot(
        {
            "title": "T",
            "text": "x",
            "subtitle": "",
            "logo": "https://x.example/l.png",
            "url": "https://x.example",
            "buttons": [{"title": "A", "url": "", "payload": "a"}],
        }
    )
    assert worded(reply) == "T\nx\nhttps://x.example\nhttps://x.example/l.png"
