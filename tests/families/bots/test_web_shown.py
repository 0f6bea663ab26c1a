"""A stored message as a page shows it, whatever stands in it."""

from typing import Any

import pytest

from clerestory.families.bots.replies.model import Button, Reply, said
from clerestory.families.bots.web.model import Pressable, Shown, shown

CARD = Reply(
    title="Shirts",
    subtitle="Of linen",
    logo="http://img.example.org/a.png",
    url="https://shop.example.org/",
    buttons=(Button("See", "https://shop.example.org/all"), Button("Hours", payload="hours")),
)


def test_every_message_that_a_reply_makes_is_shown() -> None:
    buttons = (Pressable("See", "https://shop.example.org/all"), Pressable("Hours", payload="hours"))
    assert [shown("", dict(one)) for one in said(CARD)] == [
        Shown("Shirts", "", "Of linen", "http://img.example.org/a.png", "https://shop.example.org/", buttons)
    ]
    plain = Reply(text="Hello", logo="https://img.example.org/a.png", buttons=(Button("Hours", payload="hours"),))
    assert [shown("", dict(one)) for one in said(plain)] == [
        Shown(logo="https://img.example.org/a.png"),
        Shown(text="Hello", buttons=(Pressable("Hours", payload="hours"),)),
    ]


def test_a_picture_that_came_by_http_is_a_link() -> None:
    assert not Shown(logo="http://img.example.org/a.png").drawn
    assert Shown(logo="HTTPS://img.example.org/a.png").drawn


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "x",
        {"text": 1},
        {"attachment": []},
        {"attachment": {"payload": {"elements": [], "buttons": 1}}},
        {"attachment": {"payload": {"elements": [None]}}},
        {"attachment": {"type": "image", "payload": {"url": "javascript:alert(1)"}}},
        {"attachment": {"payload": {"elements": [{"default_action": {"url": "data:text/html,x"}, "image_url": {}}]}}},
        {"attachment": {"payload": {"buttons": [None, {"title": 1}, {"title": "x", "url": "javascript:alert(1)"}]}}},
    ],
)
def test_what_makes_no_sense_shows_nothing_but_the_text(message: Any) -> None:
    found = shown("", message)
    assert found in (Shown(), Shown(text=""))
