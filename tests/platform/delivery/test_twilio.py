"""SMS and WhatsApp through Twilio, against a stand-in that speaks as Twilio does."""

from datetime import timedelta

import httpx
import pytest
from inline_snapshot import snapshot

from clerestory.platform.delivery import twilio as transport
from clerestory.platform.delivery.outcome import Channel, Code, Outcome, Outgoing
from clerestory.platform.delivery.twilio import TwilioSettings
from tests.platform.delivery.conftest import NUMBER, phone_message
from tests.standins.server import Answer
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, SMS_FROM, Twilio, refusal

SHORT = timedelta(milliseconds=200)
SERVICE = "MG" + "a" * 32


def settings(twilio: Twilio, **changes: str | None) -> TwilioSettings:
    given = {"sms_from": SMS_FROM, "whatsapp_from": SMS_FROM, "whatsapp_content_sid": None, **changes}
    return TwilioSettings(
        ACCOUNT_SID,
        given.get("auth_token") or AUTH_TOKEN,
        sms_from=given["sms_from"],
        whatsapp_from=given["whatsapp_from"],
        whatsapp_content_sid=given["whatsapp_content_sid"],
        url=given.get("url") or twilio.url,
    )


def brief(outcome: Outcome) -> tuple[Code, str, timedelta | None]:
    return outcome.code, outcome.note, outcome.retry_after


async def test_an_sms_is_accepted_and_its_sid_kept(client: httpx.AsyncClient, twilio: Twilio) -> None:
    message = phone_message(Channel.SMS, callback="https://clerestory.example/callbacks/twilio/1")
    outcome = await transport.send(client, settings(twilio), message)
    assert brief(outcome) == (Code.SENT, "Sent successfully", None)
    assert outcome.provider_id == "SM" + "0" * 31 + "1"
    assert outcome.raw.startswith("HTTP 201\n{")
    (heard,) = twilio.heard
    assert heard.form == snapshot(
        {
            "To": "+447772572105",
            "From": "+15005550006",
            "Body": "Critical bug detected",
            "StatusCallback": "https://clerestory.example/callbacks/twilio/1",
        }
    )


async def test_a_messaging_service_takes_the_place_of_the_number(client: httpx.AsyncClient, twilio: Twilio) -> None:
    await transport.send(client, settings(twilio, sms_from=SERVICE), phone_message(Channel.SMS))
    assert twilio.heard[0].form == {"To": NUMBER, "MessagingServiceSid": SERVICE, "Body": "Critical bug detected"}


async def test_whatsapp_addresses_carry_the_channel(client: httpx.AsyncClient, twilio: Twilio) -> None:
    await transport.send(client, settings(twilio), phone_message(Channel.WHATSAPP))
    assert twilio.heard[0].form == {
        "To": f"whatsapp:{NUMBER}",
        "From": f"whatsapp:{SMS_FROM}",
        "Body": "Critical bug detected",
    }


async def test_a_template_is_filled_with_single_lines(client: httpx.AsyncClient, twilio: Twilio) -> None:
    message = phone_message(Channel.WHATSAPP, "Broken:\n\tthe  mill")
    await transport.send(client, settings(twilio, whatsapp_content_sid="HX01"), message)
    form = twilio.heard[0].form
    assert form["ContentSid"] == "HX01"
    assert form["ContentVariables"] == '{"1":"Broken: the mill"}'
    assert "Body" not in form


async def test_a_body_is_cut_at_1600_characters(client: httpx.AsyncClient, twilio: Twilio) -> None:
    await transport.send(client, settings(twilio), phone_message(Channel.SMS, "é" * 2000))
    assert twilio.heard[0].form["Body"] == "é" * 1600


async def test_what_no_wire_can_carry_is_replaced(client: httpx.AsyncClient, twilio: Twilio) -> None:
    await transport.send(client, settings(twilio), phone_message(Channel.SMS, "a\ud800b\0c"))
    assert twilio.heard[0].form["Body"] == "a\ufffdbc"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (21610, Code.SENDER_BLOCKED),
        (63014, Code.SENDER_BLOCKED),
        (30004, Code.SENDER_BLOCKED),
        (63016, Code.PROVIDER_ERROR),
        (63024, Code.RECIPIENT_UNREACHABLE),
        (63003, Code.RECIPIENT_UNREACHABLE),
        (63005, Code.PROVIDER_ERROR),
        (63013, Code.PROVIDER_ERROR),
        (63032, Code.RECIPIENT_UNREACHABLE),
        (63049, Code.RECIPIENT_UNREACHABLE),
        (63018, Code.PROVIDER_RATE_LIMITED),
        (20429, Code.PROVIDER_RATE_LIMITED),
        (30001, Code.PROVIDER_RATE_LIMITED),
        (30003, Code.RECIPIENT_UNREACHABLE),
        (30005, Code.RECIPIENT_UNREACHABLE),
        (30006, Code.RECIPIENT_UNREACHABLE),
        (30008, Code.RECIPIENT_UNREACHABLE),
        (30007, Code.PROVIDER_ERROR),
        (21211, Code.RECIPIENT_INVALID),
        (21614, Code.RECIPIENT_INVALID),
        (21612, Code.RECIPIENT_INVALID),
        (21408, Code.RECIPIENT_INVALID),
        (20003, Code.PROVIDER_AUTH),
        (30002, Code.PROVIDER_AUTH),
        (29999, Code.PROVIDER_ERROR),
    ],
)
async def test_each_code_of_twilio_has_its_meaning(
    client: httpx.AsyncClient, twilio: Twilio, number: int, code: Code
) -> None:
    twilio.fail(NUMBER, number)
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert outcome.code is code
    assert outcome.note.endswith(f"({number})")
    assert outcome.alarm is (code is Code.PROVIDER_AUTH)
    assert (outcome.retry_after is not None) is (code is Code.PROVIDER_RATE_LIMITED)
    assert NUMBER not in outcome.note


async def test_a_block_is_told_in_our_words(client: httpx.AsyncClient, twilio: Twilio) -> None:
    twilio.fail(NUMBER, 21610)
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert brief(outcome) == (Code.SENDER_BLOCKED, "Twilio: the recipient has blocked this sender (21610)", None)


async def test_an_error_inside_a_201_is_an_error(client: httpx.AsyncClient, twilio: Twilio) -> None:
    twilio.script(Answer(201, {"sid": "SM1", "status": "failed", "error_code": 30004}))
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert (outcome.code, outcome.provider_id) == (Code.SENDER_BLOCKED, "SM1")


async def test_too_many_requests_obey_retry_after(client: httpx.AsyncClient, twilio: Twilio) -> None:
    limited = refusal(20429, 429, "Too Many Requests")
    twilio.script(Answer(429, limited.body, {"Retry-After": "7"}))
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert brief(outcome) == (
        Code.PROVIDER_RATE_LIMITED,
        "Twilio: too many messages at once (20429)",
        timedelta(seconds=7),
    )


async def test_wrong_credentials_alarm_and_are_not_shown(client: httpx.AsyncClient, twilio: Twilio) -> None:
    wrong = "wrong+token/with=signs"
    echoed = {"code": 20003, "message": f"Authenticate with {wrong}", "more_info": "wrong%2Btoken%2Fwith%3Dsigns"}
    twilio.script(Answer(401, echoed))
    given = settings(twilio, auth_token=wrong)
    outcome = await transport.send(client, given, phone_message(Channel.SMS))
    assert (outcome.code, outcome.alarm) == (Code.PROVIDER_AUTH, True)
    assert outcome.raw == ('HTTP 401\n{"code": 20003, "message": "Authenticate with [cut]", "more_info": "[cut]"}')
    assert wrong not in repr(outcome) + repr(given)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, Code.PROVIDER_ERROR),
        (401, Code.PROVIDER_AUTH),
        (403, Code.PROVIDER_AUTH),
        (404, Code.PROVIDER_ERROR),
        (429, Code.PROVIDER_RATE_LIMITED),
        (500, Code.PROVIDER_ERROR),
        (200, Code.PROVIDER_ERROR),
    ],
)
async def test_an_answer_that_is_not_json_is_judged_by_its_status(
    client: httpx.AsyncClient, twilio: Twilio, status: int, code: Code
) -> None:
    twilio.script(Answer(status, "<html>Somebody else's page</html>", {"Location": twilio.url}))
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert outcome.code is code
    assert outcome.note.endswith(f"(HTTP {status})")
    assert len(twilio.heard) == 1


async def test_a_silent_provider_is_timed_out_and_not_asked_again(client: httpx.AsyncClient, twilio: Twilio) -> None:
    twilio.script(Answer(hold=True))
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS), SHORT)
    assert outcome == Outcome(Code.PROVIDER_TIMEOUT, "Twilio: no answer in time")


async def test_a_broken_connection_may_have_sent(client: httpx.AsyncClient, twilio: Twilio) -> None:
    twilio.script(Answer(drop=True))
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert brief(outcome) == (Code.PROVIDER_ERROR, "Twilio: the connection broke before an answer", None)


async def test_a_refused_connection_has_sent_nothing(client: httpx.AsyncClient, twilio: Twilio) -> None:
    closed = settings(twilio, url="http://127.0.0.1:1")
    outcome = await transport.send(client, closed, phone_message(Channel.SMS))
    assert brief(outcome) == (Code.PROVIDER_ERROR, "Twilio: it cannot be reached", timedelta(seconds=1))


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://127.0.0.1:99999", "http://127.0.0.1/\ud800", "nonsense"])
async def test_a_url_that_is_none_is_told(client: httpx.AsyncClient, twilio: Twilio, url: str) -> None:
    outcome = await transport.send(client, settings(twilio, url=url), phone_message(Channel.SMS))
    assert brief(outcome) == (Code.PROVIDER_ERROR, "Twilio: its address is not a valid URL", None)


async def test_a_channel_without_sender_is_not_configured(client: httpx.AsyncClient, twilio: Twilio) -> None:
    outcome = await transport.send(client, settings(twilio, whatsapp_from=None), phone_message(Channel.WHATSAPP))
    assert brief(outcome) == (
        Code.CHANNEL_NOT_CONFIGURED,
        "Twilio: no sender is configured for this channel",
        None,
    )
    assert twilio.heard == []


async def test_a_huge_answer_is_cut_to_4_kib(client: httpx.AsyncClient, twilio: Twilio) -> None:
    twilio.script(Answer(500, "€" * 3_000_000))
    outcome = await transport.send(client, settings(twilio), phone_message(Channel.SMS))
    assert len(outcome.raw.encode()) <= 4096
    assert set(outcome.raw.removeprefix("HTTP 500\n")) == {"€"}


async def test_two_recipients_on_a_phone_channel_are_a_bug(client: httpx.AsyncClient, twilio: Twilio) -> None:
    message = Outgoing(Channel.SMS, (NUMBER, SMS_FROM), "", "Twice", "id")
    with pytest.raises(ValueError, match="too many values"):
        await transport.send(client, settings(twilio), message)
