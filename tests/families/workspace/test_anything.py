"""Whatever a client sends, the fault is named as the client's: nothing of it is a server's error."""

from typing import Any

import hypothesis.strategies as st
import msgspec
from hypothesis import HealthCheck, example, given, settings

from clerestory.app import Application
from clerestory.families.workspace import wire
from tests.fixtures.tenants import TestTenant

ODD = ["\0", "\ud800", "a@x.org", "+447772572105", "9" * 30, "'; --", "%", "\\", "é" * 300, "1e999", "null"]
TEXTS = st.text(max_size=40) | st.sampled_from(ODD)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))
MEMBERS = ["email", "first_name", "phone_number", "avatar", "active", "administrator", "password", "name", "members"]
BODIES = st.dictionaries(st.sampled_from(MEMBERS) | TEXTS, JSON, max_size=6)
PARAMETERS = ["limit", "offset", "ordering", "search", "cursor", "id", "id__in", "uuid", "created__gte", "email__in"]
QUERIES = st.dictionaries(st.sampled_from(PARAMETERS), TEXTS, max_size=3)
PATHS = [
    "people",
    "people/1",
    "people/list-cursor",
    "groups",
    "groups/1",
    "settings",
    "keys",
    "auth/login",
    "auth/register",
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

REQUESTS = st.tuples(st.sampled_from(METHODS), st.sampled_from(PATHS), QUERIES, BODIES)


def encoded(body: Any) -> bytes:
    """As JSON; what JSON cannot hold is sent as a careless client would."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return repr(body).replace("'", '"').encode("utf-8", "surrogatepass")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(request_=REQUESTS)
@example(request_=("POST", "people", {}, {"email": "a@x.org", "phone_number": 2**70}))
@example(request_=("POST", "groups", {}, {"name": "Big", "members": [2**63]}))
@example(request_=("GET", "people", {"ordering": "id,id,-id", "id__in": "9" * 19}, {}))
@example(request_=("GET", "people", {"email": "\ud800"}, {}))
async def test_nothing_that_is_sent_is_a_server_error(
    tenant: TestTenant, request_: tuple[str, str, dict[str, str], dict[str, Any]]
) -> None:
    method, path, query, body = request_
    params = {name: text.encode("utf-8", "surrogatepass").decode("latin-1") for name, text in query.items()}
    content = None if method == "GET" else encoded(body)
    answer = await tenant.http.request(method, f"/api/v1/{path}/", params=params, content=content)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        msgspec.json.decode(answer.content, type=wire.Error)


async def test_bytes_that_no_query_may_hold_are_borne(application: Application, tenant: TestTenant) -> None:
    answers = []

    async def send(message: Any) -> None:
        answers.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    asgi = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/people/",
        "raw_path": b"/api/v1/people/",
        "query_string": b"role=\xff\xfe",
        "headers": [(b"api-key", tenant.api_key.encode()), (b"host", b"[::")],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 5),
    }
    await application.asgi(asgi, receive, send)
    assert answers[0]["status"] == 200
