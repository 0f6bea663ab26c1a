"""Customers: made once at the first call, read and changed by themselves alone, and the same people as the tenant's."""

import asyncio
from collections import Counter

import pytest

from tests.families.bots.tower import (
    ANN,
    BOB,
    CID,
    DAN,
    NO_ONE,
    NOTHING,
    PEOPLE,
    UNKNOWN_CUSTOMER,
    UUID_4,
    Customer,
    Tower,
    refused,
)


def denied(by: Customer, to: str) -> tuple[str, str]:
    text = f"The facebook user {by.facebook_id} is not allowed to acces data of customer {to}"
    return "fbUserDeniedAccessError", text


# §6.1, §5


async def test_the_first_call_makes_the_customer_and_a_first_bot(tower: Tower) -> None:
    answer = await tower.call("POST", "/v1/customers", ANN)
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    [bot] = body["bots"]
    assert body == {
        "id": body["id"],
        "facebookId": "10154544223979636",
        "name": "Ann Campos Byron",
        "email": "ann@example.org",
        "bots": [bot],
    }
    assert UUID_4.fullmatch(body["id"])
    assert UUID_4.fullmatch(bot)
    assert (await tower.got("GET", f"/v1/bots/{bot}", ANN))["admins"] == [body["id"]]


async def test_an_answer_has_no_spaces(tower: Tower, ann: Customer) -> None:
    text = (await tower.call("GET", f"/v1/customers/{ann.id}", ann)).text
    assert ": " not in text
    assert ", " not in text


async def test_without_an_email_the_key_is_absent(tower: Tower) -> None:
    body = await tower.got("POST", "/v1/customers", CID)
    assert body == {"id": body["id"], "facebookId": "10154544223979638", "name": "Cid", "bots": body["bots"]}


async def test_a_second_call_is_answered_with_the_record_as_it_is_stored(tower: Tower, ann: Customer) -> None:
    changed = await tower.got("PUT", f"/v1/customers/{ann.id}", ann, json={"name": "Ann", "plan": {"seats": 3}})
    assert await tower.got("POST", "/v1/customers", ann) == changed
    assert changed["name"] == "Ann"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff", b'{"id":"x","facebookId":"1","bots":[]}', b"a=1"])
@pytest.mark.parametrize("kind", ["application/json", "image/png"])
async def test_the_body_of_the_first_call_is_not_looked_at(tower: Tower, body: bytes, kind: str) -> None:
    answer = await tower.call("POST", "/v1/customers", ANN, content=body, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["facebookId"]) == (201, "10154544223979636")


@pytest.mark.parametrize(("token", "people"), [(ANN, 2), (CID, 1)])
async def test_64_first_calls_at_once_make_one_customer_with_one_bot(tower: Tower, token: str, people: int) -> None:
    answers = await asyncio.gather(*(tower.call("POST", "/v1/customers", token) for _ in range(64)))
    assert Counter(answer.status_code for answer in answers) == {201: 64}
    assert len({answer.text for answer in answers}) == 1
    counts = [await tower.count(table) for table in ("bots_customer", "bots_bot", "bots_admin")]
    assert counts == [1, 1, 1]
    # One of them is who registered the tenant.
    assert await tower.count("person") == people


# §6.2


async def test_a_customer_reads_itself(tower: Tower, ann: Customer) -> None:
    made = await tower.got("POST", "/v1/customers", ann)
    assert await tower.got("GET", f"/v1/customers/{ann.id}", ann) == made
    assert made["bots"] == [ann.bot]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_another_customer_is_denied(tower: Tower, ann: Customer, bob: Customer, method: str) -> None:
    answer = await tower.call(method, f"/v1/customers/{bob.id}", ann, json={"name": "mine"})
    refused(answer, denied(ann, bob.id))
    assert (await tower.got("GET", f"/v1/customers/{bob.id}", bob))["name"] == "Bob Müller"


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("who", [NO_ONE, "x", "%00", "%F0%9F%A6%89", "a" * 3000, "'--"])
async def test_an_id_that_nobody_has_is_unknown_whatever_its_form(
    tower: Tower, ann: Customer, method: str, who: str
) -> None:
    refused(await tower.call(method, f"/v1/customers/{who}", ann, json={"a": 1}), UNKNOWN_CUSTOMER)


async def test_an_id_in_other_letters_is_another_id(tower: Tower, ann: Customer) -> None:
    refused(await tower.call("GET", f"/v1/customers/{ann.id.upper()}", ann), UNKNOWN_CUSTOMER)
    refused(await tower.call("GET", f"/v1/customers/{ann.id.replace('-', '')}", ann), UNKNOWN_CUSTOMER)


async def test_a_caller_without_a_record_has_to_make_it_first(tower: Tower, ann: Customer) -> None:
    await _nobody_yet(tower, BOB, ann)
    assert await tower.count("bots_customer") == 1


async def _nobody_yet(tower: Tower, token: str, ann: Customer) -> None:
    """Every route but the first refuses a caller without a record."""
    calls = [
        ("POST", "/v1/bots", {}),
        ("GET", f"/v1/bots/{ann.bot}", None),
        ("PUT", f"/v1/bots/{ann.bot}", {"a": 1}),
        ("PUT", f"/v1/bots/{ann.bot}", {"admins": "me", "inviteCode": "x", "customerId": ann.id}),
        ("DELETE", f"/v1/bots/{ann.bot}/admins/{ann.id}", None),
        ("POST", "/v1/users", {"botId": ann.bot}),
        ("GET", f"/v1/users?botId={ann.bot}", None),
        ("PUT", "/v1/users", {"botId": ann.bot, "ids": ["1"], "update": {"a": 1}}),
        ("GET", f"/v1/users/1?botId={ann.bot}", None),
        ("PUT", "/v1/users/1", {"botId": ann.bot, "a": 1}),
    ]
    for method, path, body in calls:
        refused(await tower.call(method, path, token, json=body), UNKNOWN_CUSTOMER)
    who = ("fbUserDeniedAccessError", denied(Customer(token, "", ""), ann.id)[1])
    refused(await tower.call("GET", f"/v1/customers/{ann.id}", token), who)


# §6.3


async def test_a_change_is_answered_with_the_whole_customer(tower: Tower, ann: Customer) -> None:
    body = {"name": "James Morgan McGill", "email": "jim@example.org", "customerId": ann.id, "a": [1, {"b": None}]}
    changed = await tower.got("PUT", f"/v1/customers/{ann.id}", ann, json=body)
    assert changed == {
        "id": ann.id,
        "facebookId": ann.facebook_id,
        "name": "James Morgan McGill",
        "email": "jim@example.org",
        "bots": [ann.bot],
        "customerId": ann.id,
        "a": [1, {"b": None}],
    }
    assert await tower.got("GET", f"/v1/customers/{ann.id}", ann) == changed


async def test_the_id_is_changed_by_nobody_and_nothing_else_is_written(tower: Tower, ann: Customer) -> None:
    for given in (ann.id, NO_ONE, None, 5):
        answer = await tower.call("PUT", f"/v1/customers/{ann.id}", ann, json={"id": given, "name": "x"})
        refused(answer, ("invalidRequestError", "The id cannot be changed."))
    assert (await tower.got("GET", f"/v1/customers/{ann.id}", ann))["name"] == "Ann Campos Byron"


# §10


async def test_facebook_id_and_bots_are_not_forged(tower: Tower, ann: Customer, bob: Customer) -> None:
    before = await tower.got("GET", f"/v1/customers/{ann.id}", ann)
    forged = {"facebookId": PEOPLE[DAN][0], "bots": [bob.bot]}
    assert await tower.got("PUT", f"/v1/customers/{ann.id}", ann, json={**forged, "x": 1}) == {**before, "x": 1}
    refused(await tower.call("PUT", f"/v1/customers/{ann.id}", ann, json=forged), NOTHING)
    refused(await tower.call("PUT", f"/v1/customers/{ann.id}", ann, json={"bots": []}), NOTHING)
    assert (await tower.customer(DAN)).id != ann.id
    assert (await tower.customer(ANN)).id == ann.id


async def test_an_empty_change_fails(tower: Tower, ann: Customer) -> None:
    refused(await tower.call("PUT", f"/v1/customers/{ann.id}", ann), NOTHING)
    refused(await tower.call("PUT", f"/v1/customers/{ann.id}", ann, json={}), NOTHING)


# A customer is a person of the tenant.


async def test_a_customer_is_the_person_of_the_same_email(tower: Tower) -> None:
    body = {"email": "ANN@example.org", "first_name": "Ann", "last_name": "Lee", "role": "Founder"}
    made = await tower.tenant.http.post("/api/v1/people/", json=body)
    assert made.status_code == 201, made.text
    await tower.customer(ANN)
    people = await tower.tenant.scope.direct().values(
        "SELECT first_name || ' ' || last_name FROM tenant.person WHERE lower(email) = 'ann@example.org'"
    )
    assert people == ["Ann Lee"]
    assert await tower.tenant.scope.direct().value("SELECT person FROM tenant.bots_customer") == made.json()["id"]


async def test_a_new_person_has_facebooks_name_and_no_password(tower: Tower) -> None:
    await tower.customer(ANN)
    row = await tower.tenant.scope.direct().value(
        """
        SELECT concat_ws('|', first_name, last_name, administrator, password_hash IS NULL)
          FROM tenant.person
         WHERE email = 'ann@example.org'
        """
    )
    assert row == "Ann|Campos Byron|f|t"


async def test_who_grants_no_email_is_a_customer_and_no_person(tower: Tower) -> None:
    await tower.customer(CID)
    assert await tower.tenant.scope.direct().value("SELECT person FROM tenant.bots_customer") is None
    assert await tower.count("person") == 1


async def test_a_deactivated_person_is_refused_and_becomes_no_customer(tower: Tower, ann: Customer) -> None:
    gone = ("forbiddenError", "This person was deactivated.")
    await tower.tenant.scope.direct().execute(
        "INSERT INTO tenant.person (email, first_name, active) VALUES ('bob@example.org', 'Bob', false)"
    )
    refused(await tower.call("POST", "/v1/customers", BOB), gone)
    assert await tower.count("bots_customer") == 1
    await tower.tenant.scope.direct().execute("UPDATE tenant.person SET active = false")
    calls = [
        ("POST", "/v1/customers", None),
        ("GET", f"/v1/customers/{ann.id}", None),
        ("POST", "/v1/bots", {}),
        ("GET", f"/v1/bots/{ann.bot}", None),
        ("PUT", f"/v1/bots/{ann.bot}", {"a": 1}),
        ("GET", f"/v1/users?botId={ann.bot}", None),
        ("DELETE", f"/v1/bots/{ann.bot}/admins/{ann.id}", None),
    ]
    for method, path, body in calls:
        refused(await tower.call(method, path, ann, json=body), gone)
