"""POST /escalate in PROD: mail, WhatsApp, SMS, what falls back, and what the answer says of it."""

import asyncio
from datetime import timedelta

from clerestory.families.escalation.notify.follow import RECEIPT_TASK
from clerestory.families.escalation.notify.late import heard, missed
from clerestory.platform import delivery
from clerestory.platform.delivery import MessageId, Sender
from tests.families.escalation.conftest import PUBLIC_URL, Reach
from tests.families.escalation.people import LOG, Person, add, log_keys, page
from tests.standins.server import Answer, eventually
from tests.standins.twilio import refusal

NUMBER = "+447772572105"
OTHER = "+447772572106"
SENT = {"status": 201, "data": {"message": "Sent successfully"}}
BLOCKED = {
    "status": 403,
    "error": {
        "code": "SENDER_BLOCKED",
        "message": "The whatsapp receiver has blocked the sender. Falling back to SMS",
        "details": "",
    },
}


def job(platform: str, recipients: object, result: object) -> dict[str, object]:
    return {"platform": platform, "recipients": recipients, "result": result}


async def test_the_documented_example_is_answered_as_printed(reach: Reach) -> None:
    await add(
        reach.tenant,
        Person("Andy Zane", "EMAIL WHATSAPP", NUMBER),
        Person("Becky Yates", "EMAIL WHATSAPP", NUMBER),
        Person("Charlie Xavier", "EMAIL SMS WHATSAPP", NUMBER),
    )
    reach.twilio.script(refusal(63014, 400, "Blocked"))
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    mails = ["andy@example.org", "becky@example.org", "charlie@example.org"]
    data = [job("EMAIL", [mails], SENT), job("WHATSAPP", [NUMBER], BLOCKED), job("SMS", [NUMBER], SENT)]
    assert (answer.status_code, answer.json()) == (201, {"status": 201, "data": data, "code": 201})
    (taken,) = reach.mail.taken
    assert sorted(taken.recipients) == mails
    assert taken.mail["Subject"] == "[MAJOR] ExampleApp: Critical bug detected"
    (key,) = await log_keys(reach.tenant)
    link = f"{PUBLIC_URL}/log/{key}"
    assert link in taken.mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has both
    assert link in taken.mail.get_body(("html",)).get_content()  # type: ignore[union-attr]  # it has both
    whatsapp, sms = (one.form for one in reach.twilio.heard)
    assert (whatsapp["To"], sms["To"]) == (f"whatsapp:{NUMBER}", NUMBER)
    assert sms["Body"] == f"MAJOR ExampleApp: Critical bug detected {link}"


async def test_a_block_is_remembered_and_the_next_time_nobody_is_asked(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    reach.twilio.script(refusal(63014, 400, "Blocked"))
    await reach.tenant.http.post("/escalate", json=LOG)
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    assert answer.json()["data"] == [job("WHATSAPP", [NUMBER], BLOCKED), job("SMS", [NUMBER], SENT)]
    assert [one.form["To"] for one in reach.twilio.heard] == [f"whatsapp:{NUMBER}", NUMBER, NUMBER]


async def test_every_failure_falls_back_down_to_mail(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER), Person("Eve Moss", "EMAIL SMS", OTHER))
    reach.twilio.fail(NUMBER, 21211)
    answer = await reach.tenant.http.post("/escalate", json={**LOG, "severity": "LOW"})

    def failed(channel: str, following: str) -> dict[str, object]:
        details = "Twilio: this address does not exist or cannot take such a message (21211)"
        message = f"The {channel} message could not be delivered{following}"
        return {"status": 404, "error": {"code": "RECIPIENT_INVALID", "message": message, "details": details}}

    assert answer.json()["data"] == [
        job("EMAIL", [["eve@example.org"]], SENT),
        job("WHATSAPP", [NUMBER], failed("whatsapp", ". Falling back to SMS")),
        job("SMS", [NUMBER], failed("sms", "")),
        job("SMS", [OTHER], SENT),
    ]


async def test_a_failed_sms_falls_back_to_the_mail_of_whoever_had_none(reach: Reach) -> None:
    (dora,) = await add(reach.tenant, Person("Dora Field", "SMS", NUMBER))
    reach.twilio.fail(NUMBER, 30006)
    # Consent to mail comes between the plan and the failure, so mail was no first choice.
    reach.twilio.script(Answer(400, {"code": 21614, "message": "no", "status": 400}, hold=True))
    asking = asyncio.create_task(reach.tenant.http.post("/escalate", json=LOG))
    for _ in eventually():
        if reach.twilio.heard:
            break
        await asyncio.sleep(0.01)
    consents = {"EMAIL": True, "SMS": True, "WHATSAPP": False}
    contacts = (await reach.tenant.http.get(f"/api/v1/escalation/contacts/?person={dora}")).json()["results"]
    await reach.tenant.http.patch(f"/api/v1/escalation/contacts/{contacts[0]['id']}/", json={"consents": consents})
    reach.twilio.release()
    answer = await asking
    platforms = [(one["platform"], one["result"]["status"]) for one in answer.json()["data"]]
    assert platforms == [("SMS", 404), ("EMAIL", 201)]
    assert "Falling back to EMAIL" in answer.text


async def test_a_consent_that_was_withdrawn_meanwhile_is_respected(reach: Reach) -> None:
    (charlie,) = await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    reach.twilio.script(Answer(400, {"code": 63024, "message": "no", "status": 400}, hold=True))
    asking = asyncio.create_task(reach.tenant.http.post("/escalate", json=LOG))
    for _ in eventually():
        if reach.twilio.heard:
            break
        await asyncio.sleep(0.01)
    (contact,) = (await reach.tenant.http.get(f"/api/v1/escalation/contacts/?person={charlie}")).json()["results"]
    consents = {"EMAIL": False, "SMS": False, "WHATSAPP": True}
    await reach.tenant.http.patch(f"/api/v1/escalation/contacts/{contact['id']}/", json={"consents": consents})
    reach.twilio.release()
    assert [one["platform"] for one in (await asking).json()["data"]] == ["WHATSAPP"]


async def test_a_mail_that_some_refuse_is_sent_and_the_refused_stand_on_the_page(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"), Person("Becky Yates", "EMAIL"))
    reach.mail.replies["becky@example.org"] = "550 5.1.1 No such user"
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    assert answer.json()["data"] == [job("EMAIL", [["andy@example.org", "becky@example.org"]], SENT)]
    assert "Sent successfully; refused for b•••@example.org" in await page(reach.tenant)


async def test_who_said_later_stands_on_the_page_until_the_mail_got_through(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"), Person("Becky Yates", "EMAIL"))
    reach.mail.replies["becky@example.org"] = "451 4.7.1 Greylisted"
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    assert answer.json()["data"] == [job("EMAIL", [["andy@example.org", "becky@example.org"]], SENT)]
    assert "Sent successfully; tried again for b•••@example.org" in await page(reach.tenant)
    reach.mail.replies.clear()
    reach.clock.turn(timedelta(minutes=1))
    await reach.application.parts.find(Sender).retry(reach.scope, MessageId(1))
    text = await page(reach.tenant)
    assert ("Sent successfully" in text, "tried again" in text) == (True, False)
    assert [taken.recipients for taken in reach.mail.taken] == [["andy@example.org"], ["becky@example.org"]]


async def test_a_mail_that_is_tried_again_is_not_failed_yet(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    reach.mail.data_reply = "451 4.3.0 Try again later"
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    error = {
        "code": "PROVIDER_TIMEOUT",
        "message": "The email message is not confirmed yet; it goes on in the background",
        "details": "",
    }
    assert answer.json()["data"] == [job("EMAIL", [["andy@example.org"]], {"status": 504, "error": error})]
    assert "It is tried again" in await page(reach.tenant)
    reach.mail.data_reply = None
    reach.clock.turn(timedelta(minutes=1))
    await reach.application.parts.find(Sender).retry(reach.scope, MessageId(1))
    message = await delivery.read(reach.scope.direct(), MessageId(1))
    assert message is not None
    await heard(reach.scope, message)
    assert "Sent successfully" in await page(reach.tenant)
    assert await reach.scope.direct().values("SELECT settled FROM tenant.escalation_job") == [True]


async def test_what_is_not_done_when_the_answer_is_due_goes_on_behind_it(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"), Person("Dora Field", "SMS", NUMBER))
    reach.outbox.answer_within = timedelta(seconds=0.5)
    reach.twilio.script(Answer(201, {"sid": "SM" + "0" * 32, "status": "queued"}, hold=True))
    answer = await reach.tenant.http.post("/escalate", json=LOG)
    error = {
        "code": "PROVIDER_TIMEOUT",
        "message": "The sms message is not confirmed yet; it goes on in the background",
        "details": "",
    }
    late = {"status": 504, "error": error}
    assert answer.json()["data"] == [job("EMAIL", [["andy@example.org"]], SENT), job("SMS", [NUMBER], late)]
    assert "Being sent" in await page(reach.tenant)
    reach.twilio.release()
    for _ in eventually():
        if "Being sent" not in await page(reach.tenant):
            break
        await asyncio.sleep(0.01)
    assert (await page(reach.tenant)).count("Sent successfully") == 2
    assert len(reach.twilio.heard) == 1


async def test_a_receipt_that_never_comes_falls_back_for_a_severe_log(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await reach.tenant.http.post("/escalate", json=LOG)
    payloads = await reach.scope.database.direct().values(
        "SELECT convert_from(payload, 'UTF8') FROM jobs.pgqueuer WHERE entrypoint = :task", task=RECEIPT_TASK
    )
    assert len(payloads) == 1
    await missed(reach.scope, 1)
    await missed(reach.scope, 1)
    assert [one.form["To"] for one in reach.twilio.heard] == [f"whatsapp:{NUMBER}", NUMBER]
    text = await page(reach.tenant)
    assert "Sent successfully; not delivered in time. Falling back to SMS" in text


async def test_a_receipt_is_not_waited_for_when_it_is_not_severe(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await reach.tenant.http.post("/escalate", json={**LOG, "severity": "MINOR"})
    count = await reach.scope.database.direct().value(
        "SELECT count(*) FROM jobs.pgqueuer WHERE entrypoint = :task", task=RECEIPT_TASK
    )
    assert count == 0


async def test_what_arrived_is_shown_and_does_not_fall_back(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await reach.tenant.http.post("/escalate", json=LOG)
    async with reach.scope.begin() as tx:
        await tx.execute("UPDATE tenant.delivery_message SET arrival = 'delivered', arrived = now()")
    await missed(reach.scope, 1)
    assert len(reach.twilio.heard) == 1
    assert "Sent successfully, delivered" in await page(reach.tenant)
