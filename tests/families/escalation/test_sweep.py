"""What a crash leaves open is finished, and nothing is sent twice."""

from datetime import timedelta

import pytest

from clerestory.app import running
from clerestory.families.escalation.notify.follow import Ended, act
from clerestory.families.escalation.notify.model import Job
from clerestory.families.escalation.notify.send import MOST_CHAINS
from clerestory.families.escalation.notify.sweep import SWEEP_TASK, sweep
from clerestory.kernel.channels import Channel, Code
from clerestory.kernel.clock import utc_now
from clerestory.platform.delivery import MessageId
from clerestory.platform.tenancy import SYSTEM, Scope
from tests.families.escalation.conftest import Reach
from tests.families.escalation.people import LOG, Person, add, page
from tests.fixtures.application import settings_for

NUMBER = "+447772572105"
LATER = timedelta(minutes=1)


async def planned_only(reach: Reach, **change: str) -> None:
    """An escalation whose process dies right after the commit: nothing is sent."""
    reach.outbox.most_chains = 0
    answer = await reach.tenant.http.post("/escalate", json={**LOG, **change})
    assert {job["result"]["status"] for job in answer.json()["data"]} == {504}
    reach.outbox.most_chains = MOST_CHAINS


async def states(reach: Reach) -> list[str]:
    return await reach.scope.direct().values("SELECT state FROM tenant.delivery_message ORDER BY id")


async def test_what_was_planned_is_sent_later_and_once(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "EMAIL SMS WHATSAPP", NUMBER))
    await planned_only(reach)
    assert "Waiting to be sent" in await page(reach.tenant)
    await sweep(reach.scope)
    assert await states(reach) == ["planned", "planned"]
    reach.clock.turn(LATER)
    await sweep(reach.scope)
    await sweep(reach.scope)
    assert await states(reach) == ["sent", "sent"]
    assert (len(reach.mail.taken), len(reach.twilio.heard)) == (1, 1)


async def test_what_was_under_way_is_given_up_and_falls_back(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await planned_only(reach)
    async with reach.scope.begin() as tx:
        await tx.execute("UPDATE tenant.delivery_message SET state = 'sending', started = :now", now=reach.clock())
    reach.clock.turn(LATER)
    await sweep(reach.scope)
    await sweep(reach.scope)
    # The channel of unknown fate is not asked again; the next one is.
    assert [heard.form["To"] for heard in reach.twilio.heard] == [NUMBER]
    assert await states(reach) == ["failed", "sent"]
    text = await page(reach.tenant)
    assert "The whatsapp message could not be delivered. Falling back to SMS (PROVIDER_TIMEOUT)" in text


async def test_a_failure_that_nobody_acted_upon_falls_back(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await planned_only(reach)
    async with reach.scope.begin() as tx:
        await tx.execute("UPDATE tenant.delivery_message SET state = 'failed', code = 'PROVIDER_ERROR', note = 'No'")
    reach.clock.turn(LATER)
    await sweep(reach.scope)
    assert [heard.form["To"] for heard in reach.twilio.heard] == [NUMBER]


async def test_a_sweep_is_deferred_with_the_first_messages_and_not_with_each(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    for _ in range(3):
        await reach.tenant.http.post("/escalate", json=LOG)
    count = await reach.scope.database.direct().value(
        "SELECT count(*) FROM jobs.pgqueuer WHERE entrypoint = :task", task=SWEEP_TASK
    )
    assert count == 1


async def sweeps(reach: Reach) -> int:
    count: int = await reach.scope.database.direct().value(
        "SELECT count(*) FROM jobs.pgqueuer WHERE entrypoint = :task", task=SWEEP_TASK
    )
    return count


async def test_what_is_beyond_the_portion_another_sweep_finishes(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    for _ in range(3):
        await planned_only(reach)
    before = await sweeps(reach)
    reach.clock.turn(LATER)
    await sweep(reach.scope, portion=2)
    assert (await states(reach), await sweeps(reach)) == (["sent", "sent", "planned"], before + 1)
    await sweep(reach.scope, portion=2)
    assert (await states(reach), await sweeps(reach)) == (["sent", "sent", "sent"], before + 1)


async def test_what_cannot_be_finished_holds_up_no_other(reach: Reach) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS", NUMBER))
    for _ in range(3):
        await planned_only(reach)
    async with reach.scope.begin() as tx:
        await tx.execute("UPDATE tenant.delivery_message SET recipients = '{+1,+2}' WHERE id = 1")
    reach.clock.turn(LATER)
    with pytest.raises(ValueError, match="too many values"):
        await sweep(reach.scope)
    assert await states(reach) == ["sending", "sent", "sent"]


async def test_a_fallback_is_swept_too_should_its_process_die(reach: Reach, database_url: str) -> None:
    await add(reach.tenant, Person("Charlie Xavier", "SMS WHATSAPP", NUMBER))
    await planned_only(reach)
    before = await sweeps(reach)
    failed = Ended(Job(Channel.WHATSAPP, (NUMBER,), ()), MessageId(1), Code.PROVIDER_ERROR)
    async with running(settings_for(database_url)) as other:
        (following,) = await act(Scope(reach.tenant.tenant, SYSTEM, utc_now, other.parts), failed)
    assert (following.job.channel, await sweeps(reach)) == (Channel.SMS, before + 1)


async def test_one_member_is_told_once_by_a_channel_whatever_is_repeated(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await reach.tenant.http.post("/escalate", json=LOG)
    constraint = await reach.scope.direct().value(
        """
        SELECT pg_get_constraintdef(oid)
          FROM pg_catalog.pg_constraint
         WHERE conname = 'escalation_recipient_once' AND connamespace = :schema::regnamespace
        """,
        schema=reach.tenant.schema,
    )
    assert constraint == "UNIQUE (log, person, channel)"
