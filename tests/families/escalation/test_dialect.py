"""Where the key sits, which environment it is, in which order that is asked, and how each problem is said."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request

from clerestory.families.escalation.dialect import EscalationDialect
from clerestory.kernel import errors
from clerestory.kernel.errors import Fault, Kind, Problem
from tests.families.escalation.people import DEV, LOG
from tests.fixtures.tenants import TestTenant
from tests.standins.server import eventually

ONE_OF_EACH: dict[type[Problem], Problem] = {
    errors.WrongMethod: errors.WrongMethod(("GET",)),
    errors.RateLimited: errors.RateLimited(timedelta(seconds=7)),
    errors.Broken: errors.Broken("abc123"),
    errors.Invalid: errors.Invalid(Fault("code", Kind.INVALID, "No.")),
    errors.TooLarge: errors.TooLarge(Fault(None, Kind.INVALID, "Too long.")),
}

SAID: dict[type[Problem], tuple[int, str, str]] = {
    errors.Unauthenticated: (401, "AUTH_INVALID", "A valid credential is needed."),
    errors.UnknownKey: (401, "AUTH_INVALID", "This key is not known."),
    errors.Expired: (401, "AUTH_INVALID", "The token is invalid or expired."),
    errors.WrongPassword: (401, "AUTH_INVALID", "No active account was found with the given credentials."),
    errors.Revoked: (401, "AUTH_REVOKED", "This credential was revoked."),
    errors.Forbidden: (403, "PERMISSION_DENIED", "You do not have permission to perform this action."),
    errors.ReadOnly: (
        403,
        "PERMISSION_DENIED",
        "The public data is read-only. Send the key of a tenant to write.",
    ),
    errors.NotFound: (404, "NOT_FOUND", "Not found."),
    errors.Absent: (404, "DATA_MISSING", "A record that this answer needs is missing."),
    errors.Conflict: (400, "FIELD_INVALID", "This contradicts what is stored."),
    errors.Linked: (400, "FIELD_INVALID", "Other records still point to this one."),
    errors.Invalid: (400, "FIELD_INVALID", "No."),
    errors.TooLarge: (400, "FIELD_INVALID", "Too long."),
    errors.NoSuchEndpoint: (404, "NOT_FOUND", "There is no such endpoint."),
    errors.WrongMethod: (405, "METHOD_NOT_ALLOWED", "This method is not allowed here."),
    errors.NotAcceptable: (400, "FIELD_INVALID", "This media type is not supported."),
    errors.RateLimited: (429, "RATE_LIMITED", "Too many requests."),
    errors.Timeout: (500, "INTERNAL_DB_ERROR", "The request took too long and was cancelled."),
    errors.Unavailable: (503, "INTERNAL_DB_ERROR", "The service is temporarily unavailable."),
    errors.DatabaseFault: (500, "INTERNAL_DB_ERROR", "The database could not carry this out."),
    errors.Broken: (500, "INTERNAL_SERVER_ERROR", "Reference: abc123"),
}
MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
HEADERS = {
    401: ("www-authenticate", "Bearer"),
    405: ("allow", "GET"),
    429: ("retry-after", "7"),
    503: ("retry-after", "5"),
}


@pytest.mark.parametrize("kind", errors.PROBLEMS)
def test_every_problem_is_said(kind: type[Problem]) -> None:
    request = Request({"type": "http", "headers": [], "method": "GET", "path": "/"})
    answer = EscalationDialect().answer(ONE_OF_EACH.get(kind) or kind(), request)
    status, code, details = SAID[kind]
    error = {"code": code, "message": MESSAGES[status], "details": details}
    assert json.loads(bytes(answer.body)) == {"status": status, "error": error, "code": status}
    assert answer.status_code == status
    name, value = HEADERS.get(status, ("content-type", "application/json"))
    assert answer.headers[name] == value


def failure(status: int, code: str, details: str) -> dict[str, object]:
    error = {"code": code, "message": MESSAGES[status], "details": details}
    return {"status": status, "error": error, "code": status}


@pytest.mark.parametrize("spelling", ["Authorization", "authorization", "x-api-key", "X-API-Key", "Api-Key"])
async def test_the_key_is_found_in_each_of_its_headers(
    client: httpx.AsyncClient, tenant: TestTenant, spelling: str
) -> None:
    value = f"Bearer {tenant.api_key}" if spelling.lower() == "authorization" else tenant.api_key
    assert (await client.get("/profile", headers={spelling: value})).status_code == 200


async def test_bearer_wins_over_the_older_spelling(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    good = {"Authorization": f"Bearer {tenant.api_key}", "x-api-key": "unknown"}
    bad = {"Authorization": "Bearer unknown", "x-api-key": tenant.api_key}
    assert (await client.get("/profile", headers=good)).status_code == 200
    answer = await client.get("/profile", headers=bad)
    assert answer.json() == failure(401, "AUTH_INVALID", "This key is not known.")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic YTpi", "Token abc"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/profile"), ("GET", "/members"), ("POST", "/escalate")])
async def test_what_is_no_bearer_value_is_no_key(client: httpx.AsyncClient, method: str, path: str, value: str) -> None:
    answer = await client.request(method, path, headers={"Authorization": value})
    assert answer.json() == failure(401, "AUTH_INVALID", "A valid credential is needed.")


async def test_a_revoked_key_is_told_apart(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    async with tenant.scope.database.begin() as tx:
        await tx.execute("UPDATE platform.api_key SET revoked = now() WHERE tenant = :tenant", tenant=tenant.tenant.id)
    answer = await client.get("/members", headers={"x-api-key": tenant.api_key})
    assert answer.json() == failure(401, "AUTH_REVOKED", "This key was revoked.")


async def test_a_key_that_may_only_read_does_not_escalate(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    async with tenant.scope.database.begin() as tx:
        await tx.execute(
            "UPDATE platform.api_key SET rights = '{read}' WHERE tenant = :tenant", tenant=tenant.tenant.id
        )
    headers = {"x-api-key": tenant.api_key}
    assert (await client.get("/members", headers=headers)).status_code == 200
    # Permission is asked before the body is looked at.
    answer = await client.post("/escalate", headers=headers, json={})
    details = "You do not have permission to perform this action."
    assert answer.json() == failure(403, "PERMISSION_DENIED", details)
    async with tenant.scope.begin() as tx:
        await tx.execute("INSERT INTO tenant.setting (name, value) VALUES ('escalation_mirror_code', 'false')")
    assert (await client.post("/escalate", headers=headers, json=LOG)).json().keys() == {"status", "error"}


async def test_a_suspended_organisation_is_denied(client: httpx.AsyncClient, tenant: TestTenant) -> None:
    async with tenant.scope.database.begin() as tx:
        await tx.execute("UPDATE platform.tenant SET state = 'SUSPENDED' WHERE id = :tenant", tenant=tenant.tenant.id)
        await tx.execute("SELECT pg_notify('clerestory', 'tenant x')")
    for _ in eventually():
        answer = await client.get("/members", headers={"x-api-key": tenant.api_key})
        if answer.status_code == 403:
            assert answer.json() == failure(403, "PERMISSION_DENIED", "This organisation is suspended.")
            break
        await asyncio.sleep(0.01)


async def test_the_older_word_for_a_missing_field_is_a_flag_of_the_key(
    client: httpx.AsyncClient, tenant: TestTenant
) -> None:
    async with tenant.scope.database.begin() as tx:
        await tx.execute(
            "UPDATE platform.api_key SET flags = '{legacy_codes}' WHERE tenant = :tenant", tenant=tenant.tenant.id
        )
    headers = {"x-api-key": tenant.api_key}
    answer = await client.post("/escalate", headers=headers, json={**LOG, "code": None})
    assert answer.json() == failure(400, "MISSING_FIELDS", "code is required.")
    answer = await client.post("/escalate", headers=headers, json={**LOG, "code": ""})
    assert answer.json() == failure(400, "FIELD_INVALID", "code must not be blank.")


@pytest.mark.parametrize("value", ["DEV", "dev", " Dev "])
async def test_dev_is_asked_for_by_header_in_any_letter_case(tenant: TestTenant, value: str) -> None:
    await tenant.http.post("/escalate", json=LOG, headers={"Environment": value})
    (issue,) = (await tenant.http.get("/api/v1/escalation/issues/")).json()["results"]
    assert issue["environment"] == "DEV"


@pytest.mark.parametrize("headers", [{}, {"Environment": "PROD"}, {"Environment": "prod"}])
async def test_without_a_header_it_is_prod(tenant: TestTenant, headers: dict[str, str]) -> None:
    await tenant.http.post("/escalate", json=LOG, headers=headers)
    (issue,) = (await tenant.http.get("/api/v1/escalation/issues/")).json()["results"]
    assert issue["environment"] == "PROD"


async def test_the_older_second_host_means_dev_unless_the_header_says_otherwise(tenant: TestTenant) -> None:
    host = {"Host": "api-dev.example.org"}
    await tenant.http.post("/escalate", json=LOG, headers=host)
    await tenant.http.post("/escalate", json=LOG, headers={**host, "Environment": "PROD"})
    issues = (await tenant.http.get("/api/v1/escalation/issues/")).json()["results"]
    assert [issue["environment"] for issue in issues] == ["DEV", "PROD"]


@pytest.mark.parametrize("value", ["", "STAGING", "DEVELOPMENT", "DEV, PROD"])
async def test_any_other_environment_is_refused_before_the_key_and_stores_nothing(
    client: httpx.AsyncClient, tenant: TestTenant, value: str
) -> None:
    headers = {"Environment": value, "Authorization": "Bearer unknown"}
    answer = await client.post("/escalate", json=LOG, headers=headers)
    assert answer.json() == failure(400, "FIELD_INVALID", "The header Environment must be DEV or PROD.")
    answer = await tenant.http.post("/escalate", json=LOG, headers={"Environment": value})
    assert answer.status_code == 400
    assert (await tenant.http.get("/api/v1/escalation/logs/")).json()["count"] == 0


async def test_the_route_is_looked_for_before_anything_else(client: httpx.AsyncClient) -> None:
    bad = {"Environment": "STAGING"}
    answer = await client.delete("/escalate", headers=bad)
    assert answer.json() == failure(405, "METHOD_NOT_ALLOWED", "This method is not allowed here.")
    assert answer.headers["allow"] == "POST"
    answer = await client.get("/log/a/b", headers=bad)
    assert answer.json() == failure(404, "NOT_FOUND", "There is no such endpoint.")


async def test_the_key_is_asked_for_before_a_body_that_is_too_long_whatever_the_parameters(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/escalate", "/escalate?log_key=x"):
        answer = await client.post(path, content=b" " * 70_000)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTH_INVALID")


async def test_the_key_is_asked_for_before_the_body(client: httpx.AsyncClient) -> None:
    answer = await client.post("/escalate", content=b"no json", headers=DEV)
    assert answer.json() == failure(401, "AUTH_INVALID", "A valid credential is needed.")


async def test_a_trailing_slash_is_the_same_path(client: httpx.AsyncClient) -> None:
    assert (await client.get("/status/")).status_code == 200
