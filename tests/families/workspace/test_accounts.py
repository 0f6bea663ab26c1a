"""Log-in, registration of members, and the life of tokens."""

import asyncio
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import httpx
import pytest

from tests.families.workspace.words import (
    BAD_TOKEN,
    NO_ACCOUNT,
    NO_CREDENTIAL,
    invalid,
    refusal,
)
from tests.fixtures.clocks import TurnedClock, own_application
from tests.fixtures.tenants import PASSWORD, MakeTenant, TestTenant, tenant_of

LOGIN = "/api/v1/auth/login/"
REGISTER = "/api/v1/auth/register/"
REFRESH = "/api/v1/auth/token/refresh/"
VERIFY = "/api/v1/auth/token/verify/"
PROFILE = "/api/v1/users/profile/"
UPDATE = "/api/v1/users/update-profile/"


async def log_in(tenant: TestTenant) -> dict[str, str]:
    answer = await tenant.http.post(LOGIN, json={"email": tenant.email, "password": tenant.password})
    assert answer.status_code == 200, answer.text
    tokens: dict[str, str] = answer.json()
    assert set(tokens) == {"access", "refresh"}
    return tokens


def bearing(access: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access}"}


async def test_the_registrant_logs_in_and_reads_the_profile(tenant: TestTenant) -> None:
    tokens = await log_in(tenant)
    answer = await tenant.http.get(PROFILE, headers=bearing(tokens["access"]))
    assert answer.status_code == 200
    assert answer.json() == {
        "id": ANY,
        "uuid": ANY,
        "email": tenant.email,
        "first_name": "Jane",
        "last_name": "Doe",
        "phone_number": None,
        "role": "",
        "avatar": None,
        "active": True,
        "administrator": True,
        "created": ANY,
        "modified": ANY,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"email": "jane.doe@x.org", "password": "wrong"},
        {"email": "nobody@x.org", "password": PASSWORD},
        {"email": "no address", "password": PASSWORD},
        {"email": "jane.doe@x.org", "password": "é" * 1000},
    ],
)
async def test_every_wrong_log_in_has_one_answer(tenant: TestTenant, body: dict[str, str]) -> None:
    answer = await tenant.http.post(LOGIN, json=body)
    assert (answer.status_code, answer.json()) == (401, NO_ACCOUNT)


async def test_nobody_logs_in_to_public(tenant: TestTenant, client: httpx.AsyncClient) -> None:
    answer = await client.post(LOGIN, json={"email": tenant.email, "password": tenant.password})
    assert (answer.status_code, answer.json()) == (401, NO_ACCOUNT)


async def test_a_log_in_without_its_fields_names_them(tenant: TestTenant) -> None:
    answer = await tenant.http.post(LOGIN, json={})
    told = "This field is required."
    assert (answer.status_code, answer.json()) == (
        400,
        invalid(("email", "required", told), ("password", "required", told)),
    )


async def test_log_ins_that_fail_too_often_are_put_off(tenant: TestTenant) -> None:
    body = {"email": tenant.email, "password": "wrong"}
    statuses = [(await tenant.http.post(LOGIN, json=body)).status_code for _ in range(10)]
    assert statuses == [401] * 10
    answer = await tenant.http.post(LOGIN, json={**body, "password": tenant.password})
    assert (answer.status_code, answer.json()) == (429, refusal("throttled", "Too many attempts to log in."))
    assert 0 < int(answer.headers["retry-after"]) <= 300
    other = {"email": "other@x.org", "password": "wrong"}
    assert (await tenant.http.post(LOGIN, json=other)).status_code == 401


async def test_a_member_registers_and_is_logged_in(tenant: TestTenant) -> None:
    body = {"email": "ann@x.org", "password": "four grey herons", "first_name": "Ann", "avatar": "https://x.org/a.png"}
    answer = await tenant.http.post(REGISTER, json=body, headers=bearing("stale"))
    assert answer.status_code == 201
    assert set(answer.json()) == {"access", "refresh"}
    profile = await tenant.http.get(PROFILE, headers=bearing(answer.json()["access"]))
    assert profile.json()["email"] == "ann@x.org"
    assert profile.json()["avatar"] == "https://x.org/a.png"
    assert profile.json()["administrator"] is False


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, [("email", "required"), ("password", "required")]),
        ({"email": "jane.doe@x.org", "password": "four grey herons"}, [("email", "unique")]),
        ({"email": "ann@x.org", "password": "x7#k"}, [("password", "password_too_short")]),
        ({"email": "ann@x.org", "password": "password1"}, [("password", "password_too_common")]),
        ({"email": "ann@x.org", "password": "8264019375"}, [("password", "password_entirely_numeric")]),
        ({"email": "ann", "password": "four grey herons"}, [("email", "invalid")]),
    ],
)
async def test_a_registration_is_refused_by_field(
    tenant: TestTenant, body: dict[str, Any], codes: list[tuple[str, str]]
) -> None:
    answer = await tenant.http.post(REGISTER, json=body)
    assert answer.status_code == 400
    assert [(error["attr"], error["code"]) for error in answer.json()["errors"]] == codes
    assert sorted(answer.json()["data"]) == sorted({attr for attr, _ in codes})


async def test_who_asks_for_no_profile_of_their_own_gets_none(tenant: TestTenant) -> None:
    answer = await tenant.http.get(PROFILE)
    assert (answer.status_code, answer.json()) == (401, NO_CREDENTIAL)


async def test_a_profile_is_changed_but_for_what_others_decide(tenant: TestTenant) -> None:
    registered = await tenant.http.post(REGISTER, json={"email": "ann@x.org", "password": "four grey herons"})
    headers = bearing(registered.json()["access"])
    put = await tenant.http.put(UPDATE, json={"last_name": "Lee"}, headers=headers)
    assert (put.status_code, put.json()) == (400, invalid(("email", "required", "This field is required.")))
    body = {"phone_number": "+1 202 555 0143", "administrator": True, "role": "CEO", "active": False}
    patch = await tenant.http.patch(UPDATE, json=body, headers=headers)
    assert patch.status_code == 200
    assert {name: patch.json()[name] for name in body} == {
        "phone_number": "+12025550143",
        "administrator": False,
        "role": "",
        "active": True,
    }
    put = await tenant.http.put(UPDATE, json={**patch.json(), "last_name": "Lee"}, headers=headers)
    assert (put.status_code, put.json()["last_name"]) == (200, "Lee")


async def test_a_token_of_one_tenant_is_worth_nothing_in_another(make_tenant: MakeTenant) -> None:
    ours, theirs = await make_tenant(), await make_tenant()
    tokens = await log_in(ours)
    public = httpx.AsyncClient(transport=ours.http._transport, base_url="http://clerestory.test")
    for http in (theirs.http, public):
        answers = [
            await http.get(PROFILE, headers=bearing(tokens["access"])),
            await http.get("/api/v1/people/", headers=bearing(tokens["access"])),
            await http.post(REFRESH, json={"refresh": tokens["refresh"]}),
            await http.post(VERIFY, json={"token": tokens["access"]}),
        ]
        for answer in answers:
            assert (answer.status_code, answer.json()) == (401, BAD_TOKEN)
            assert answer.headers["www-authenticate"] == 'Bearer realm="api"'
    await public.aclose()


async def test_tokens_are_checked_for_what_they_are(tenant: TestTenant) -> None:
    tokens = await log_in(tenant)
    for token in tokens.values():
        good = await tenant.http.post(VERIFY, json={"token": token})
        assert (good.status_code, good.json()) == (200, {})
    bad = [
        await tenant.http.post(REFRESH, json={"refresh": tokens["access"]}),
        await tenant.http.post(REFRESH, json={"refresh": "x"}),
        await tenant.http.post(VERIFY, json={"token": tokens["access"][:-2]}),
        await tenant.http.post(VERIFY, json={"token": "a.b.c"}),
        await tenant.http.get(PROFILE, headers=bearing(tokens["refresh"])),
        await tenant.http.get(PROFILE, headers={"Authorization": "Bearer"}),
        await tenant.http.get("/api/v1/people/", headers=bearing("")),
    ]
    for answer in bad:
        assert (answer.status_code, answer.json()) == (401, BAD_TOKEN)
    for url, field in ((REFRESH, "refresh"), (VERIFY, "token")):
        answer = await tenant.http.post(url, json={})
        assert (answer.status_code, answer.json()) == (400, invalid((field, "required", "This field is required.")))


async def test_parallel_refreshes_all_succeed(tenant: TestTenant) -> None:
    tokens = await log_in(tenant)
    body, stale = {"refresh": tokens["refresh"]}, bearing("expired")
    answers = await asyncio.gather(*(tenant.http.post(REFRESH, json=body, headers=stale) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["refresh"] for answer in answers}) == 8


async def test_an_access_token_lives_five_minutes_and_a_refresh_token_a_day(database_url: str) -> None:
    clock = TurnedClock()
    async with own_application(database_url, clock) as application:
        tenant = await tenant_of(application)
        async with tenant.http as http:
            tokens = await log_in(tenant)
            clock.turn(timedelta(minutes=4, seconds=58))
            assert (await http.get(PROFILE, headers=bearing(tokens["access"]))).status_code == 200
            clock.turn(timedelta(seconds=2))
            answer = await http.get(PROFILE, headers=bearing(tokens["access"]))
            assert (answer.status_code, answer.json()) == (401, BAD_TOKEN)
            clock.turn(timedelta(hours=23, minutes=54))
            renewed = await http.post(REFRESH, json={"refresh": tokens["refresh"]})
            assert renewed.status_code == 200
            assert (await http.get(PROFILE, headers=bearing(renewed.json()["access"]))).status_code == 200
            clock.turn(timedelta(hours=24))
            late = await http.post(REFRESH, json={"refresh": renewed.json()["refresh"]})
            assert (late.status_code, late.json()) == (401, BAD_TOKEN)


async def test_a_used_refresh_token_has_a_minute_and_then_ends_its_chain(database_url: str) -> None:
    clock = TurnedClock()
    async with own_application(database_url, clock) as application:
        tenant = await tenant_of(application)
        async with tenant.http as http:
            tokens, elsewhere = await log_in(tenant), await log_in(tenant)
            renewed = (await http.post(REFRESH, json={"refresh": tokens["refresh"]})).json()
            clock.turn(timedelta(seconds=59))
            assert (await http.post(REFRESH, json={"refresh": tokens["refresh"]})).status_code == 200
            clock.turn(timedelta(seconds=2))
            stolen = await http.post(REFRESH, json={"refresh": tokens["refresh"]})
            assert (stolen.status_code, stolen.json()) == (401, BAD_TOKEN)
            ended = await http.post(REFRESH, json={"refresh": renewed["refresh"]})
            assert (ended.status_code, ended.json()) == (401, BAD_TOKEN)
            assert (await http.post(REFRESH, json={"refresh": elsewhere["refresh"]})).status_code == 200


async def test_who_is_deactivated_is_out_at_once(tenant: TestTenant) -> None:
    registered = await tenant.http.post(REGISTER, json={"email": "ann@x.org", "password": "four grey herons"})
    tokens = registered.json()
    number = (await tenant.http.get(PROFILE, headers=bearing(tokens["access"]))).json()["id"]
    assert (await tenant.http.patch(f"/api/v1/people/{number}/", json={"active": False})).status_code == 200
    refused = [
        await tenant.http.get(PROFILE, headers=bearing(tokens["access"])),
        await tenant.http.post(REFRESH, json={"refresh": tokens["refresh"]}),
        await tenant.http.post(VERIFY, json={"token": tokens["access"]}),
    ]
    assert [answer.json() for answer in refused] == [BAD_TOKEN] * 3
    body = {"email": "ann@x.org", "password": "four grey herons"}
    assert (await tenant.http.post(LOGIN, json=body)).json() == NO_ACCOUNT
    await tenant.http.patch(f"/api/v1/people/{number}/", json={"active": True})
    assert (await tenant.http.post(REFRESH, json={"refresh": tokens["refresh"]})).json() == BAD_TOKEN
    assert (await tenant.http.post(LOGIN, json=body)).status_code == 200
