"""Tasks at ClickUp, against a stand-in that speaks as ClickUp does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from inline_snapshot import snapshot

from clerestory.platform.delivery.clickup import ClickUp as Transport
from clerestory.platform.delivery.clickup import ClickUpSettings, NewTask, Quota, State, Task, TaskOutcome
from tests.standins.clickup import FIELD_ID, LIST_ID, TOKEN, ClickUp, limited, refusal
from tests.standins.server import Answer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARK = "iss_5f2e1c1c"
NEW = NewTask("[shop] 500: Critical bug detected", "Seen once.\nhttps://clerestory.example/log/x", MARK, 2)
Open = Callable[..., Transport]


class Time:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def opened(client: httpx.AsyncClient, clickup: ClickUp, time: Time) -> Open:
    quota = Quota(time)

    def open_list(*, token: str = TOKEN, field: str | None = FIELD_ID, url: str = "") -> Transport:
        settings = ClickUpSettings(token, LIST_ID, mark_field_id=field, url=url or clickup.url)
        return Transport(client, settings, quota, timedelta(seconds=0.5))

    return open_list


def brief(outcome: TaskOutcome) -> tuple[State, str, datetime | None]:
    return outcome.state, outcome.note, outcome.until


async def test_a_task_is_made_with_its_mark_in_the_field(opened: Open, clickup: ClickUp) -> None:
    outcome = await opened().create(NEW)
    assert brief(outcome) == (State.DONE, "Done", None)
    assert outcome.task == Task("868abc1", "https://app.clickup.com/t/868abc1", closed=False)
    assert clickup.heard[0].json == snapshot(
        {
            "name": "[shop] 500: Critical bug detected",
            "description": """\
Seen once.
https://clerestory.example/log/x\
""",
            "priority": 2,
            "custom_fields": [{"id": "5f2e1c1c-aaaa-bbbb-cccc-1234567890ab", "value": "iss_5f2e1c1c"}],
        }
    )


async def test_without_a_field_the_mark_opens_the_description(opened: Open, clickup: ClickUp) -> None:
    await opened(field=None).create(NEW)
    assert clickup.heard[0].json == {
        "name": NEW.name,
        "description": f"{MARK}\n\n{NEW.description}",
        "priority": 2,
    }


async def test_a_name_is_cut_at_255_characters(opened: Open, clickup: ClickUp) -> None:
    await opened().create(NewTask("é" * 300, "", MARK))
    assert clickup.tasks[0].name == "é" * 255


@pytest.mark.parametrize("field", [FIELD_ID, None])
async def test_a_creation_of_unknown_fate_is_not_made_twice(opened: Open, clickup: ClickUp, field: str | None) -> None:
    listed = opened(field=field)
    made = await listed.create(NEW)
    clickup.close_task("868abc1")
    again = await listed.create(NEW, again=True)
    assert again.task == Task("868abc1", "https://app.clickup.com/t/868abc1", closed=True)
    assert made.task is not None
    assert len(clickup.tasks) == 1


@pytest.mark.parametrize("field", [FIELD_ID, None])
async def test_a_repeated_creation_makes_what_is_not_there(opened: Open, clickup: ClickUp, field: str | None) -> None:
    listed = opened(field=field)
    await listed.create(NewTask("another", "", MARK + "0"))
    outcome = await listed.create(NEW, again=True)
    assert outcome.state is State.DONE
    assert [task.name for task in clickup.tasks] == [NEW.name, "another"]


async def test_a_look_up_that_fails_makes_no_task(opened: Open, clickup: ClickUp) -> None:
    clickup.script(Answer(500, "oops"))
    outcome = await opened().create(NEW, again=True)
    assert (outcome.state, outcome.retryable, clickup.tasks) == (State.ERROR, True, [])


async def test_a_filter_that_was_ignored_adopts_no_stranger(opened: Open, clickup: ClickUp) -> None:
    stranger = {"id": "868zzz", "custom_fields": [{"id": FIELD_ID, "value": "other"}]}
    clickup.script(Answer(200, {"tasks": [stranger, {"id": "868yyy"}]}))
    assert (await opened().find(MARK)).state is State.ABSENT


async def test_a_task_is_shown_and_missed(opened: Open, clickup: ClickUp) -> None:
    listed = opened()
    await listed.create(NEW)
    assert (await listed.get("868abc1")).task == Task("868abc1", "https://app.clickup.com/t/868abc1", closed=False)
    clickup.delete("868abc1")
    assert brief(await listed.get("868abc1")) == (State.ABSENT, "ClickUp: there is no such task (ITEM_015)", None)
    assert brief(await listed.comment("868abc1", "again"))[0] is State.ABSENT


async def test_a_comment_is_written(opened: Open, clickup: ClickUp) -> None:
    listed = opened()
    await listed.create(NEW)
    assert brief(await listed.comment("868abc1", "Seen again.")) == (State.DONE, "Done", None)
    assert clickup.tasks[0].comments == ["Seen again."]
    assert clickup.heard[-1].json == {"comment_text": "Seen again.", "notify_all": False}


async def test_a_strange_404_does_not_mean_that_the_task_is_gone(opened: Open, clickup: ClickUp) -> None:
    clickup.script(Answer(404, "<html>nginx</html>"))
    assert brief(await opened().get("868abc1")) == (State.ERROR, "ClickUp: the call was refused (HTTP 404)", None)


async def test_a_link_from_outside_is_not_passed_on_unless_https(opened: Open, clickup: ClickUp) -> None:
    clickup.script(Answer(200, {"id": "868a/1", "url": "javascript:alert(1)"}))
    assert (await opened().create(NEW)).task == Task("868a/1", "https://app.clickup.com/t/868a%2F1", closed=False)


async def test_a_429_rests_the_token_until_reset(opened: Open, clickup: ClickUp, time: Time) -> None:
    reset = NOON + timedelta(seconds=42)
    clickup.script(limited(int(reset.timestamp())))
    first = await opened().create(NEW)
    assert brief(first) == (State.RATE_LIMITED, "ClickUp: too many calls in this minute (APP_002)", reset)
    assert brief(await opened().get("868abc1"))[::2] == (State.RATE_LIMITED, reset)
    assert len(clickup.heard) == 1
    time.now = reset
    assert (await opened().create(NEW)).state is State.DONE


async def test_the_last_call_of_a_window_rests_the_token_too(opened: Open, clickup: ClickUp) -> None:
    reset = NOON + timedelta(seconds=9)
    answer = limited(int(reset.timestamp()), status=200)
    clickup.script(Answer(200, {"id": "868abc9"}, answer.headers))
    assert (await opened().get("868abc9")).state is State.DONE
    assert (await opened().get("868abc9")).until == reset
    assert (await opened(token="pk_other").get("868abc9")).state is State.AUTH


@pytest.mark.parametrize("reset", ["soon", "", "99999999999999", "0"])
async def test_a_reset_that_makes_no_sense_is_not_believed(opened: Open, clickup: ClickUp, reset: str) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    clickup.script(Answer(429, "slow down", headers))
    until = (await opened().get("868abc1")).until
    assert until is not None
    assert NOON <= until <= NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("answer", "state", "cause"),
    [
        (refusal("OAUTH_017", 401, "missing"), State.AUTH, "OAUTH_017"),
        (refusal("OAUTH_023", 401, "Team not authorized"), State.AUTH, "OAUTH_023"),
        (refusal("OAUTH_026", 401, "revoked"), State.AUTH, "OAUTH_026"),
        (Answer(403, "<html>"), State.AUTH, "HTTP 403"),
        (refusal("INPUT_005", 400, "Task name required"), State.ERROR, "INPUT_005"),
        (refusal("ITEM_015", 404, "List not found"), State.ERROR, "ITEM_015"),
        (Answer(400, {"err": "x", "ECODE": "<b>"}), State.ERROR, "HTTP 400"),
        (Answer(500, ""), State.ERROR, "HTTP 500"),
    ],
)
async def test_each_refusal_has_its_state(
    opened: Open, clickup: ClickUp, answer: Answer, state: State, cause: str
) -> None:
    clickup.script(answer)
    outcome = await opened().create(NEW)
    assert outcome.state is state
    assert outcome.note.endswith(f"({cause})")
    assert outcome.alarm is (state is State.AUTH)


@pytest.mark.parametrize("body", ["<html>", {"tasks": 3}, "[" * 100_000])
async def test_an_answer_that_is_no_task_is_an_error(opened: Open, clickup: ClickUp, body: object) -> None:
    clickup.script(Answer(200, body), Answer(200, body))
    for outcome in (await opened().create(NEW), await opened().find(MARK)):
        assert brief(outcome) == (State.ERROR, "ClickUp: the answer was not understood", None)


async def test_silence_and_absence_are_told_apart(opened: Open, clickup: ClickUp) -> None:
    clickup.script(Answer(hold=True))
    assert brief(await opened().create(NEW)) == (State.TIMEOUT, "ClickUp: no answer in time", None)
    unreachable = await opened(url="http://127.0.0.1:1").create(NEW)
    assert brief(unreachable) == (State.ERROR, "ClickUp: it cannot be reached", None)


async def test_the_token_is_not_shown(opened: Open, clickup: ClickUp) -> None:
    clickup.script(refusal("OAUTH_019", 401, "Token pk_wrong invalid"))
    outcome = await opened(token="pk_wrong").create(NEW)
    assert outcome.raw == 'HTTP 401\n{"err": "Token [cut] invalid", "ECODE": "OAUTH_019"}'
    assert "pk_wrong" not in repr(outcome) + repr(ClickUpSettings("pk_wrong", LIST_ID))
