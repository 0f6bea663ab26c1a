"""Noise control: what is held back of a known issue, and how that is told later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clerestory.families.escalation.digest import digest
from clerestory.families.escalation.members.model import SEVERITIES, Member, Severity
from clerestory.families.escalation.noise.model import Notice, Past, Quiet, Reason, Verdict, judge, words
from tests.families.escalation.conftest import Reach
from tests.families.escalation.people import LOG, Person, add, page, put_settings

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANDY = Member(1, "Andy", "", "a@x.org", "a@x.org", None, frozenset(), frozenset(SEVERITIES))
BECKY = Member(2, "Becky", "", "b@x.org", "b@x.org", None, frozenset(), frozenset({Severity.MAJOR}))
BOTH = (ANDY, BECKY)
KNOWN = Past(Severity.MAJOR, NOW - HOUR, 5, told={1: Notice(NOW - HOUR, Severity.MAJOR)})


def test_with_everything_off_whoever_wants_it_is_told() -> None:
    assert not Quiet().on
    assert judge(Quiet(), Severity.MAJOR, KNOWN, BOTH, NOW) == Verdict(BOTH)
    assert judge(Quiet(), Severity.LOW, KNOWN, BOTH, NOW) == Verdict((ANDY,))


@pytest.mark.parametrize("quiet", [Quiet(repeat=24 * HOUR), Quiet(digest_after=1), Quiet(regression=timedelta(days=7))])
def test_a_new_issue_and_a_more_severe_log_are_always_told(quiet: Quiet) -> None:
    assert judge(quiet, Severity.MAJOR, Past(), BOTH, NOW) == Verdict(BOTH)
    assert judge(quiet, Severity.CRITICAL, KNOWN, BOTH, NOW) == Verdict((ANDY,))


def test_a_member_is_not_told_again_too_soon() -> None:
    quiet = Quiet(repeat=2 * HOUR)
    verdict = judge(quiet, Severity.MAJOR, KNOWN, BOTH, NOW)
    assert verdict == Verdict((BECKY,), 1, Reason.REPEATED)
    expected = "1 member was not told again: they were told of this issue in the last 120 minutes."
    assert words(quiet, verdict) == expected
    assert judge(Quiet(repeat=HOUR), Severity.MAJOR, KNOWN, BOTH, NOW) == Verdict(BOTH)


def test_a_known_issue_is_told_again_after_quiet_days() -> None:
    quiet = Quiet(regression=timedelta(days=7))
    verdict = judge(quiet, Severity.MAJOR, KNOWN, BOTH, NOW)
    assert verdict == Verdict((), 2, Reason.KNOWN)
    assert words(quiet, verdict) == "2 members were not told: the issue is known and has not been quiet for 7 days."
    assert judge(quiet, Severity.MAJOR, KNOWN, BOTH, NOW + timedelta(days=7)) == Verdict(BOTH)


def test_a_hot_issue_waits_for_its_digest() -> None:
    quiet = Quiet(digest_after=5)
    verdict = judge(quiet, Severity.MAJOR, KNOWN, BOTH, NOW)
    assert verdict == Verdict((), 2, Reason.HOT)
    expected = "2 members were not told at once: the issue is hot, and told in a digest every 60 minutes."
    assert words(quiet, verdict) == expected
    assert judge(Quiet(digest_after=6), Severity.MAJOR, KNOWN, BOTH, NOW) == Verdict(BOTH)


def test_the_past_moves_on_with_each_log() -> None:
    verdict = judge(Quiet(digest_after=5), Severity.MAJOR, KNOWN, BOTH, NOW)
    after = KNOWN.after(Severity.CRITICAL, NOW, verdict, [2])
    told = {1: Notice(NOW - HOUR, Severity.MAJOR), 2: Notice(NOW, Severity.CRITICAL)}
    assert after == Past(Severity.CRITICAL, NOW, 6, digest_waits=True, told=told)


async def escalate(reach: Reach, **change: str) -> list[Any]:
    answer = await reach.tenant.http.post("/escalate", json={**LOG, **change})
    jobs: list[Any] = answer.json()["data"]
    return jobs


async def test_repetitions_are_held_for_a_while_and_the_page_says_so(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await put_settings(reach.tenant, escalation_repeat_minutes=30)
    assert len(await escalate(reach)) == 1
    assert await escalate(reach) == []
    text = "1 member was not told again: they were told of this issue in the last 30 minutes."
    assert text in await page(reach.tenant)
    assert len(await escalate(reach, code="other")) == 1
    assert len(await escalate(reach, severity="CRITICAL")) == 1
    assert await escalate(reach) == []
    reach.clock.turn(timedelta(minutes=31))
    assert len(await escalate(reach)) == 1


async def test_a_known_issue_stays_silent_until_it_comes_back(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await put_settings(reach.tenant, escalation_quiet_days=2)
    assert len(await escalate(reach)) == 1
    reach.clock.turn(timedelta(days=1))
    assert await escalate(reach) == []
    reach.clock.turn(timedelta(days=1, hours=12))
    assert await escalate(reach) == []
    reach.clock.turn(timedelta(days=2))
    assert len(await escalate(reach)) == 1


async def test_a_hot_issue_is_told_in_one_digest(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await put_settings(reach.tenant, escalation_digest_after=2, escalation_digest_minutes=10)
    assert [len(await escalate(reach, message=f"no {n}")) for n in range(5)] == [1, 1, 0, 0, 0]
    jobs = await reach.scope.database.direct().values(
        "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'arguments' FROM jobs.pgqueuer WHERE entrypoint = :task",
        task="escalation.digest",
    )
    assert jobs == ['{"issue": 1}']
    await digest(reach.scope, 1)
    await digest(reach.scope, 1)
    *_, last = reach.mail.taken
    assert len(reach.mail.taken) == 3
    text = last.mail.get_body(("plain",))
    assert text is not None
    words = text.get_content().replace("\r\n", "\n")
    assert words.startswith(
        "3 more logs of 500 in ExampleApp since you were last told. The latest:\n\nMAJOR in ExampleApp\n\nno 4\n"
    )
    assert "Sent successfully" in await page(reach.tenant)
    reach.clock.turn(timedelta(minutes=11))
    assert len(await escalate(reach)) == 1


def said(reach: Reach, recipient: str) -> list[str]:
    """The first lines of the digests that this person got."""
    mails = [taken.mail.get_body(("plain",)) for taken in reach.mail.taken if recipient in taken.recipients]
    texts = [mail.get_content().replace("\r\n", "\n") for mail in mails if mail is not None]
    return [text.partition("\n")[0] for text in texts if "since you were last told" in text]


async def test_a_second_digest_counts_what_came_after_the_first(reach: Reach) -> None:
    await add(reach.tenant, Person("Andy Zane", "EMAIL"))
    await put_settings(reach.tenant, escalation_digest_after=1, escalation_digest_minutes=10)
    for logs in (4, 2):
        for _ in range(logs):
            await escalate(reach)
        reach.clock.turn(timedelta(minutes=9, seconds=59))
        await digest(reach.scope, 1)
    assert said(reach, "andy@example.org") == [
        "3 more logs of 500 in ExampleApp since you were last told. The latest:",
        "2 more logs of 500 in ExampleApp since you were last told. The latest:",
    ]


async def test_a_digest_tells_each_member_of_the_severities_that_they_want(reach: Reach) -> None:
    await add(
        reach.tenant, Person("Andy Zane", "EMAIL"), Person("Becky Yates", "EMAIL", wants=("CRITICAL",)),
        Person("Cleo Wood", "EMAIL", wants=("MINOR",)),
    )  # fmt: skip
    await put_settings(reach.tenant, escalation_digest_after=1, escalation_digest_minutes=10)
    await escalate(reach, severity="CRITICAL")
    for severity in ("CRITICAL", "CRITICAL", "MINOR"):
        assert await escalate(reach, severity=severity) == []
    await digest(reach.scope, 1)
    words = "more logs of 500 in ExampleApp since you were last told. The latest:"
    assert said(reach, "andy@example.org") == [f"3 {words}"]
    assert said(reach, "becky@example.org") == [f"2 {words}"]
    assert said(reach, "cleo@example.org") == [f"1 {words}"]
