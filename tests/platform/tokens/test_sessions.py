"""Sessions: opened in one client, bound to it, ended at once; and how often a log-in may fail."""

from datetime import timedelta

import httpx
import pytest

from clerestory.app import Application
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import RateLimited, WrongPassword
from clerestory.platform.database import Database
from clerestory.platform.identity import login
from clerestory.platform.identity.login import Credentials
from clerestory.platform.limits import Limits
from clerestory.platform.tokens import sessions
from clerestory.platform.tokens.attempts import Attempt, Attempts, AttemptSettings
from clerestory.platform.tokens.sessions import COOKIE, Opened
from tests.fixtures.clocks import visitor
from tests.fixtures.tenants import MakeTenant, TestTenant


async def opened(tenant: TestTenant) -> Opened:
    return await login.log_in(tenant.scope, Credentials(tenant.client, tenant.email, tenant.password, "10.0.0.1"))


def browser(application: Application, session: Opened) -> httpx.AsyncClient:
    return visitor(application, Cookie=f"{COOKIE}={session.text}")


async def test_a_session_reads_and_with_its_token_writes(application: Application, tenant: TestTenant) -> None:
    session = await opened(tenant)
    async with browser(application, session) as http:
        assert (await http.get("/api/v1/users/profile/")).json()["email"] == tenant.email
        body = {"first_name": "Janet"}
        forged = await http.patch("/api/v1/users/update-profile/", json=body)
        assert (forged.status_code, forged.json()["code"]) == (403, "permission_denied")
        headers = {"X-CSRFToken": session.csrf}
        assert (await http.patch("/api/v1/users/update-profile/", json=body, headers=headers)).status_code == 200


async def test_a_key_wins_over_a_session(application: Application, make_tenant: MakeTenant) -> None:
    ours, theirs = await make_tenant(), await make_tenant()
    async with browser(application, await opened(ours)) as http:
        assert (await http.get("/api/v1/clients/current/")).json()["client"] == ours.client
        keyed = await http.get("/api/v1/clients/current/", headers={"Api-Key": theirs.api_key})
        assert keyed.json()["client"] == theirs.client
        forged = {"Api-Key": theirs.api_key}
        assert (await http.post("/api/v1/groups/", json={"name": "x"}, headers=forged)).status_code == 201


async def test_a_session_ends_when_it_is_told_to(application: Application, tenant: TestTenant) -> None:
    first, second = await opened(tenant), await opened(tenant)
    await sessions.log_out(tenant.scope.direct(), first.text)
    await sessions.log_out(tenant.scope.direct(), "unknown")
    async with browser(application, first) as gone, browser(application, second) as stays:
        assert (await gone.get("/api/v1/users/profile/")).status_code == 401
        assert (await stays.get("/api/v1/users/profile/")).status_code == 200
        await sessions.log_out_everywhere(tenant.scope.direct(), tenant.tenant.id, second.person_uuid)
        assert (await stays.get("/api/v1/users/profile/")).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"client": "nobody_000000"}, {"client": "public"}, {"client": ""}, {"email": "x@x.org"}, {"password": "wrong"}],
)
async def test_every_wrong_log_in_has_one_answer(tenant: TestTenant, wrong: dict[str, str]) -> None:
    right = {"client": tenant.client, "email": tenant.email, "password": tenant.password}
    with pytest.raises(WrongPassword) as refused:
        await login.log_in(tenant.scope, Credentials(**{**right, **wrong}, address="10.0.0.2"))
    assert refused.value.text == WrongPassword.default


async def test_failures_are_borne_so_often_for_an_account_and_an_address(database: Database) -> None:
    attempts = Attempts(Limits(database), AttemptSettings(for_account=2, from_address=3, window=timedelta(minutes=5)))
    now, ann = utc_now(), Attempt("acme", "ann@x.org", "10.0.0.1")
    await attempts.begin(ann, now)
    await attempts.begin(Attempt("ACME", "Ann@x.org ", "10.0.0.1"), now)
    with pytest.raises(RateLimited) as refused:
        await attempts.begin(ann, now + timedelta(minutes=1))
    assert refused.value.retry_after == timedelta(minutes=4)
    await attempts.begin(Attempt("acme", "bob@x.org", "10.0.0.2"), now)
    with pytest.raises(RateLimited):
        await attempts.begin(Attempt("other", "eve@x.org", "10.0.0.1"), now)
    await attempts.begin(ann, now + timedelta(minutes=5))


async def test_an_address_past_its_bound_locks_nobody_out(database: Database) -> None:
    attempts, now = Attempts(Limits(database), AttemptSettings(for_account=2, from_address=3)), utc_now()
    for name in "abc":
        await attempts.begin(Attempt("acme", f"{name}@x.org", "10.0.0.1"), now)
    for _ in range(5):
        with pytest.raises(RateLimited):
            await attempts.begin(Attempt("acme", "ann@x.org", "10.0.0.1"), now)
    await attempts.begin(Attempt("acme", "ann@x.org", "10.0.0.2"), now)


async def test_all_addresses_of_one_network_count_as_one(database: Database) -> None:
    attempts, now = Attempts(Limits(database), AttemptSettings(from_address=2)), utc_now()
    await attempts.begin(Attempt("acme", "a@x.org", "2001:db8:1:2::1"), now)
    await attempts.begin(Attempt("acme", "b@x.org", "2001:db8:1:2:ffff::9"), now)
    with pytest.raises(RateLimited):
        await attempts.begin(Attempt("acme", "c@x.org", "2001:db8:1:2:aaaa::"), now)
    await attempts.begin(Attempt("acme", "c@x.org", "2001:db8:1:3::1"), now)


async def test_both_names_of_a_client_count_as_one(tenant: TestTenant) -> None:
    names = (tenant.client, tenant.schema, tenant.schema.upper())
    for tried in range(AttemptSettings().for_account):
        with pytest.raises(WrongPassword):
            await login.log_in(tenant.scope, Credentials(names[tried % 3], tenant.email, "wrong", f"10.0.9.{tried}"))
    with pytest.raises(RateLimited):
        await login.log_in(tenant.scope, Credentials(names[1], tenant.email, "wrong", "10.0.9.99"))


async def test_a_success_is_not_counted(database: Database) -> None:
    attempts = Attempts(Limits(database), AttemptSettings(for_account=2, from_address=3))
    ann = Attempt("acme", "ann@x.org", "10.0.0.1")
    for _ in range(10):
        await attempts.begin(ann, utc_now())
        await attempts.succeeded(ann)


async def test_a_form_with_the_sessions_token_writes_too(application: Application, tenant: TestTenant) -> None:
    session = await opened(tenant)
    async with browser(application, session) as http:
        form = {"name": "by form", "csrf": session.csrf}
        made = await http.post("/api/v1/keys/", data=form)
        assert (made.status_code, made.json()["name"]) == (201, "by form")
        assert (await http.post("/api/v1/keys/", data={**form, "csrf": "another"})).status_code == 403
