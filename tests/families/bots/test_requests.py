"""Requests: addresses, headers, bodies however broken, where a parameter is read, and which tenant is meant."""

import json
from typing import Any

import httpx
import pytest

from tests.families.bots.tower import (
    NO_BOT_NAMED,
    NO_HEADER,
    NOT_ADMIN,
    NOTHING,
    UNKNOWN_BOT,
    UNKNOWN_CUSTOMER,
    Customer,
    Json,
    Tower,
    plain,
    refused,
)
from tests.standins.facebook import MALFORMED, MALFORMED_TOKEN

CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key",
}
MALFORMED_TEXT = json.dumps(MALFORMED_TOKEN, separators=(",", ":"))
OPTIONS = {
    "/customers": "POST,OPTIONS",
    "/customers/1": "GET,PUT,OPTIONS",
    "/bots": "POST,OPTIONS",
    "/bots/1": "GET,PUT,OPTIONS",
    "/bots/1/admins/2": "DELETE,OPTIONS",
    "/users": "GET,POST,PUT,OPTIONS",
    "/users/1": "GET,PUT,OPTIONS",
}


def calls(ann: Customer) -> list[tuple[str, str, Json | None, int]]:
    """Each route, its body, and its status."""
    return [
        ("POST", "/customers", None, 201),
        ("GET", f"/customers/{ann.id}", None, 200),
        ("PUT", f"/customers/{ann.id}", {"a": 1}, 200),
        ("POST", "/bots", {}, 201),
        ("GET", f"/bots/{ann.bot}", None, 200),
        ("PUT", f"/bots/{ann.bot}", {"a": 1}, 200),
        ("POST", "/users", {"botId": ann.bot}, 201),
        ("GET", f"/users?botId={ann.bot}", None, 200),
        ("PUT", "/users", {"botId": ann.bot, "ids": ["1"], "update": {"a": 1}}, 200),
        ("GET", f"/users/1?botId={ann.bot}", None, 200),
        ("PUT", "/users/1", {"botId": ann.bot, "a": 1}, 200),
    ]


# §1: addresses, CORS, media types


@pytest.mark.parametrize("prefix", ["/v1", "/latest/v1"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_every_route_is_below_both_prefixes_with_and_without_a_slash(
    tower: Tower, ann: Customer, prefix: str, slash: str
) -> None:
    for method, path, body, status in calls(ann):
        address, _, query = path.partition("?")
        answer = await tower.call(method, f"{prefix}{address}{slash}?{query}", ann, json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json"), path
        assert {name: answer.headers[name] for name in CORS} == CORS


@pytest.mark.parametrize("prefix", ["/v1", "/latest/v1"])
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(("path", "methods"), OPTIONS.items())
async def test_a_browser_may_ask_first_without_a_token(
    client: httpx.AsyncClient, prefix: str, slash: str, path: str, methods: str
) -> None:
    asks = {"Origin": "https://example.org", "Access-Control-Request-Method": "PUT", "Api-Key": "unknown"}
    answer = await client.options(f"{prefix}{path}{slash}", headers=asks)
    assert (answer.status_code, answer.content) == (200, b"")
    assert {name: answer.headers[name] for name in CORS} == CORS
    assert answer.headers["access-control-allow-methods"] == methods


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1"),
        ("GET", "/v1/nothing"),
        ("GET", "/v1/customers"),
        ("GET", "/v1/bots"),
        ("DELETE", "/v1/bots/1"),
        ("PATCH", "/v1/users/1"),
        ("GET", "/latest/v1/users/1/2"),
        ("GET", "/latest"),
        ("POST", "/latest/v2/customers"),
    ],
)
async def test_an_unknown_route_or_method_is_answered_by_the_gateway(tower: Tower, method: str, path: str) -> None:
    for headers, message in (
        ({}, "Missing Authentication Token"),
        ({"Authorization": "x"}, "Authorization header requires 'Credential' parameter."),
    ):
        answer = await tower.call(method, path, headers=headers)
        found = (answer.status_code, answer.headers["content-type"], answer.text)
        assert found == (403, "application/json", f'{{"message":"{message}"}}')
        assert {name: answer.headers[name] for name in CORS} == CORS


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/json", "APPLICATION/JSON", None])
async def test_json_is_json_with_and_without_its_name(tower: Tower, ann: Customer, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    content = '{"a":"Größe"}'.encode()
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=content, headers=headers)
    assert (answer.status_code, answer.json()["a"]) == (200, "Größe")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/xml", "text/xml"])
async def test_of_a_body_that_is_one_text_no_field_is_seen(tower: Tower, ann: Customer, kind: str) -> None:
    headers = {"content-type": kind}
    for content in ('{"a":1}', "a=1&botId=2", "<a/>", "{"):
        answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=content, headers=headers)
        refused(answer, NOTHING)
    body = json.dumps({"botId": ann.bot})
    refused(await tower.call("POST", "/v1/users", ann, content=body, headers=headers), NO_BOT_NAMED)
    answer = await tower.call("POST", f"/v1/users?botId={ann.bot}", ann, content=body, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "image/png", "application/jsonx", "*/*"])
async def test_any_other_media_type_is_refused(tower: Tower, ann: Customer, kind: str) -> None:
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=b"{}", headers={"content-type": kind})
    refused(answer, ("unsupportedMediaTypeError", "This media type is not supported."))


# §1, and bodies however broken


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"}",
        b"nul",
        b"\xff",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":1}x',
        b'"\\ud800"',
        b'{"a":01}',
        b"\xef\xbb\xbf{}",
        b"\0",
    ],
)
async def test_broken_json_is_answered_by_the_gateway(tower: Tower, ann: Customer, body: bytes) -> None:
    for method, path, given, _ in calls(ann):
        if given is not None:
            answer = await tower.call(method, f"/v1{path}", ann, content=body)
            found = (answer.status_code, answer.headers["content-type"], answer.text)
            assert found == (400, "application/json", '{"message":"Could not parse request body into json."}')
            assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_bad_token_beats_any_other_mistake(tower: Tower, ann: Customer) -> None:
    bodies = (b"{", b"null", b"[]", b"[" * 9000, b" " * 300_000, b'{"id":1,"customerId":"x"}')
    for method, path, _, _ in calls(ann):
        for body in bodies:
            for kind in ("application/json", "image/png"):
                sent: Any = {"content": body, "headers": {"content-type": kind}}
                refused(await tower.call(method, f"/v1{path}", **sent), NO_HEADER)
                plain(await tower.call(method, f"/v1{path}", MALFORMED, **sent), MALFORMED_TEXT)


def nested(levels: int, kind: str) -> bytes:
    """A body of so many levels, itself counted."""
    inner = levels - 1
    return (
        '{"a":' + ("[" * inner + "]" * inner if kind == "list" else '{"a":' * inner + "1" + "}" * inner) + "}"
    ).encode()


@pytest.mark.parametrize("kind", ["list", "map"])
async def test_32_levels_are_taken_and_more_refused(tower: Tower, ann: Customer, kind: str) -> None:
    too_deep = ("invalidRequestError", "At most 32 levels may be nested.")
    path = f"/v1/bots/{ann.bot}"
    answer = await tower.call("PUT", path, ann, content=nested(32, kind))
    assert answer.json()["a"] == json.loads(nested(32, kind))["a"]
    for levels in (33, 1000, 40_000):
        for one in (path, f"/v1/customers/{ann.id}", f"/v1/users/1?botId={ann.bot}"):
            refused(await tower.call("PUT", one, ann, content=nested(levels, kind)), too_deep)
        answer = await tower.call("PUT", f"/v1/users?botId={ann.bot}", ann, content=nested(levels, kind))
        refused(answer, too_deep)


async def test_256_kib_are_taken_and_more_refused(tower: Tower, ann: Customer) -> None:
    path, most = f"/v1/bots/{ann.bot}", 256 * 1024
    body = b'{"a":"' + b"x" * (most - 8) + b'"}'
    assert len(body) == most
    answer = await tower.call("PUT", path, ann, content=body)
    assert len(answer.json()["a"]) == most - 8
    too_long = ("bodyTooLargeError", "The body may have at most 262144 bytes.")
    for longer in (body.replace(b"x", b"xx", 1), b" " * (most + 1), b'{"ids":' + body + b"}"):
        refused(await tower.call("PUT", path, ann, content=longer), too_long)
    surface = ("bodyTooLargeError", "The body may have at most 786432 bytes.")
    refused(await tower.call("PUT", path, ann, content=b" " * 786_433), surface)


async def test_a_null_byte_anywhere_is_a_refusal(tower: Tower, ann: Customer) -> None:
    text = "U+0000 and halves of surrogate pairs cannot be stored."
    for body in ({"botId": ann.bot, "name": "a\0"}, {"botId": ann.bot, "facebookId": ["\0"]}):
        refused(await tower.call("POST", "/v1/users", ann, json=body), ("invalidRequestError", text))
    for customer in ("\0", ["x"], 5):
        refused(await tower.call("POST", "/v1/bots", ann, json={"customerId": customer}), UNKNOWN_CUSTOMER)
    for bot in ("\0", ["x"], 5, {"a": 1}, True):
        refused(await tower.call("POST", "/v1/users", ann, json={"botId": bot}), UNKNOWN_BOT)
    assert await tower.count("bots_user") == 0


# §4


async def test_the_path_beats_the_query_and_the_query_the_body(tower: Tower, ann: Customer, bob: Customer) -> None:
    other = (await tower.got("POST", "/v1/bots", ann))["id"]
    made = await tower.got(
        "POST", f"/v1/users?botId={ann.bot}&name=Q&facebookId=7", ann, json={"botId": other, "name": "B"}
    )
    assert made == {"botId": ann.bot, "id": made["id"], "name": "Q", "facebookId": "7"}
    changed = await tower.got("PUT", f"/v1/users/{made['id']}?botId={ann.bot}", ann, json={"botId": other, "a": 1})
    assert changed == {**made, "a": 1}
    refused(await tower.call("PUT", f"/v1/users/1?botId={bob.bot}", ann, json={"botId": ann.bot, "a": 1}), NOT_ADMIN)
    shown = await tower.got("GET", f"/v1/bots/{other}?botId={ann.bot}", ann)
    assert shown["id"] == other
    who = await tower.got("GET", f"/v1/customers/{ann.id}?customerId={bob.id}", ann)
    assert who["id"] == ann.id


async def test_an_empty_value_counts_as_absent(tower: Tower, ann: Customer) -> None:
    made = await tower.got("POST", "/v1/users?botId=&name=&customerId=", ann, json={"botId": ann.bot, "name": "B"})
    assert (made["botId"], made["name"]) == (ann.bot, "B")
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}?customerId=", ann))["id"] == ann.bot
    assert await tower.got("GET", f"/v1/users/{made['id']}?botId={ann.bot}&customerId=", ann) == made
