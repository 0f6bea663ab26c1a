"""Mail over SMTP, against a real server by aiosmtpd."""

from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from clerestory.platform.delivery.outcome import Code, Outcome
from clerestory.platform.delivery.smtp import Security, SmtpPools, SmtpSettings
from tests.platform.delivery.mails import ANDY, BECKY, CHARLIE, RETRY, SENDER, brief, message, settings
from tests.standins.certificate import Certificate
from tests.standins.mail import Mail
from tests.standins.server import Answer, StandIn


async def test_one_mail_goes_to_all_addresses(pools: SmtpPools) -> None:
    with Mail() as mail:
        outcome = await pools.send(settings(mail), message(ANDY, BECKY))
        assert outcome == Outcome(Code.SENT, "Sent successfully", raw="250 2.0.0 Taken as 4fTq")
        (taken,) = mail.taken
        assert (taken.sender, taken.recipients) == ("ops@example.org", [ANDY, BECKY])
        assert taken.raw.decode() == snapshot("""\
From: Clerestory <ops@example.org>\r
To: undisclosed-recipients:;\r
Subject: MAJOR in shop\r
Date: Mon, 02 Mar 2026 12:00:00 +0000\r
Message-ID: <5f2e1c1c-0000-4000-8000-1234567890ab@example.org>\r
Auto-Submitted: auto-generated\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: 7bit\r
MIME-Version: 1.0\r
\r
Critical bug detected.\r
""")


async def test_an_address_named_twice_gets_one_mail(pools: SmtpPools) -> None:
    with Mail() as mail:
        await pools.send(settings(mail), message(ANDY, ANDY))
        assert mail.taken[0].recipients == [ANDY]


async def test_refused_addresses_are_named_beside_the_success(pools: SmtpPools) -> None:
    with Mail() as mail:
        mail.replies = {BECKY: "550 5.1.1 No such user", CHARLIE: "450 4.2.0 Greylisted"}
        outcome = await pools.send(settings(mail), message(ANDY, BECKY, CHARLIE, "not an address"))
        assert brief(outcome) == (Code.SENT, "Sent successfully", None)
        assert [(one.address, *brief(one.outcome), one.outcome.raw) for one in outcome.refused] == snapshot(
            [
                (
                    "not an address",
                    Code.RECIPIENT_INVALID,
                    "SMTP: this address does not exist or cannot take such a message",
                    None,
                    "",
                ),
                (
                    "becky@example.org",
                    Code.RECIPIENT_INVALID,
                    "SMTP: this address does not exist or cannot take such a message (550)",
                    None,
                    "550 5.1.1 No such user",
                ),
                (
                    "charlie@example.org",
                    Code.PROVIDER_ERROR,
                    "SMTP: the message was refused (450)",
                    timedelta(seconds=30),
                    "450 4.2.0 Greylisted",
                ),
            ]
        )
        assert mail.taken[0].recipients == [ANDY]


async def test_when_all_are_refused_alike_so_is_the_whole(pools: SmtpPools) -> None:
    with Mail() as mail:
        mail.replies = {ANDY: "450 4.2.0 Later", BECKY: "451 4.3.0 Later"}
        outcome = await pools.send(settings(mail), message(ANDY, BECKY))
        assert brief(outcome) == (Code.PROVIDER_ERROR, "SMTP: the message was refused", RETRY)
        assert [one.address for one in outcome.refused] == [ANDY, BECKY]
        assert outcome.raw == "450 4.2.0 Later\n451 4.3.0 Later"


async def test_when_all_are_refused_differently_each_has_its_own_code(pools: SmtpPools) -> None:
    with Mail() as mail:
        mail.replies = {ANDY: "550 5.1.1 Unknown", BECKY: "552 5.2.2 Full"}
        outcome = await pools.send(settings(mail), message(ANDY, BECKY))
        assert outcome.code is Code.PROVIDER_ERROR
        assert [one.outcome.code for one in outcome.refused] == [Code.RECIPIENT_INVALID, Code.RECIPIENT_UNREACHABLE]
        assert (await pools.send(settings(mail), message(CHARLIE))).code is Code.SENT
        assert mail.connections == 1


async def test_without_an_address_nobody_is_called(pools: SmtpPools) -> None:
    with Mail() as mail:
        injected = "andy@example.org>\r\nRCPT TO:<eve@example.org"
        outcome = await pools.send(settings(mail), message(injected))
        assert (outcome.code, mail.connections) == (Code.RECIPIENT_INVALID, 0)


async def test_a_sender_that_is_no_address_is_a_matter_of_configuration(pools: SmtpPools) -> None:
    given = SmtpSettings("localhost", 1, "Clerestory", trusted=True)
    outcome = await pools.send(given, message(ANDY))
    note = "SMTP: the sender of the settings is not an e-mail address"
    assert outcome == Outcome(Code.CHANNEL_NOT_CONFIGURED, note)


@pytest.mark.parametrize(
    ("sender_reply", "data_reply", "expected"),
    [
        ("550 5.1.8 Bad sender", None, (Code.PROVIDER_ERROR, "SMTP: the message was refused (550)", None)),
        (
            "530 5.7.0 Log in",
            None,
            (Code.PROVIDER_AUTH, "SMTP: the credentials or the account were refused (530)", None),
        ),
        ("452 4.3.1 Full", None, (Code.PROVIDER_ERROR, "SMTP: the message was refused (452)", RETRY)),
        (None, "554 5.7.1 Spam", (Code.PROVIDER_ERROR, "SMTP: the message was refused (554)", None)),
        (None, "451 4.7.1 Later", (Code.PROVIDER_ERROR, "SMTP: the message was refused (451)", RETRY)),
        (
            None,
            "550 5.7.1 The recipient has blocked this sender",
            (Code.SENDER_BLOCKED, "SMTP: the recipient has blocked this sender (550)", None),
        ),
    ],
)
async def test_a_mail_refused_as_a_whole_has_its_code(
    pools: SmtpPools, sender_reply: str | None, data_reply: str | None, expected: tuple[Code, str, timedelta | None]
) -> None:
    with Mail() as mail:
        mail.mail_reply, mail.data_reply = sender_reply, data_reply
        assert brief(await pools.send(settings(mail), message(ANDY))) == expected
        assert mail.taken == []


async def test_a_closed_port_can_be_tried_again(pools: SmtpPools) -> None:
    outcome = await pools.send(SmtpSettings("127.0.0.1", 1, SENDER, trusted=True), message(ANDY))
    assert brief(outcome) == (Code.PROVIDER_ERROR, "SMTP: it cannot be reached", RETRY)


async def test_a_port_out_of_range_is_told(pools: SmtpPools) -> None:
    outcome = await pools.send(SmtpSettings("127.0.0.1", 99999, SENDER, trusted=True), message(ANDY))
    assert outcome.code is Code.PROVIDER_ERROR


async def test_a_server_that_is_silent_from_the_start_is_timed_out(pools: SmtpPools) -> None:
    with StandIn() as silent:
        given = SmtpSettings("127.0.0.1", silent.port, SENDER, trusted=True)
        outcome = await pools.send(given, message(ANDY), timedelta(milliseconds=200))
        assert brief(outcome) == (Code.PROVIDER_TIMEOUT, "SMTP: no answer in time", RETRY)


async def test_silence_after_the_content_is_not_repeated(pools: SmtpPools) -> None:
    with Mail() as mail:
        mail.hold.clear()
        outcome = await pools.send(settings(mail), message(ANDY), timedelta(milliseconds=300))
        assert brief(outcome) == (Code.PROVIDER_TIMEOUT, "SMTP: no answer in time", None)
        mail.hold.set()
        assert (await pools.send(settings(mail), message(BECKY))).code is Code.SENT


async def test_something_else_than_a_mail_server_is_told(pools: SmtpPools, localhost: Certificate) -> None:
    with StandIn() as web:
        web.script(Answer(200))
        given = SmtpSettings("127.0.0.1", web.port, SENDER, security=Security.TLS, trusted=True)
        outcome = await pools.send(given, message(ANDY), timedelta(seconds=2))
        assert outcome.code in (Code.PROVIDER_ERROR, Code.PROVIDER_TIMEOUT)
        assert outcome.refused == ()


async def test_a_tenant_s_server_inside_is_not_called(pools: SmtpPools) -> None:
    with Mail() as mail:
        for host in ("127.0.0.1", "localhost", "::ffff:127.0.0.1", "2130706433"):
            outcome = await pools.send(SmtpSettings(host, mail.port, SENDER), message(ANDY))
            note = "SMTP: its address is not public, so it may not be called"
            assert brief(outcome) == (Code.PROVIDER_ERROR, note, None)
        assert mail.connections == 0


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it(pools: SmtpPools) -> None:
    with Mail() as mail:
        outcome = await pools.send(settings(mail), message(ANDY, "jürgen@example.org", "post@münchen.example"))
        note = "SMTP: the mail server takes no address with such characters"
        assert [(one.address, one.outcome.note) for one in outcome.refused] == [("jürgen@example.org", note)]
        assert mail.taken[0].recipients == [ANDY, "post@xn--mnchen-3ya.example"]
    with Mail(utf8=True) as mail:
        outcome = await pools.send(settings(mail), message("jürgen@example.org"))
        assert (outcome.code, mail.taken[0].recipients) == (Code.SENT, ["jürgen@example.org"])
