"""The webhook of a page, heard: every kind of event, broken items, keys and signatures."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.bots.messenger.hear import challenge, signed
from clerestory.families.bots.messenger.hear import hear as hear_at
from clerestory.families.bots.messenger.model import Event, Kind
from clerestory.kernel.errors import Invalid
from clerestory.kernel.values import storable
from tests.standins import facebook as fb


def hear(body: bytes) -> list[Event]:
    return hear_at(body, datetime.now(UTC))


PERSON = "2093479187345"
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def one(item: Any, *, standby: bool = False) -> Event:
    (event,) = hear(fb.webhook(item, standby=standby))
    return event


def test_a_message_is_heard_whole() -> None:
    item = fb.message(PERSON, "hello", "m_9")
    assert one(item) == Event(Kind.MESSAGE, fb.PAGE, PERSON, NOON, "m_9", text="hello", raw=item)


def test_a_quick_reply_carries_its_payload() -> None:
    event = one(fb.message(PERSON, "Yes", payload="YES"))
    assert (event.kind, event.text, event.payload) == (Kind.MESSAGE, "Yes", "YES")


def test_an_attachment_has_no_text_and_stays_in_raw() -> None:
    item = fb.told(PERSON, "message", {"mid": "m_2", "attachments": [{"type": "image", "payload": {"url": "u"}}]})
    event = one(item)
    assert (event.kind, event.text, event.raw) == (Kind.MESSAGE, "", item)


def test_a_postback_says_its_title() -> None:
    event = one(fb.postback(PERSON, "Get started", "GET_STARTED", "m_3"))
    assert (event.kind, event.text, event.payload, event.key) == (
        Kind.POSTBACK,
        "Get started",
        "GET_STARTED",
        "m_3",
    )


@pytest.mark.parametrize(("name", "content"), [("referral", {"ref": "shop"}), ("optin", {"ref": "shop"})])
def test_who_comes_by_a_link_opens_the_chat(name: str, content: Any) -> None:
    event = one(fb.told(PERSON, name, content))
    assert (event.kind, event.address, event.text, event.payload) == (Kind.OPENING, PERSON, "", "shop")


@pytest.mark.parametrize("app", [26390203743090, "26390203743090"])
def test_an_echo_is_of_the_person_it_went_to_and_names_its_app_as_text(app: Any) -> None:
    event = one(fb.echo(PERSON, "I am here", "m_4", app, "clerestory"))
    assert (event.kind, event.page, event.address, event.text) == (Kind.ECHO, fb.PAGE, PERSON, "I am here")
    assert (event.key, event.app, event.metadata) == ("echo:m_4", "26390203743090", "clerestory")


@pytest.mark.parametrize(("given_id", "app"), [(42, "42"), ("42", "42"), (None, None), (True, None), ([], None)])
def test_a_thread_that_is_passed_or_taken_has_a_new_owner(given_id: Any, app: str | None) -> None:
    for item in (fb.passed(PERSON, given_id, by=7), fb.taken(PERSON, given_id)):
        event = one(item)
        assert (event.kind, event.address, event.app, event.metadata) == (Kind.THREAD, PERSON, app, "m")


def test_a_request_for_a_thread_changes_no_owner() -> None:
    event = one(fb.requested(PERSON, 42))
    assert (event.kind, event.address, event.app) == (Kind.NOTICE, PERSON, "42")
    assert event.raw["request_thread_control"] == {"requested_owner_app_id": 42, "metadata": "m"}


def test_the_roles_of_apps_are_of_nobodys_chat() -> None:
    item = {"recipient": {"id": fb.PAGE}, "timestamp": fb.NOON_MS, "app_roles": {"42": ["primary_receiver"]}}
    event = one(item)
    assert (event.kind, event.address, event.page, event.raw) == (Kind.NOTICE, "", fb.PAGE, item)


def test_a_handover_sent_by_the_page_is_of_the_person() -> None:
    item = {**fb.passed(PERSON, 42), "sender": {"id": fb.PAGE}, "recipient": {"id": PERSON}}
    assert (one(item).kind, one(item).address) == (Kind.THREAD, PERSON)


@pytest.mark.parametrize("name", ["read", "delivery", "reaction"])
def test_a_receipt_is_told_as_one(name: str) -> None:
    event = one(fb.told(PERSON, name, {"watermark": 1}))
    assert (event.kind, event.address, event.text) == (Kind.RECEIPT, PERSON, "")


def test_standby_is_marked() -> None:
    assert one(fb.message(PERSON, "hello"), standby=True).standby
    assert not one(fb.message(PERSON, "hello")).standby


def test_several_entries_and_items_come_in_their_order() -> None:
    first, second = (json.loads(fb.webhook(*items))["entry"][0] for items in (ITEMS[:2], ITEMS[2:]))
    second["standby"] = [fb.message(PERSON, "four", "m_4")]
    body = json.dumps({"object": "page", "entry": [first, second]}).encode()
    assert [event.text for event in hear(body)] == ["one", "two", "three", "four"]


ITEMS = [fb.message(PERSON, text, f"m_{text}") for text in ("one", "two", "three")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'"page"',
        b"{}",
        b'{"object":"instagram","entry":[]}',
        b'{"object":"page","entry":[NaN]}',
        b"\xff\xfe\xfd",
        b'{"object":"page","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"object":"page","entry":' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_object_of_a_page_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        hear(body)


@pytest.mark.parametrize(
    "item",
    [
        None,
        7,
        "message",
        [],
        {},
        {"message": {"mid": "m", "text": "no sender"}},
        {"sender": {"id": ""}, "message": {"mid": "m", "text": "no sender"}},
        {"sender": "x", "message": {"mid": "m", "text": "no sender"}},
        fb.told(PERSON, "message", "no object"),
        fb.told(PERSON, "payment", {"what": "is this"}),
        fb.told(fb.PAGE, "message", {"mid": "m", "text": "the page talks to itself"}),
        {**fb.echo(PERSON, "x", "m"), "recipient": {}},
        fb.requested("", 42),
    ],
)
def test_an_item_without_sense_is_left_out_and_its_neighbours_are_not(item: Any) -> None:
    events = hear(fb.webhook(ITEMS[0], item, ITEMS[1]))
    assert [event.text for event in events] == ["one", "two"]


@pytest.mark.parametrize("entry", [None, 7, {}, "x", [None, 7, [], {"messaging": 7}, {"standby": {"a": 1}}]])
def test_entries_without_sense_hold_nothing(entry: Any) -> None:
    assert hear(json.dumps({"object": "page", "entry": entry}).encode()) == []


def test_text_and_ids_are_made_storable_and_cut() -> None:
    event = one(fb.message("1\0" + "2" * 300, "a\0b\ud800" + "x" * 20_000, "m\0"))
    assert event.text == "ab\ufffd" + "x" * 9_997
    assert event.address == "1" + "2" * 254
    assert event.key.startswith("event:")


def test_raw_holds_nothing_that_a_database_refuses() -> None:
    deep: Any = "end"
    for _ in range(100):
        deep = [deep]
    body = json.dumps({"mid": "m_1", "a\0": "\ud800", "deep": deep, "big": 10**400}).replace(
        '"m_1"', '"m_1","inf":1e999'
    )
    (event,) = hear(fb.webhook(fb.told(PERSON, "message", "HERE")).replace(b'"HERE"', body.encode()))
    kept = json.dumps(event.raw, allow_nan=False)
    message = json.loads(kept)["message"]
    assert (message["a"], message["inf"], message["big"]) == ("\ufffd", None, "1" + "0" * 400)
    assert '"end"' not in kept


@pytest.mark.parametrize("stamp", [None, "soon", -1, 0, 12, True, [], -(10**400)])
def test_without_a_moment_of_its_own_an_event_has_the_entrys(stamp: Any) -> None:
    assert one(fb.message(PERSON, "hello", at=stamp)).happened == NOON


@pytest.mark.parametrize("stamp", [10**400, 253_402_300_800_000, 4_102_444_800_000, 1e300])
def test_nothing_has_happened_in_the_future(stamp: Any) -> None:
    happened = one(fb.message(PERSON, "hello", at=stamp)).happened
    assert timedelta() <= datetime.now(UTC) - happened < timedelta(minutes=5)


def test_without_any_moment_it_happened_now() -> None:
    body = json.dumps({"object": "page", "entry": [{"id": fb.PAGE, "messaging": [fb.told(PERSON, "read", {})]}]})
    body = body.replace(str(fb.NOON_MS), "null")
    assert datetime.now(UTC) - hear(body.encode())[0].happened < timedelta(minutes=5)


def test_a_message_and_its_echo_have_different_keys_even_with_a_hostile_mid() -> None:
    items = [fb.message(PERSON, "x", "m"), fb.echo(PERSON, "x", "m"), fb.message(PERSON, "x", "echo:m")]
    assert len({one(item).key for item in items}) == 3


def test_long_mids_with_one_beginning_are_kept_apart() -> None:
    keys = {one(make(PERSON, "x", "m" * 300 + end)).key for make in (fb.message, fb.echo) for end in "ab"}
    assert len(keys) == 4
    assert all(len(key) <= 255 for key in keys)


_psids = st.sampled_from(["1", "2"])
_times = st.sampled_from([fb.NOON_MS, fb.NOON_MS + 1])
_without_mid = st.one_of(
    st.builds(fb.postback, _psids, st.sampled_from("ab"), st.sampled_from("AB"), at=_times),
    st.builds(fb.passed, _psids, st.sampled_from([None, 1, "1"])),
    st.builds(fb.taken, _psids, st.sampled_from([None, 1, "1"])),
    st.builds(fb.requested, _psids, st.sampled_from([1, 2])),
    st.builds(fb.seen, _psids, _times),
)


@given(_without_mid, _without_mid)
def test_keys_are_equal_for_repetitions_and_for_nothing_else(first: Any, second: Any) -> None:
    shuffled = dict(reversed(second.items()))
    assert (one(first).key == one(shuffled).key) == (json.dumps(first) == json.dumps(second))


_numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
_NAMES = ["message", "postback", "referral", "pass_thread_control", "request_thread_control", "app_roles", "read"]
_contents = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("mid", "text", "is_echo", "app_id", "payload", "new_owner_app_id"), _json)
)
_items = st.fixed_dictionaries(
    {"sender": _json | st.just({"id": "1"}), "recipient": _json | st.just({"id": "2"})},
    optional={"timestamp": _json, **dict.fromkeys(_NAMES, _contents | _json)},
)


@given(st.lists(_items | _json, max_size=3))
def test_whatever_an_item_holds_nothing_is_raised_and_everything_fits_the_store(items: list[Any]) -> None:
    for event in hear(fb.webhook(*items)):
        texts = [event.page, event.address, event.key, event.text, event.payload, event.app, event.metadata]
        assert all(storable(text) for text in texts if text is not None)
        assert max(len(event.address), len(event.key)) <= 255
        assert "\\u0000" not in json.dumps(event.raw, allow_nan=False)
        assert event.happened <= datetime.now(UTC)


@given(st.binary(max_size=60))
def test_any_bytes_are_events_or_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        hear(body)


def test_any_of_several_secrets_may_have_signed() -> None:
    body = fb.webhook(ITEMS[0])
    assert signed(["other", fb.APP_SECRET], body, fb.sign(body))
    assert signed([fb.APP_SECRET, "other"], body, fb.sign(body))


@pytest.mark.parametrize(
    ("secrets", "header"),
    [
        ([], fb.sign(b"body")),
        ([""], fb.sign(b"body", "")),
        (["other"], fb.sign(b"body")),
        ([fb.APP_SECRET], ""),
        ([fb.APP_SECRET], fb.sign(b"bod")),
        ([fb.APP_SECRET], fb.sign(b"body").removeprefix("sha256=")),
        ([fb.APP_SECRET], "sha256=\ud800é"),
    ],
)
def test_what_is_not_signed_by_a_secret_is_not_metas(secrets: list[str], header: str) -> None:
    assert not signed(secrets, b"body", header)


def test_a_challenge_is_answered_only_for_the_right_word() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "word"}
    assert challenge(query, "word") == "1158201444"
    assert challenge(query, "other") is None
    assert challenge(query, "") is None
    assert challenge({**query, "hub.mode": "unsubscribe"}, "word") is None
    assert challenge({}, "word") is None
