"""What a provider reports after the answer: the fallback starts then, once, and the page shows it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from clerestory.platform.delivery.links import CallbackLinks
from tests.families.escalation.conftest import Reach, reaching
from tests.families.escalation.people import LOG, Person, add, page
from tests.standins.clickup import ClickUp
from tests.standins.mail import Mail
from tests.standins.server import eventually
from tests.standins.twilio import Twilio, sign, status_form

NUMBER = "+447772572105"


@pytest.fixture
async def working(database_url: str, mail: Mail, twilio: Twilio, clickup: ClickUp) -> AsyncIterator[Reach]:
    """Reaches people, and runs its jobs."""
    async with reaching(database_url, (mail, twilio, clickup), jobs=True) as reach:
        yield reach


async def report(reach: Reach, sid: str, status: str, code: int | None = None) -> None:
    url = reach.twilio.heard[0].form["StatusCallback"]
    form = status_form(sid, status, f"whatsapp:{NUMBER}", code)
    path = url.partition("clerestory.test")[2]
    answer = await reach.tenant.http.post(path, data=form, headers={"X-Twilio-Signature": sign(url, form)})
    assert answer.status_code < 300, answer.text


async def test_a_late_block_falls_back_then_and_is_remembered(working: Reach) -> None:
    await add(working.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await working.tenant.http.post("/escalate", json=LOG)
    sid = f"SM{1:032x}"
    await report(working, sid, "undelivered", 63014)
    await report(working, sid, "undelivered", 63014)
    for _ in eventually():
        if len(working.twilio.heard) > 1 and "Being sent" not in await page(working.tenant):
            break
        await asyncio.sleep(0.01)
    text = await page(working.tenant)
    assert [heard.form["To"] for heard in working.twilio.heard] == [f"whatsapp:{NUMBER}", NUMBER]
    assert "The whatsapp receiver has blocked the sender. Falling back to SMS (SENDER_BLOCKED)" in text
    assert "Sent successfully" in text
    answer = await working.tenant.http.post("/escalate", json=LOG)
    assert [one["result"]["status"] for one in answer.json()["data"]] == [403, 201]


async def test_the_callback_of_one_tenant_is_not_the_neighbours(working: Reach) -> None:
    links = working.application.parts.find(CallbackLinks)
    assert links.token(working.tenant.tenant.id) != links.token(working.tenant.tenant.id + 1)
