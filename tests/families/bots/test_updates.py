"""Changes of open objects: what is merged, what is replaced, what is kept as it was sent, and all of it or nothing."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from tests.families.bots.tower import NOTHING, Customer, Json, Tower, refused

NUMBERS = [
    "0",
    "-0",
    "1.10",
    "100.000",
    "-7.5",
    "1234567890123456789012345",
    "-9223372036854775809",
    "18446744073709551616",
    "0.1234567890123456789",
    "3.141592653589793238462643383279",
    "9007199254740993",
]
RESERVED = ["type", "status", "language", "data", "url", "USER", "users", "value", "Token", "role", "comment", "count"]
KEYS = [
    "",
    " ",
    "a.b",
    "a-b",
    "1st",
    "$ref",
    "#",
    "ключ",
    "🦉",
    "__proto__",
    "constructor",
    "a\nb",
    '"',
    "\\",
    "\u0001",
]


async def changed(tower: Tower, by: Customer, body: Any) -> Json:
    """The bot after the change, without what the server made of it."""
    after = await tower.got("PUT", f"/v1/bots/{by.bot}", by, json=body)
    read = await tower.got("GET", f"/v1/bots/{by.bot}", by)
    assert after == read
    return {name: value for name, value in after.items() if name not in ("id", "customerId", "admins", "inviteCode")}


NEWBORN: Json = {"type": "ecommerce", "facebook": {}, "vtex": {}, "replies": "{}"}

# §7


@pytest.mark.parametrize(
    "value", ["text", "", 5, -1.5, True, False, None, [], {}, [1, [2, {"a": []}]], {"b": {"c": 1}}]
)
async def test_a_value_is_added_and_replaced_as_it_is(tower: Tower, ann: Customer, value: object) -> None:
    assert await changed(tower, ann, {"a": value}) == {**NEWBORN, "a": value}
    assert await changed(tower, ann, {"a": "before"}) == {**NEWBORN, "a": "before"}
    assert await changed(tower, ann, {"a": value}) == {**NEWBORN, "a": value}


async def test_a_map_is_merged_to_any_depth(tower: Tower, ann: Customer) -> None:
    await changed(tower, ann, {"vtex": {"apiKey": "k", "deep": {"one": {"a": 1, "b": 2}, "two": 2}}})
    after = await changed(tower, ann, {"vtex": {"deep": {"one": {"b": None, "c": [3]}}}})
    assert after["vtex"] == {"apiKey": "k", "deep": {"one": {"a": 1, "b": None, "c": [3]}, "two": 2}}


@pytest.mark.parametrize("empty", [{}, []])
async def test_an_empty_map_or_list_replaces_at_any_depth(tower: Tower, ann: Customer, empty: object) -> None:
    await changed(tower, ann, {"vtex": {"deep": {"a": 1}, "b": 2}, "ctx": {"c": 3}})
    after = await changed(tower, ann, {"vtex": {"deep": empty}, "ctx": empty})
    assert after == {**NEWBORN, "vtex": {"deep": empty, "b": 2}, "ctx": empty}


async def test_an_empty_map_prepares_one(tower: Tower, ann: Customer) -> None:
    await changed(tower, ann, {"ctx": {}})
    assert (await changed(tower, ann, {"ctx": {"a": {"b": 1}}}))["ctx"] == {"a": {"b": 1}}


async def test_a_map_whose_parent_is_missing_is_made(tower: Tower, ann: Customer) -> None:
    assert (await changed(tower, ann, {"sage": {"spellId": {"x": {"y": 1}}}}))["sage"] == {"spellId": {"x": {"y": 1}}}


@pytest.mark.parametrize("value", ["x", 0, False, None, [1]])
async def test_a_scalar_or_list_replaces_a_map_and_a_map_replaces_it(
    tower: Tower, ann: Customer, value: object
) -> None:
    await changed(tower, ann, {"a": {"b": {"c": 1}}})
    assert (await changed(tower, ann, {"a": {"b": value}}))["a"] == {"b": value}
    assert (await changed(tower, ann, {"a": {"b": {"d": 2}}}))["a"] == {"b": {"d": 2}}


async def test_a_list_is_replaced_and_not_merged(tower: Tower, ann: Customer) -> None:
    await changed(tower, ann, {"a": [{"b": 1}, 2, 3]})
    assert (await changed(tower, ann, {"a": [{"c": 1}]}))["a"] == [{"c": 1}]


@pytest.mark.parametrize("name", [*RESERVED, *KEYS])
async def test_any_key_is_taken_at_any_depth(tower: Tower, ann: Customer, name: str) -> None:
    body = {name: {name: {name: "x"}}}
    assert await changed(tower, ann, body) == {**NEWBORN, **body}


@pytest.mark.parametrize("number", NUMBERS)
async def test_a_number_is_answered_digit_by_digit(tower: Tower, ann: Customer, number: str) -> None:
    body = f'{{"a":{number},"apiKey":{number},"b":[{number},{{"c":{number}}}]}}'
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=body)
    read = await tower.call("GET", f"/v1/bots/{ann.bot}", ann)
    assert answer.text == read.text
    kept = "0" if number == "-0" else number
    assert [str(one) for one in _numbers(json.loads(answer.text, parse_int=Decimal, parse_float=Decimal))] == [kept] * 4


def _numbers(body: Json) -> list[Decimal]:
    return [body["a"], abs(body["apiKey"]) if body["apiKey"] == 0 else body["apiKey"], body["b"][0], body["b"][1]["c"]]


async def test_sixteen_thousand_digits_are_kept_and_twenty_thousand_refused(tower: Tower, ann: Customer) -> None:
    number = "0." + "7" * 16_000
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=f'{{"a":{number}}}')
    assert f'"a":{number}' in answer.text
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=f'{{"a":{number}{"7" * 4000}}}')
    refused(answer, ("invalidRequestError", "A value is out of the range that can be stored."))


@pytest.mark.parametrize("number", ["9.99e126", "-9.99E+126", "1e-130", "1e2", "0e0", "0e-500", "12E-3"])
async def test_a_number_with_an_exponent_keeps_its_value(tower: Tower, ann: Customer, number: str) -> None:
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=f'{{"a":{number},"token":{number}}}')
    body = json.loads(answer.text, parse_int=Decimal, parse_float=Decimal)
    assert (body["a"], body["token"]) == (Decimal(number), Decimal(number))


@pytest.mark.parametrize("number", ["1e127", "-1e127", "1e-131", "1e999999999", "1e-999999999", "9" * 128, "9" * 9000])
@pytest.mark.parametrize("name", ["a", "apiKey"])
async def test_a_number_out_of_range_is_refused(tower: Tower, ann: Customer, number: str, name: str) -> None:
    body = f'{{"b":1,"{name}":[{number}]}}'
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=body)
    refused(answer, ("invalidRequestError", "Numbers may reach from 1e-130 to 9.99e126."))
    assert "b" not in await tower.got("GET", f"/v1/bots/{ann.bot}", ann)


@pytest.mark.parametrize(
    "text", ["Zé Größe", "🦉🏳️‍🌈", "\u200b\u202e", "a\u0301", "\u0001\u001f\u007f", "\\\"'\n", "<b>&"]
)
async def test_text_is_answered_as_it_was_sent(tower: Tower, ann: Customer, text: str) -> None:
    body = {"a": text, text: {text: [text]}, "apiToken": text}
    assert await changed(tower, ann, body) == {**NEWBORN, **body}


@pytest.mark.parametrize(
    "body", ['{"a":"x\\u0000y"}', '{"a\\u0000":1}', '{"a":[{"b":"\\u0000"}]}', '{"apiKey":"\\u0000"}']
)
async def test_a_text_that_cannot_be_stored_is_refused(tower: Tower, ann: Customer, body: str) -> None:
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, content=body)
    refused(answer, ("invalidRequestError", "U+0000 and halves of surrogate pairs cannot be stored."))


async def test_one_thing_that_is_refused_leaves_all_as_it_was(tower: Tower, ann: Customer) -> None:
    before = await tower.stored()
    for bad in ('"\\u0000"', "1e127", "[" * 32 + "]" * 32):
        for path in (f"/v1/bots/{ann.bot}", f"/v1/customers/{ann.id}", f"/v1/users/1?botId={ann.bot}"):
            answer = await tower.call("PUT", path, ann, content=f'{{"good":1,"inviteCode":"new","bad":{bad}}}')
            assert (answer.status_code, answer.headers["content-type"]) == (500, "text/plain")
            assert answer.json()["error"]["name"] == "invalidRequestError"
    assert await tower.stored() == before


async def test_replies_stay_the_text_that_they_are(tower: Tower, ann: Customer) -> None:
    replies = json.dumps({"olá": {"title": "T", "text": "x", "buttons": ["a"]}})
    assert await changed(tower, ann, {"replies": replies}) == {**NEWBORN, "replies": replies}


@pytest.mark.parametrize("body", ["{}", "", " ", "\n"])
async def test_a_change_of_nothing_fails(tower: Tower, ann: Customer, body: str) -> None:
    for path in (f"/v1/bots/{ann.bot}", f"/v1/customers/{ann.id}", f"/v1/users/1?botId={ann.bot}"):
        refused(await tower.call("PUT", path, ann, content=body), NOTHING)


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "5", "true", '[{"a":1}]'])
async def test_a_change_that_is_no_object_fails(tower: Tower, ann: Customer, body: str) -> None:
    words = ("invalidRequestError", "The body must be a JSON object.")
    for path in (f"/v1/bots/{ann.bot}", f"/v1/customers/{ann.id}", f"/v1/users/1?botId={ann.bot}"):
        refused(await tower.call("PUT", path, ann, content=body), words)
    refused(await tower.call("PUT", f"/v1/users?botId={ann.bot}", ann, content=body), words)


# Parallel changes


@pytest.mark.parametrize("which", ["bot", "customer", "user"])
async def test_32_parallel_changes_of_different_keys_lose_none(tower: Tower, ann: Customer, which: str) -> None:
    path = {
        "bot": f"/v1/bots/{ann.bot}",
        "customer": f"/v1/customers/{ann.id}",
        "user": f"/v1/users/u?botId={ann.bot}",
    }[which]
    bodies = [{f"k{number}": number, "shared": {"deep": {f"k{number}": number}}} for number in range(32)]
    await asyncio.gather(*(tower.got("PUT", path, ann, json=body) for body in bodies))
    whole = await tower.got("GET", path, ann)
    every = {f"k{number}": number for number in range(32)}
    assert {name: whole[name] for name in every} == every
    assert whole["shared"] == {"deep": every}
