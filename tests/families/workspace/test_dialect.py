"""How /api/v1 words every problem: one form for both generations of clients."""

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from starlette.requests import Request

from clerestory.families.workspace import wire
from clerestory.families.workspace.dialect import WorkspaceDialect
from clerestory.kernel import errors
from clerestory.kernel.errors import Fault, Invalid, Kind, Problem
from tests.families.workspace.words import BAD_KEY, NO_CREDENTIAL, NOT_FOUND, READ_ONLY, refusal
from tests.fixtures.tenants import TestTenant

REQUEST = Request({"type": "http", "headers": [], "method": "GET", "path": "/", "clerestory.request_id": "request-1"})

STATUSES = {
    errors.Unauthenticated: (401, "not_authenticated"),
    errors.UnknownKey: (401, "invalid_api_key"),
    errors.Expired: (401, "token_not_valid"),
    errors.WrongPassword: (401, "no_active_account"),
    errors.Revoked: (401, "invalid_api_key"),
    errors.Forbidden: (403, "permission_denied"),
    errors.ReadOnly: (403, "permission_denied"),
    errors.NotFound: (404, "not_found"),
    errors.Absent: (500, "error"),
    errors.Conflict: (409, "conflict"),
    errors.Linked: (409, "conflict"),
    errors.Invalid: (400, "invalid"),
    errors.TooLarge: (413, "request_too_large"),
    errors.NoSuchEndpoint: (404, "not_found"),
    errors.WrongMethod: (405, "method_not_allowed"),
    errors.NotAcceptable: (415, "unsupported_media_type"),
    errors.RateLimited: (429, "throttled"),
    errors.Timeout: (502, "timeout"),
    errors.Unavailable: (503, "service_unavailable"),
    errors.DatabaseFault: (500, "error"),
    errors.Broken: (500, "error"),
}


def made(kind: type[Problem]) -> Problem:
    if issubclass(kind, errors.WrongMethod):
        return kind(("GET",))
    if issubclass(kind, errors.RateLimited):
        return kind(timedelta(seconds=7))
    if issubclass(kind, errors.Broken):
        return kind("abc123")
    return kind()


def said(problem: Problem) -> tuple[int, dict[str, Any], dict[str, str]]:
    response = WorkspaceDialect().answer(problem, REQUEST)
    return response.status_code, msgspec.json.decode(response.body), dict(response.headers)


@pytest.mark.parametrize("kind", errors.PROBLEMS)
def test_every_problem_has_its_status_and_code(kind: type[Problem]) -> None:
    status, body, headers = said(made(kind))
    assert (status, body["code"]) == STATUSES[kind]
    assert body["type"] == (
        "validation_error" if status == 400 else "server_error" if status >= 500 else "client_error"
    )
    assert headers["content-type"] == "application/json"
    assert ("data" in body) == (status == 400)
    assert headers.get("www-authenticate") == ('Bearer realm="api"' if status == 401 else None)
    msgspec.json.decode(msgspec.json.encode(body), type=wire.Error)


def test_faults_that_nest_are_told_nested() -> None:
    status, body, _ = said(
        Invalid(
            Fault("aired.non_field_errors", Kind.INVALID, "Ends before it begins."),
            Fault("aired.begin", Kind.MISSING, "This field is required."),
            Fault("title", Kind.TAKEN, "Taken."),
            Fault("title.length", Kind.INVALID, "Odd."),
            Fault(None, Kind.INVALID, "As a whole, no."),
        )
    )
    assert status == 400
    assert body == {
        "type": "validation_error",
        "errors": [
            {"code": "invalid", "detail": "Ends before it begins.", "attr": "aired.non_field_errors"},
            {"code": "required", "detail": "This field is required.", "attr": "aired.begin"},
            {"code": "unique", "detail": "Taken.", "attr": "title"},
            {"code": "invalid", "detail": "Odd.", "attr": "title.length"},
            {"code": "invalid", "detail": "As a whole, no.", "attr": None},
        ],
        "detail": "Ends before it begins.",
        "code": "invalid",
        "data": {
            "aired": {"non_field_errors": ["Ends before it begins."], "begin": ["This field is required."]},
            "title": {"non_field_errors": ["Taken."], "length": ["Odd."]},
            "non_field_errors": ["As a whole, no."],
        },
    }


def test_a_bug_shows_its_reference_and_nothing_else() -> None:
    _, body, _ = said(errors.Broken("abc123"))
    assert body == {**refusal("error", "Something unexpected went wrong.", "server_error"), "reference": "abc123"}
    _, body, _ = said(errors.DatabaseFault())
    assert body["reference"] == "request-1"


def test_who_may_come_back_is_told_when() -> None:
    assert said(errors.RateLimited(timedelta(milliseconds=10)))[2]["retry-after"] == "1"
    assert said(errors.Unavailable(retry_after=timedelta(seconds=9)))[2]["retry-after"] == "9"


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/", "/api/v2/people/", "/api", "/api/v1/people/abc/"])
async def test_an_unknown_path_is_told_in_json(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (404, refusal("not_found", "There is no such endpoint."))


async def test_a_wrong_method_names_the_right_ones(tenant: TestTenant) -> None:
    answer = await tenant.http.delete("/api/v1/people/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert answer.json() == refusal("method_not_allowed", "This method is not allowed here.")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b'{"email": "\\ud800"}', b"[" * 100_000, b'{"a": 1e999}'])
async def test_a_body_that_cannot_be_read_is_a_parse_error(tenant: TestTenant, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = await tenant.http.post("/api/v1/people/", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "client_error"
    assert answer.json()["code"] == "parse_error"
    assert "data" not in answer.json()


async def test_other_media_types_and_lengths_are_refused(tenant: TestTenant) -> None:
    xml = await tenant.http.post("/api/v1/people/", content=b"<a/>", headers={"content-type": "text/xml"})
    assert xml.status_code == 415
    assert xml.json() == refusal("unsupported_media_type", "This media type is not supported.")
    long = await tenant.http.post("/api/v1/people/", content=b" " * (1024 * 1024 + 1))
    assert long.status_code == 413
    assert long.json() == refusal("request_too_large", "The body may have at most 1048576 bytes.")


async def test_a_form_is_read_as_texts(tenant: TestTenant) -> None:
    for number, files in enumerate((None, {"avatar": b"PNG"})):
        form = {"email": f"ann{number}@example.org", "first_name": "Ann"}
        answer = await tenant.http.post("/api/v1/people/", data=form, files=files)
        assert (answer.status_code, answer.json()["first_name"]) == (201, "Ann")
    curl = {"content-type": "application/x-www-form-urlencoded"}
    body = b'{"email": "curl@example.org"}'
    assert (await tenant.http.post("/api/v1/people/", content=body, headers=curl)).status_code == 201
    broken = {"content-type": "multipart/form-data"}
    answer = await tenant.http.post("/api/v1/people/", content=b"x", headers=broken)
    assert answer.json() == refusal("parse_error", "The body is no valid form.")


@pytest.mark.parametrize("path", ["/api/v1/people/", "/api/v1/people/1/", "/api/v1/settings/", "/api/v1/keys/"])
async def test_public_shows_nothing_of_people(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (401, NO_CREDENTIAL)
    assert answer.headers["www-authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "people/"),
        ("PUT", "people/1/"),
        ("PATCH", "groups/1/"),
        ("DELETE", "people/1/"),
        ("POST", "keys/"),
        ("DELETE", "keys/1/"),
        ("POST", "keys/1/renew/"),
        ("PATCH", "settings/"),
        ("POST", "auth/register/"),
    ],
)
async def test_a_write_without_a_key_is_forbidden(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, f"/api/v1/{path}", content=b"{")
    assert (answer.status_code, answer.json()) == (403, READ_ONLY)


@pytest.mark.parametrize("key", ["", "nobody's", "00000000-0000-4000-8000-000000000000"])
@pytest.mark.parametrize("path", ["people/", "clients/current/", "users/profile/"])
async def test_an_unknown_key_never_falls_back_to_public(client: httpx.AsyncClient, key: str, path: str) -> None:
    answer = await client.get(f"/api/v1/{path}", headers={"Api-Key": key})
    assert (answer.status_code, answer.json()) == (401, BAD_KEY)


async def test_a_trailing_slash_changes_nothing(tenant: TestTenant) -> None:
    for path in ("people", "settings", "keys", "people/list-cursor", "people/999999"):
        bare, slashed = await tenant.http.get(f"/api/v1/{path}"), await tenant.http.get(f"/api/v1/{path}/")
        assert bare.status_code == slashed.status_code
        assert bare.content == slashed.content.replace(b"/?", b"?")
    assert (await tenant.http.get("/api/v1/people/999999")).json() == NOT_FOUND
