"""POST /escalate in DEV, and its body: what is stored, grouped, refused, and said to whom it would have gone."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.escalation.intake.decode import to_log
from clerestory.families.escalation.intake.model import Environment
from clerestory.kernel.errors import Fault, Invalid
from tests.families.escalation.people import DEV, LOG, Person, add, log_keys, put_settings
from tests.fixtures.clocks import own_application, visitor
from tests.fixtures.tenants import MakeTenant, TestTenant, tenant_of

NOT_SENT = {"status": 200, "data": {"message": "Not sent: DEV environment"}}
NUMBER = "+447772572105"
EXAMPLE = (
    Person("Andy Zane", "EMAIL WHATSAPP", NUMBER, ("MINOR", "MAJOR", "CRITICAL")),
    Person("Becky Yates", "WHATSAPP", NUMBER, ("MAJOR", "CRITICAL")),
    Person("Charlie Xavier", "EMAIL SMS WHATSAPP", NUMBER, ("CRITICAL",)),
    Person("Dora Field", "SMS", "+447772572106", ("MAJOR",)),
)


async def stored_log(tenant: TestTenant) -> dict[str, Any]:
    log: dict[str, Any] = (await tenant.http.get("/api/v1/escalation/logs/?ordering=-id")).json()["results"][0]
    return log


async def issues(tenant: TestTenant) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await tenant.http.get("/api/v1/escalation/issues/")).json()["results"]
    return found


async def test_dev_lists_the_first_choices_and_sends_nothing(tenant: TestTenant) -> None:
    await add(tenant, *EXAMPLE)
    answer = await tenant.http.post("/escalate", json=LOG, headers=DEV)
    data = [
        {"platform": "EMAIL", "recipients": [["andy@example.org"]], "result": NOT_SENT},
        {"platform": "WHATSAPP", "recipients": [NUMBER], "result": NOT_SENT},
        {"platform": "SMS", "recipients": ["+447772572106"], "result": NOT_SENT},
    ]
    assert (answer.status_code, answer.json()) == (201, {"status": 201, "data": data, "code": 201})
    critical = await tenant.http.post("/escalate", json={**LOG, "severity": "CRITICAL"}, headers=DEV)
    data = [
        {"platform": "EMAIL", "recipients": [["andy@example.org", "charlie@example.org"]], "result": NOT_SENT},
        {"platform": "WHATSAPP", "recipients": [NUMBER], "result": NOT_SENT},
    ]
    assert critical.json() == {"status": 201, "data": data, "code": 201}
    assert (await tenant.http.get("/api/v1/escalation/jobs/")).json()["count"] == 0


@pytest.mark.parametrize("headers", [DEV, {}])
async def test_whom_nobody_listens_to_is_answered_with_no_jobs(tenant: TestTenant, headers: dict[str, str]) -> None:
    answer = await tenant.http.post("/escalate", json=LOG, headers=headers)
    assert (answer.status_code, answer.json()) == (201, {"status": 201, "data": [], "code": 201})


async def test_the_example_of_the_openapi_document_is_taken(tenant: TestTenant) -> None:
    document = (await tenant.http.get("/openapi/escalation.json")).json()
    shown = document["components"]["schemas"]["EscalateBody"]["properties"]
    example = {name: value["examples"][0] for name, value in shown.items() if "examples" in value}
    answer = await tenant.http.post("/escalate", json=example, headers=DEV)
    assert (answer.status_code, list(example)) == (201, ["code", "application", "message", "severity"])


async def test_a_channel_that_the_organisation_switched_off_is_not_used(tenant: TestTenant) -> None:
    await add(tenant, *EXAMPLE)
    await put_settings(tenant, escalation_channels_off=["EMAIL", "WHATSAPP"])
    answer = await tenant.http.post("/escalate", json=LOG, headers=DEV)
    assert [job["platform"] for job in answer.json()["data"]] == ["SMS"]


async def test_without_transports_the_messages_are_kept_and_that_is_said(tenant: TestTenant) -> None:
    await add(tenant, *EXAMPLE)
    answer = await tenant.http.post("/escalate", json=LOG)

    def kept(channel: str) -> dict[str, object]:
        return {"status": 201, "data": {"message": f"Kept in the inbox: no {channel} transport is configured"}}

    data = [
        {"platform": "EMAIL", "recipients": [["andy@example.org"]], "result": kept("EMAIL")},
        {"platform": "WHATSAPP", "recipients": [NUMBER], "result": kept("WHATSAPP")},
        {"platform": "SMS", "recipients": ["+447772572106"], "result": kept("SMS")},
    ]
    assert answer.json() == {"status": 201, "data": data, "code": 201}


def failure(code: str, details: str) -> dict[str, object]:
    return {"status": 400, "error": {"code": code, "message": "Bad Request", "details": details}, "code": 400}


ALL_MISSING = "code is required. application is required. message is required. severity is required."
SEVERITY = "severity must be one of LOW, MINOR, MAJOR, CRITICAL."


@pytest.mark.parametrize(
    ("body", "code", "details"),
    [
        (b"", "FIELD_MISSING", ALL_MISSING),
        (b"  ", "FIELD_MISSING", ALL_MISSING),
        (b"{}", "FIELD_MISSING", ALL_MISSING),
        (b"{,}", "FIELD_INVALID", "The body is no valid JSON."),
        (b'{"code": NaN}', "FIELD_INVALID", "The body is no valid JSON."),
        (b"\xff\xfe", "FIELD_INVALID", "The body is no valid JSON."),
        (b"[1]", "FIELD_INVALID", "The body is no JSON object."),
        (b'"x"', "FIELD_INVALID", "The body is no JSON object."),
        (b"null", "FIELD_INVALID", "The body is no JSON object."),
        (b"[" * 60_000, "FIELD_INVALID", "The body is no valid JSON."),
        (b" " * (64 * 1024 + 1), "FIELD_INVALID", "The body may have at most 65536 bytes."),
    ],
)
async def test_a_body_that_is_no_log_is_refused(tenant: TestTenant, body: bytes, code: str, details: str) -> None:
    answer = await tenant.http.post("/escalate", content=body)
    assert (answer.status_code, answer.json()) == (400, failure(code, details))
    assert (await tenant.http.get("/api/v1/escalation/logs/")).json()["count"] == 0


@pytest.mark.parametrize(
    ("change", "code", "details"),
    [
        ({"code": None}, "FIELD_MISSING", "code is required."),
        ({"severity": None, "message": None}, "FIELD_MISSING", "message is required. severity is required."),
        ({"severity": None, "code": ""}, "FIELD_MISSING", "severity is required."),
        ({"code": 500}, "FIELD_INVALID", "code must be a string."),
        ({"code": False}, "FIELD_INVALID", "code must be a string."),
        ({"trace": ["a"], "user_ref": 1}, "FIELD_INVALID", "user_ref must be a string. trace must be a string."),
        ({"user_agent": {}, "code": " "}, "FIELD_INVALID", "code must not be blank. user_agent must be a string."),
        ({"code": " \t"}, "FIELD_INVALID", "code must not be blank."),
        ({"code": "\0"}, "FIELD_INVALID", "code must not be blank."),
        ({"message": "\n"}, "FIELD_INVALID", "message must not be blank."),
        ({"code": "x" * 257}, "FIELD_INVALID", "code may have at most 256 characters."),
        ({"application": "x" * 257}, "FIELD_INVALID", "application may have at most 256 characters."),
        ({"user_ref": "x" * 257}, "FIELD_INVALID", "user_ref may have at most 256 characters."),
        ({"severity": "HIGH"}, "FIELD_INVALID", SEVERITY),
        ({"severity": "major"}, "FIELD_INVALID", SEVERITY),
        ({"severity": ""}, "FIELD_INVALID", SEVERITY),
        (
            {"severity": 3, "application": ""},
            "FIELD_INVALID",
            "application must not be blank. severity must be a string.",
        ),
    ],
)
async def test_a_refused_field_is_named_and_nothing_is_stored(
    tenant: TestTenant, change: dict[str, object], code: str, details: str
) -> None:
    answer = await tenant.http.post("/escalate", json={**LOG, **change})
    assert (answer.status_code, answer.json()) == (400, failure(code, details))
    assert (await tenant.http.get("/api/v1/escalation/logs/")).json()["count"] == 0


async def test_what_is_too_long_is_cut_where_it_matters_least(tenant: TestTenant) -> None:
    body = {
        **LOG,
        "code": "c" * 256,
        "application": "a" * 256,
        "message": "m" * 8192 + "end",
        "user_ref": "u" * 256,
        "user_agent": "g" * 1024 + "end",
        "trace": "start" + "t" * 1024,
        "unknown": {"is": "ignored"},
    }
    answer = await tenant.http.post("/escalate", json=body, headers={**DEV, "Content-Type": "text/plain"})
    assert answer.status_code == 201
    log = await stored_log(tenant)
    assert (log["message"], log["user_ref"]) == ("m" * 8192, "u" * 256)
    assert (log["user_agent"], log["trace"]) == ("g" * 1024, "t" * 1024)


async def test_the_header_fills_in_for_an_absent_user_agent(tenant: TestTenant) -> None:
    headers = {**DEV, "User-Agent": "Header/1.0"}
    await tenant.http.post(
        "/escalate", json={**LOG, "user_agent": None, "trace": None, "user_ref": ""}, headers=headers
    )
    log = await stored_log(tenant)
    assert (log["user_agent"], log["trace"], log["user_ref"]) == ("Header/1.0", None, None)
    await tenant.http.post("/escalate", json={**LOG, "user_agent": "Body/2.0"}, headers=headers)
    assert (await stored_log(tenant))["user_agent"] == "Body/2.0"


async def test_half_a_surrogate_and_a_null_character_do_not_lose_a_log(tenant: TestTenant) -> None:
    body = b'\xef\xbb\xbf{"code": "a\\u0000b", "application": "x", "message": "\\ud800!", "severity": "LOW"}'
    answer = await tenant.http.post("/escalate", content=body, headers=DEV)
    assert answer.status_code == 201
    (issue,) = await issues(tenant)
    assert (issue["code"], (await stored_log(tenant))["message"]) == ("ab", "\ufffd!")


@given(
    st.dictionaries(
        st.sampled_from(["code", "application", "message", "severity", "user_ref", "trace", "more"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["LOW", "MAJOR"]),
    )
)
def test_every_object_is_either_a_log_or_refused_field_by_field(body: dict[str, object]) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        to_log(json.dumps(body).encode(), Environment.DEV, None)
    except Invalid as invalid:
        faults = invalid.faults
    texts = [body.get(name) for name in ("code", "application", "message")]
    good = all(isinstance(text, str) and text.replace("\0", "").strip() for text in texts)
    others = all(isinstance(body.get(name), str | None) for name in ("user_ref", "trace"))
    assert bool(faults) != (good and others and body.get("severity") in ("LOW", "MAJOR"))
    assert len({fault.field for fault in faults}) == len(faults)
    assert len({fault.kind for fault in faults}) <= 1


async def test_logs_of_one_code_are_one_issue(tenant: TestTenant) -> None:
    for severity, user in (("LOW", "u1"), ("CRITICAL", "u2"), ("MINOR", "u1"), ("LOW", None)):
        await tenant.http.post("/escalate", json={**LOG, "severity": severity, "user_ref": user}, headers=DEV)
    (issue,) = await issues(tenant)
    counts = {name: issue[name] for name in ("count", "low", "minor", "major", "critical", "highest")}
    assert counts == {"count": 4, "low": 2, "minor": 1, "major": 0, "critical": 1, "highest": "CRITICAL"}
    assert issue["first_seen"] < issue["last_seen"]
    users = await tenant.scope.direct().values("SELECT user_ref FROM tenant.escalation_issue_user ORDER BY user_ref")
    days = await tenant.scope.direct().values("SELECT count FROM tenant.escalation_issue_day")
    assert (users, days) == (["u1", "u2"], [4])


async def test_an_issue_is_told_apart_by_environment_application_and_code_alone(tenant: TestTenant) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=DEV)
    await tenant.http.post("/escalate", json={**LOG, "message": "other", "severity": "LOW"}, headers=DEV)
    await tenant.http.post("/escalate", json={**LOG, "code": "501"}, headers=DEV)
    await tenant.http.post("/escalate", json={**LOG, "application": "exampleapp"}, headers=DEV)
    await tenant.http.post("/escalate", json=LOG)
    found = [(one["environment"], one["application"], one["code"], one["count"]) for one in await issues(tenant)]
    assert found == [
        ("DEV", "ExampleApp", "500", 2),
        ("DEV", "ExampleApp", "501", 1),
        ("DEV", "exampleapp", "500", 1),
        ("PROD", "ExampleApp", "500", 1),
    ]


async def test_a_flood_of_first_logs_makes_one_issue_and_loses_none(tenant: TestTenant) -> None:
    bodies = [{**LOG, "code": f"flood {n % 3}", "user_ref": f"u{n % 7}"} for n in range(210)]
    answers = await asyncio.gather(*(tenant.http.post("/escalate", json=body, headers=DEV) for body in bodies))
    assert {answer.status_code for answer in answers} == {201}
    found = {one["code"]: one["count"] for one in await issues(tenant)}
    assert found == {"flood 0": 70, "flood 1": 70, "flood 2": 70}
    assert len(set(await log_keys(tenant))) == 100
    keys = await tenant.scope.direct().value("SELECT count(DISTINCT log_key) FROM tenant.escalation_log")
    assert keys == 210


async def test_logs_of_neighbours_in_one_commit_stay_apart(tenant: TestTenant, make_tenant: MakeTenant) -> None:
    neighbour = await make_tenant("neighbour@x.org")
    await add(neighbour, Person("Nina Next", "EMAIL"))
    posts = [one.http.post("/escalate", json=LOG, headers=DEV) for one in (tenant, neighbour) * 20]
    answers = await asyncio.gather(*posts)
    assert [len(answer.json()["data"]) for answer in answers] == [0, 1] * 20
    for one in (tenant, neighbour):
        assert [issue["count"] for issue in await issues(one)] == [20]


async def test_processes_that_touch_the_same_issues_neither_deadlock_nor_miscount(database_url: str) -> None:
    async with own_application(database_url) as one, own_application(database_url) as other:
        tenant = await tenant_of(one)
        async with tenant.http, visitor(other, **{"Api-Key": tenant.api_key}) as neighbour:
            clients = (tenant.http, neighbour)
            posts = [
                clients[n % 2].post(
                    "/escalate", json={**LOG, "code": f"c{(n * 7) % 10}", "user_ref": f"u{n % 3}"}, headers=DEV
                )
                for n in range(200)
            ]
            answers = await asyncio.gather(*posts)
            assert {answer.status_code for answer in answers} == {201}
            assert [issue["count"] for issue in await issues(tenant)] == [20] * 10
            users = "SELECT count(*) FROM tenant.escalation_issue_user"
            assert await tenant.scope.direct().value(users) == 30
