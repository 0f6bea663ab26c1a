"""Who is told by which channel, what follows a failure, and what is said of it: rules without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.escalation.intake.model import cut_trace
from clerestory.families.escalation.members.model import SEVERITIES, Member, Severity
from clerestory.families.escalation.notify.model import Job, Result, Told, fall_back, masked, plan, result
from clerestory.kernel.channels import Channel, Code

EMAIL, SMS, WHATSAPP = Channel.EMAIL, Channel.SMS, Channel.WHATSAPP
NUMBER = "+447772572105"
EVERY = frozenset(Channel)


def member(id: int, *by: Channel, phone: str | None = NUMBER, wants: tuple[Severity, ...] = SEVERITIES) -> Member:
    email = f"m{id}@x.org"
    return Member(id, f"M {id}", "", email, email, phone, frozenset(by), frozenset(wants))


def test_a_mail_is_one_job_and_a_number_is_one_job() -> None:
    members = [member(1, EMAIL, WHATSAPP), member(2, WHATSAPP), member(3, EMAIL, SMS, WHATSAPP)]
    assert plan(Severity.MAJOR, members, EVERY) == [
        Job(EMAIL, ("m1@x.org", "m3@x.org"), (1, 3)),
        Job(WHATSAPP, (NUMBER,), (1, 2, 3)),
    ]


def test_whoever_has_no_whatsapp_is_told_by_sms_after_the_others() -> None:
    members = [member(1, SMS), member(2, WHATSAPP, phone="+447772572106"), member(3, SMS, phone="+447772572107")]
    assert plan(Severity.LOW, members, EVERY) == [
        Job(WHATSAPP, ("+447772572106",), (2,)),
        Job(SMS, (NUMBER,), (1,)),
        Job(SMS, ("+447772572107",), (3,)),
    ]


def test_a_preference_is_a_set_and_no_threshold() -> None:
    assert plan(Severity.CRITICAL, [member(1, EMAIL, wants=(Severity.MAJOR,))], EVERY) == []


@pytest.mark.parametrize("by", [(), (SMS,), (WHATSAPP,)])
def test_without_consent_or_number_nobody_is_told(by: tuple[Channel, ...]) -> None:
    assert plan(Severity.CRITICAL, [member(1, *by, phone=None)], EVERY) == []


def test_a_channel_that_is_off_is_passed_over() -> None:
    members = [member(1, EMAIL, SMS, WHATSAPP)]
    assert plan(Severity.MAJOR, members, {SMS}) == [Job(SMS, (NUMBER,), (1,))]


def test_a_failed_whatsapp_falls_back_to_sms_and_for_the_others_to_mail() -> None:
    members = [member(1, SMS, WHATSAPP), member(2, EMAIL, WHATSAPP), member(3, WHATSAPP)]
    failed = Job(WHATSAPP, (NUMBER,), (1, 2, 3))
    told = [Told(one.id, WHATSAPP, NUMBER) for one in members]
    assert fall_back(failed, members, told, EVERY) == [Job(SMS, (NUMBER,), (1,)), Job(EMAIL, ("m2@x.org",), (2,))]


def test_whoever_had_the_mail_already_gets_no_second_one() -> None:
    members = [member(1, EMAIL, WHATSAPP)]
    told = [Told(1, EMAIL, "m1@x.org"), Told(1, WHATSAPP, NUMBER)]
    assert fall_back(Job(WHATSAPP, (NUMBER,), (1,)), members, told, EVERY) == []


def test_a_number_that_had_the_sms_from_another_gets_no_second_one() -> None:
    members = [member(1, SMS, WHATSAPP), member(2, SMS)]
    told = [Told(1, WHATSAPP, NUMBER), Told(2, SMS, NUMBER)]
    assert fall_back(Job(WHATSAPP, (NUMBER,), (1,)), members, told, EVERY) == []


def test_a_failed_sms_falls_back_to_mail_and_a_failed_mail_to_nothing() -> None:
    members = [member(1, EMAIL, SMS)]
    sms = fall_back(Job(SMS, (NUMBER,), (1,)), members, [Told(1, SMS, NUMBER)], EVERY)
    assert sms == [Job(EMAIL, ("m1@x.org",), (1,))]
    assert fall_back(Job(EMAIL, ("m1@x.org",), (1,)), members, [Told(1, EMAIL, "m1@x.org")], EVERY) == []


@given(
    st.lists(st.tuples(st.sets(st.sampled_from(list(Channel))), st.sampled_from([None, NUMBER, "+447772572106"]))),
    st.sampled_from(SEVERITIES),
    st.sets(st.sampled_from(list(Channel))),
)
def test_however_much_fails_nobody_is_told_twice_by_a_channel_or_without_consent(
    people: list[tuple[set[Channel], str | None]], severity: Severity, channels: set[Channel]
) -> None:
    members = [member(id, *by, phone=phone) for id, (by, phone) in enumerate(people)]
    by_id = {one.id: one for one in members}
    waiting = plan(severity, members, channels)
    told: list[Told] = []
    fresh = waiting
    while waiting:
        for job in fresh:
            for person in job.people:
                assert by_id[person].allows(job.channel)
                assert job.channel in channels
                told.append(Told(person, job.channel, by_id[person].address(job.channel) or ""))
        assert len({(one.person, one.channel) for one in told}) == len(told)
        fresh = fall_back(waiting.pop(), members, told, channels)
        waiting = fresh + waiting


def test_a_block_is_worded_as_documented() -> None:
    expected = Result(403, "The whatsapp receiver has blocked the sender. Falling back to SMS", Code.SENDER_BLOCKED)
    assert result(WHATSAPP, Code.SENDER_BLOCKED, "Twilio: blocked", SMS) == expected
    last = Result(403, "The sms receiver has blocked the sender", Code.SENDER_BLOCKED)
    assert result(SMS, Code.SENDER_BLOCKED, "Twilio: blocked", None) == last


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (Code.RECIPIENT_INVALID, 404),
        (Code.RECIPIENT_UNREACHABLE, 502),
        (Code.CHANNEL_NOT_CONFIGURED, 503),
        (Code.PROVIDER_RATE_LIMITED, 429),
        (Code.PROVIDER_AUTH, 502),
        (Code.PROVIDER_ERROR, 502),
        (Code.PROVIDER_TIMEOUT, 504),
    ],
)
def test_every_failure_has_its_status_and_falls_back(code: Code, status: int) -> None:
    words = "The sms message could not be delivered. Falling back to EMAIL"
    assert result(SMS, code, "Twilio: no", EMAIL) == Result(status, words, code, "Twilio: no")


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [(EMAIL, "andy@example.org", "a•••@example.org"), (SMS, NUMBER, "+44•••105"), (WHATSAPP, NUMBER, "+44•••105")],
)
def test_a_masked_address_says_nothing_to_a_stranger(channel: Channel, address: str, shown: str) -> None:
    assert masked(channel, address) == shown


@given(st.text(max_size=3000))
def test_a_trace_keeps_its_end(trace: str) -> None:
    kept = cut_trace(trace)
    clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in trace if c != "\0")
    assert len(kept) <= 1024
    assert clean.endswith(kept)
    assert kept == clean or len(kept) == 1024


@pytest.mark.parametrize(
    ("trace", "kept"),
    [
        ("", ""),
        ("x" * 1024, "x" * 1024),
        ("a" + "x" * 1024, "x" * 1024),
        ("\N{GRINNING FACE}" * 1025, "\N{GRINNING FACE}" * 1024),
        ("\0" + "x" * 1024, "x" * 1024),
        ("  \n", "  \n"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_a_trace_is_cut_by_code_points_after_it_was_cleaned(trace: str, kept: str) -> None:
    assert cut_trace(trace) == kept
