"""Escalations that leave by Meta's WhatsApp, with all that Meta may answer, at once, late, or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest

from clerestory.platform.delivery.links import CallbackLinks
from tests.families.escalation.conftest import PUBLIC_URL, Reach, reaching
from tests.families.escalation.people import LOG, Person, add, log_keys, page
from tests.standins import meta as metas
from tests.standins.clickup import ClickUp
from tests.standins.mail import Mail
from tests.standins.meta import Meta
from tests.standins.server import Answer, eventually
from tests.standins.twilio import Twilio

NUMBER = "+447772572105"
DIGITS = NUMBER.removeprefix("+")
SENT = (201, "Sent successfully")
Opened = Callable[..., AbstractAsyncContextManager[Reach]]


@pytest.fixture
def meta() -> Iterator[Meta]:
    with Meta() as standin:
        yield standin


@pytest.fixture
def opened(database_url: str, mail: Mail, twilio: Twilio, clickup: ClickUp, meta: Meta) -> Opened:
    """Opens an application that sends WhatsApp by Meta, with further settings."""

    def open_(*, jobs: bool = False, **more: Any) -> AbstractAsyncContextManager[Reach]:
        given = {
            "whatsapp_url": meta.url,
            "whatsapp_token": metas.TOKEN,
            "whatsapp_phone_number_id": metas.PHONE_NUMBER_ID,
            "whatsapp_app_secret": metas.APP_SECRET,
        }
        return reaching(database_url, (mail, twilio, clickup), jobs=jobs, **given, **more)

    return open_


@pytest.fixture
async def reach(opened: Opened) -> AsyncIterator[Reach]:
    """Charlie may be told by WhatsApp and SMS."""
    async with opened() as one:
        await add(one.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
        yield one


async def escalate(reach: Reach) -> list[tuple[str, int, str]]:
    """Each job: its platform, its result's status and message."""
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    assert answer.status_code == 201
    results = [(job["platform"], job["result"]) for job in answer.json()["data"]]
    return [(name, one["status"], (one.get("data") or one["error"])["message"]) for name, one in results]


async def report(reach: Reach, *statuses: dict[str, Any]) -> None:
    """Calls the operator's webhook, for it is the operator's number."""
    body = metas.webhook(statuses=list(statuses))
    path = reach.application.parts.find(CallbackLinks).url("whatsapp", 0).removeprefix(PUBLIC_URL)
    answer = await reach.tenant.http.post(path, content=body, headers={"X-Hub-Signature-256": metas.sign(body)})
    assert answer.status_code == 200, answer.text


async def test_a_log_goes_out_as_text(reach: Reach, meta: Meta) -> None:
    assert await escalate(reach) == [("WHATSAPP", *SENT)]
    link = f"{PUBLIC_URL}/log/{(await log_keys(reach.tenant))[0]}"
    assert [heard.json for heard in meta.heard] == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": DIGITS,
            "type": "text",
            "text": {"preview_url": False, "body": f"*MAJOR* in ExampleApp\nCritical bug detected\n{link}"},
        }
    ]


async def test_a_log_goes_out_by_the_approved_template(opened: Opened, meta: Meta) -> None:
    async with opened(whatsapp_template="alert", whatsapp_template_language="en_GB") as reach:
        await add(reach.tenant, Person("Charlie Xavier", "WHATSAPP", NUMBER))
        assert await escalate(reach) == [("WHATSAPP", *SENT)]
        link = f"{PUBLIC_URL}/log/{(await log_keys(reach.tenant))[0]}"
    text = f"*MAJOR* in ExampleApp Critical bug detected {link}"
    assert meta.heard[0].json["template"] == {
        "name": "alert",
        "language": {"code": "en_GB"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": text}]}],
    }


async def test_a_block_falls_back_and_is_remembered(reach: Reach, meta: Meta) -> None:
    meta.fail(NUMBER, 131050)
    blocked = ("WHATSAPP", 403, "The whatsapp receiver has blocked the sender. Falling back to SMS")
    assert await escalate(reach) == [blocked, ("SMS", *SENT)]
    assert await escalate(reach) == [blocked, ("SMS", *SENT)]
    assert len(meta.heard) == 1


@pytest.mark.parametrize(
    ("as_blocked", "status", "words"),
    [
        (False, 502, "The whatsapp message could not be delivered. Falling back to SMS"),
        (True, 403, "The whatsapp receiver has blocked the sender. Falling back to SMS"),
    ],
)
async def test_undeliverable_is_a_block_where_the_settings_say_so(
    opened: Opened, meta: Meta, as_blocked: bool, status: int, words: str
) -> None:
    meta.fail(NUMBER, 131026)
    async with opened(whatsapp_treat_131026_as_blocked=as_blocked) as reach:
        await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
        assert await escalate(reach) == [("WHATSAPP", status, words), ("SMS", *SENT)]


async def test_a_failure_that_the_webhook_brings_falls_back_then(opened: Opened, meta: Meta, twilio: Twilio) -> None:
    async with opened(jobs=True) as reach:
        await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
        assert await escalate(reach) == [("WHATSAPP", *SENT)]
        failed = metas.status("wamid.00000001", "failed", DIGITS, 131050)
        await report(reach, metas.status("wamid.00000001", "sent", DIGITS), failed, failed)
        for _ in eventually():
            if "Sent successfully" in await page(reach.tenant):
                break
            await asyncio.sleep(0.01)
        text = await page(reach.tenant)
        assert "The whatsapp receiver has blocked the sender. Falling back to SMS (SENDER_BLOCKED)" in text
        assert [heard.form["To"] for heard in twilio.heard] == [NUMBER]
        assert [status for _, status, _ in await escalate(reach)] == [403, 201]
        assert len(meta.heard) == 1


async def test_a_message_that_arrived_is_shown_so(reach: Reach) -> None:
    await escalate(reach)
    await report(reach, metas.status("wamid.00000001", "delivered", DIGITS))
    assert "Sent successfully, delivered" in await page(reach.tenant)


async def test_silence_falls_back_and_what_is_said_too_late_changes_nothing(reach: Reach, meta: Meta) -> None:
    reach.outbox.call_within = timedelta(seconds=0.3)
    meta.script(Answer(200, {"messages": [{"id": "wamid.late"}]}, hold=True))
    words = "The whatsapp message could not be delivered. Falling back to SMS"
    assert await escalate(reach) == [("WHATSAPP", 504, words), ("SMS", *SENT)]
    meta.release()
    await report(reach, metas.status("wamid.late", "delivered", DIGITS))
    assert f"{words} (PROVIDER_TIMEOUT)" in await page(reach.tenant)
    assert (len(meta.heard), len(reach.twilio.heard)) == (1, 1)


async def test_an_answer_after_the_answer_was_due_is_shown_on_the_page(reach: Reach, meta: Meta) -> None:
    reach.outbox.answer_within = timedelta(seconds=0.3)
    meta.script(Answer(200, {"messages": [{"id": "wamid.late"}]}, hold=True))
    words = "The whatsapp message is not confirmed yet; it goes on in the background"
    assert await escalate(reach) == [("WHATSAPP", 504, words)]
    meta.release()
    for _ in eventually():
        if "Sent successfully" in await page(reach.tenant):
            break
        await asyncio.sleep(0.01)
    assert (len(meta.heard), len(reach.twilio.heard)) == (1, 0)


async def test_too_many_at_once_are_repeated_once_and_then_fall_back(reach: Reach, meta: Meta) -> None:
    hasty = Answer(429, metas.refusal(130429, 429, "Rate limit hit").body, {"Retry-After": "0"})
    meta.script(hasty)
    assert await escalate(reach) == [("WHATSAPP", *SENT)]
    meta.script(hasty, hasty)
    words = "The whatsapp message could not be delivered. Falling back to SMS"
    assert await escalate(reach) == [("WHATSAPP", 429, words), ("SMS", *SENT)]
    assert len(meta.heard) == 4


async def test_a_refused_token_falls_back_and_alarms_the_owner(reach: Reach, meta: Meta) -> None:
    meta.script(metas.refusal(190, 401, "Error validating access token"))
    words = "The whatsapp message could not be delivered. Falling back to SMS"
    assert await escalate(reach) == [("WHATSAPP", 502, words), ("SMS", *SENT)]
    kept = await reach.scope.direct().values("SELECT subject FROM tenant.delivery_message WHERE state = 'kept'")
    assert kept == ["WhatsApp does not work"]
