"""WhatsApp through Meta's Cloud API, against a stand-in that speaks as Meta does."""

from datetime import timedelta

import httpx
import pytest
from inline_snapshot import snapshot

from clerestory.platform.delivery import whatsapp as transport
from clerestory.platform.delivery.outcome import Channel, Code, Outcome, Outgoing
from clerestory.platform.delivery.whatsapp import WhatsAppSettings
from tests.platform.delivery.conftest import NUMBER, phone_message
from tests.standins.meta import APP_SECRET, PHONE_NUMBER_ID, TOKEN, Meta, refusal
from tests.standins.server import Answer


def settings(meta: Meta, *, token: str = TOKEN, template: str | None = None, blocked: bool = False) -> WhatsAppSettings:
    return WhatsAppSettings(
        token,
        PHONE_NUMBER_ID,
        app_secret=APP_SECRET,
        template=template,
        template_language="en_GB",
        treat_131026_as_blocked=blocked,
        url=meta.url,
    )


async def test_a_text_is_accepted_and_its_id_kept(client: httpx.AsyncClient, meta: Meta) -> None:
    outcome = await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP))
    assert (outcome.code, outcome.note, outcome.provider_id) == (Code.SENT, "Sent successfully", "wamid.00000001")
    assert meta.heard[0].json == snapshot(
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "447772572105",
            "type": "text",
            "text": {"preview_url": False, "body": "Critical bug detected"},
        }
    )


async def test_a_template_takes_the_parameters_as_single_lines(client: httpx.AsyncClient, meta: Meta) -> None:
    message = Outgoing(Channel.WHATSAPP, (NUMBER,), "", "unused", "id", parameters=("MAJOR", "a\n\tb    c"))
    await transport.send(client, settings(meta, template="alert"), message)
    assert meta.heard[0].json == snapshot(
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "447772572105",
            "type": "template",
            "template": {
                "name": "alert",
                "language": {"code": "en_GB"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": "MAJOR"}, {"type": "text", "text": "a b c"}],
                    }
                ],
            },
        }
    )


async def test_a_body_is_cut_at_4096_characters(client: httpx.AsyncClient, meta: Meta) -> None:
    await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP, "x" * 5000))
    assert meta.heard[0].json["text"]["body"] == "x" * 4096


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([131050], Code.SENDER_BLOCKED),
        ([131026, 131049, 130472], Code.RECIPIENT_UNREACHABLE),
        ([131047, 100, 131008, 131009, 131051, 132000, 132001, 1, 2, 131000, 131016], Code.PROVIDER_ERROR),
        ([131056, 130429, 4, 80007, 131048], Code.PROVIDER_RATE_LIMITED),
        ([131021, 131030], Code.RECIPIENT_INVALID),
        ([0, 3, 10, 190, 200, 299, 368, 131031, 131042], Code.PROVIDER_AUTH),
        ([300, 999999], Code.PROVIDER_ERROR),
    ],
)
async def test_each_code_of_meta_has_its_meaning(
    client: httpx.AsyncClient, meta: Meta, numbers: list[int], code: Code
) -> None:
    retried = {1, 2, 131000, 131016, 130429, 4, 80007}
    for number in numbers:
        meta.fail(NUMBER, number)
        outcome = await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP))
        assert (outcome.code, number) == (code, number)
        assert outcome.note.endswith(f"({number})")
        assert outcome.alarm is (code is Code.PROVIDER_AUTH)
        assert (outcome.retry_after is not None) is (number in retried)


async def test_undeliverable_means_blocked_where_the_organisation_wants_so(
    client: httpx.AsyncClient, meta: Meta
) -> None:
    meta.fail(NUMBER, 131026)
    outcome = await transport.send(client, settings(meta, blocked=True), phone_message(Channel.WHATSAPP))
    assert outcome.code is Code.SENDER_BLOCKED
    assert outcome.note == "WhatsApp: the recipient has blocked this sender (131026)"


async def test_the_code_counts_and_not_the_status(client: httpx.AsyncClient, meta: Meta) -> None:
    meta.script(Answer(500, refusal(190, 500, "Expired").body))
    outcome = await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP))
    assert outcome.code is Code.PROVIDER_AUTH


async def test_a_wrong_token_alarms_and_is_not_shown(client: httpx.AsyncClient, meta: Meta) -> None:
    wrong = "EAAwrong"
    meta.script(Answer(401, refusal(190, 401, f"Token {wrong} of app {APP_SECRET} expired").body))
    given = settings(meta, token=wrong)
    outcome = await transport.send(client, given, phone_message(Channel.WHATSAPP))
    assert (outcome.code, outcome.alarm) == (Code.PROVIDER_AUTH, True)
    assert "Token [cut] of app [cut] expired" in outcome.raw
    assert not any(secret in repr(outcome) + repr(given) for secret in (wrong, APP_SECRET))


@pytest.mark.parametrize(
    ("status", "code", "retried"),
    [
        (200, Code.PROVIDER_ERROR, False),
        (401, Code.PROVIDER_AUTH, False),
        (429, Code.PROVIDER_RATE_LIMITED, True),
        (502, Code.PROVIDER_ERROR, False),
    ],
)
async def test_an_answer_that_is_not_json_is_judged_by_its_status(
    client: httpx.AsyncClient, meta: Meta, status: int, code: Code, retried: bool
) -> None:
    meta.script(Answer(status, b"\xff<html>"))
    outcome = await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP))
    assert (outcome.code, outcome.retry_after is not None) == (code, retried)
    assert outcome.note.endswith(f"(HTTP {status})")


async def test_nesting_without_end_is_only_an_answer_not_understood(client: httpx.AsyncClient, meta: Meta) -> None:
    meta.script(Answer(200, '{"messages":' + "[" * 100_000))
    outcome = await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP))
    assert outcome.code is Code.PROVIDER_ERROR


async def test_a_silent_provider_is_timed_out(client: httpx.AsyncClient, meta: Meta) -> None:
    meta.script(Answer(hold=True))
    outcome = await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP), timedelta(milliseconds=200))
    assert outcome == Outcome(Code.PROVIDER_TIMEOUT, "WhatsApp: no answer in time")


async def test_connections_are_reused(client: httpx.AsyncClient, meta: Meta) -> None:
    for _ in range(3):
        await transport.send(client, settings(meta), phone_message(Channel.WHATSAPP))
    assert (len(meta.heard), meta.connections) == (3, 1)
