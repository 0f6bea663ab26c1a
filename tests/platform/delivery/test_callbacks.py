"""What providers tell afterwards, and whether it is really them."""

import json

import pytest

from clerestory.platform.delivery.callbacks import (
    Inbound,
    State,
    StatusReport,
    Wish,
    answer_meta_challenge,
    parse_meta,
    parse_twilio_inbound,
    parse_twilio_status,
    verify_meta,
    verify_twilio,
)
from clerestory.platform.delivery.outcome import Channel, Code
from tests.standins import meta, twilio
from tests.standins.meta import APP_SECRET, PHONE_NUMBER_ID
from tests.standins.twilio import AUTH_TOKEN, SMS_FROM

URL = "https://clerestory.example/callbacks/twilio/acme_042917?message=7"
FORM = twilio.status_form("SM1", "delivered", "+447772572105")
NUMBER = "+447772572105"


def test_twilio_s_own_published_example_is_verified() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert verify_twilio("12345", url, form, twilio.sign(url, form, "12345"))


def test_a_signed_form_is_twilio_s() -> None:
    assert verify_twilio(AUTH_TOKEN, URL, FORM, twilio.sign(URL, FORM))
    with_port = URL.replace(".example/", ".example:443/")
    assert verify_twilio(AUTH_TOKEN, URL, FORM, twilio.sign(with_port, FORM))
    assert verify_twilio(AUTH_TOKEN, with_port, FORM, twilio.sign(URL, FORM))


@pytest.mark.parametrize("signature", ["", "nonsense", "é", "\ud800", twilio.sign(URL, FORM, "other")])
def test_another_signature_is_refused(signature: str) -> None:
    assert not verify_twilio(AUTH_TOKEN, URL, FORM, signature)


def test_a_changed_form_or_url_is_refused() -> None:
    signature = twilio.sign(URL, FORM)
    assert not verify_twilio(AUTH_TOKEN, URL, {**FORM, "MessageStatus": "failed"}, signature)
    assert not verify_twilio(AUTH_TOKEN, URL.replace("acme", "other"), FORM, signature)
    assert not verify_twilio(AUTH_TOKEN, URL.replace(".example/", ".example:8443/"), FORM, signature)


def test_an_empty_secret_verifies_nothing() -> None:
    assert not verify_twilio("", URL, FORM, twilio.sign(URL, FORM, ""))
    assert not verify_meta("", b"{}", meta.sign(b"{}", ""))


def test_a_signed_body_is_meta_s() -> None:
    body = meta.webhook(statuses=[])
    assert verify_meta(APP_SECRET, body, meta.sign(body))
    for signature in ("", meta.sign(body + b" "), meta.sign(body, "other"), meta.sign(body)[7:], "sha256=é", "\ud800"):
        assert not verify_meta(APP_SECRET, body, signature)


def test_meta_s_challenge_is_answered_to_those_who_know_the_token() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "known", "hub.challenge": "1158201444"}
    assert answer_meta_challenge("known", query) == "1158201444"
    assert answer_meta_challenge("other", query) is None
    assert answer_meta_challenge("", {**query, "hub.verify_token": ""}) is None
    assert answer_meta_challenge("known", {**query, "hub.mode": "unsubscribe"}) is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("sent", State.SENT),
        ("delivered", State.DELIVERED),
        ("partially_delivered", State.DELIVERED),
        ("read", State.READ),
    ],
)
def test_progress_is_reported(status: str, state: State) -> None:
    report = parse_twilio_status(twilio.status_form("SM1", status, f"whatsapp:{NUMBER}"))
    assert report == StatusReport("SM1", Channel.WHATSAPP, state, Code.SENT, "Sent successfully", NUMBER)


@pytest.mark.parametrize(
    ("status", "number", "code", "note"),
    [
        ("undelivered", 63014, Code.SENDER_BLOCKED, "Twilio: the recipient has blocked this sender (63014)"),
        ("failed", 30004, Code.SENDER_BLOCKED, "Twilio: the recipient has blocked this sender (30004)"),
        ("failed", 63016, Code.PROVIDER_ERROR, "Twilio: the message was refused (63016)"),
        (
            "undelivered",
            30003,
            Code.RECIPIENT_UNREACHABLE,
            "Twilio: the recipient cannot be reached at present (30003)",
        ),
        ("failed", 30002, Code.PROVIDER_AUTH, "Twilio: the credentials or the account were refused (30002)"),
        ("failed", 12345, Code.PROVIDER_ERROR, "Twilio: the message was refused (12345)"),
        (
            "undelivered",
            None,
            Code.RECIPIENT_UNREACHABLE,
            "Twilio: the recipient cannot be reached at present (undelivered)",
        ),
        ("canceled", None, Code.PROVIDER_ERROR, "Twilio: the message was refused (canceled)"),
    ],
)
def test_a_failure_is_reported_with_its_code(status: str, number: int | None, code: Code, note: str) -> None:
    report = parse_twilio_status(twilio.status_form("SM1", status, NUMBER, number))
    assert report == StatusReport("SM1", Channel.SMS, State.FAILED, code, note, NUMBER, number)
    assert report.alarm is (code is Code.PROVIDER_AUTH)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageSid": "SM1"},
        {"MessageStatus": "sent"},
        twilio.status_form("SM1", "queued", NUMBER),
        twilio.status_form("SM1", "sending", NUMBER),
    ],
)
def test_what_says_nothing_new_is_no_report(form: dict[str, str]) -> None:
    assert parse_twilio_status(form) is None


def test_an_error_code_that_is_no_number_is_left_out() -> None:
    form = {**twilio.status_form("SM1", "failed", NUMBER), "ErrorCode": "²" * 30}
    report = parse_twilio_status(form)
    assert report is not None
    assert (report.code, report.provider_code) == (Code.PROVIDER_ERROR, None)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("STOP", Wish.STOP),
        (" stop. ", Wish.STOP),
        ("StopAll", Wish.STOP),
        ("UNSUBSCRIBE", Wish.STOP),
        ("cancel", Wish.STOP),
        ("END", Wish.STOP),
        ("quit", Wish.STOP),
        ("START", Wish.START),
        ("Yes!", Wish.START),
        ("please stop", Wish.NONE),
        ("", Wish.NONE),
    ],
)
def test_a_person_s_word_is_understood(text: str, wish: Wish) -> None:
    form = {"MessageSid": "SM2", "From": NUMBER, "To": SMS_FROM, "Body": text}
    assert parse_twilio_inbound(form) == Inbound(Channel.SMS, NUMBER, SMS_FROM, text, wish)
    (inbound,) = parse_meta(meta.webhook(messages=[meta.text(NUMBER[1:], text)]))
    assert inbound == Inbound(Channel.WHATSAPP, NUMBER, PHONE_NUMBER_ID, text, wish)


def test_a_status_is_no_person_s_word() -> None:
    assert parse_twilio_inbound(FORM) is None


def test_meta_s_statuses_are_reported_in_order() -> None:
    statuses = [meta.status("wamid.1", state, NUMBER[1:]) for state in ("sent", "delivered", "read")]
    assert parse_meta(meta.webhook(statuses=statuses)) == [
        StatusReport("wamid.1", Channel.WHATSAPP, state, Code.SENT, "Sent successfully", NUMBER)
        for state in (State.SENT, State.DELIVERED, State.READ)
    ]


@pytest.mark.parametrize(
    ("number", "code", "as_blocked"),
    [
        (131050, Code.SENDER_BLOCKED, False),
        (131026, Code.RECIPIENT_UNREACHABLE, False),
        (131026, Code.SENDER_BLOCKED, True),
        (131042, Code.PROVIDER_AUTH, False),
        (0, Code.PROVIDER_AUTH, False),
        (777, Code.PROVIDER_ERROR, True),
    ],
)
def test_meta_s_failures_have_their_codes(number: int, code: Code, as_blocked: bool) -> None:
    body = meta.webhook(statuses=[meta.status("wamid.1", "failed", NUMBER[1:], number)])
    (report,) = parse_meta(body, treat_131026_as_blocked=as_blocked)
    assert isinstance(report, StatusReport)
    assert (report.state, report.code, report.provider_code) == (State.FAILED, code, number)


def test_a_failure_without_a_code_is_an_error() -> None:
    (report,) = parse_meta(meta.webhook(statuses=[meta.status("wamid.1", "failed", "")]))
    assert isinstance(report, StatusReport)
    assert (report.code, report.recipient) == (Code.PROVIDER_ERROR, "")


def test_an_odd_member_does_not_hide_the_others() -> None:
    good = meta.status("wamid.1", "read", NUMBER[1:])
    statuses = [{"id": 3}, 7, meta.status("wamid.2", "warning", ""), good]
    assert [getattr(one, "provider_id", None) for one in parse_meta(meta.webhook(statuses=statuses))] == ["wamid.1"]
    body = json.loads(meta.webhook(statuses=[good]))
    body["entry"][0]["changes"].insert(0, {"value": {"statuses": 5}})
    assert len(parse_meta(json.dumps(body).encode())) == 1


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"entry":[{"changes":[{}]}]}', b"[" * 100_000])
def test_what_is_not_understood_is_empty(body: bytes) -> None:
    assert parse_meta(body) == []
