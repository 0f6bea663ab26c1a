"""Invitations: a link of bot, owner and code that any number of people may follow until the code is renewed."""

import asyncio

import pytest

from tests.families.bots.tower import (
    ANN,
    BOB,
    CID,
    DAN,
    NO_ONE,
    NOT_ADMIN,
    PEOPLE,
    UNKNOWN_CUSTOMER,
    WRONG_CODE,
    Customer,
    Json,
    Tower,
    refused,
)

NO_OWNER = ("invalidRequestError", "The owner's customerId is missing.")
NOT_THE_OWNER = ("invalidRequestError", "The customerId is not the owner's.")


async def link(tower: Tower, owner: Customer) -> Json:
    """The body that accepts the invitation."""
    bot = await tower.got("GET", f"/v1/bots/{owner.bot}", owner)
    return {"admins": "me", "inviteCode": bot["inviteCode"], "customerId": owner.id}


# §6.6, 1


async def test_who_accepts_comes_first_and_is_answered_with_its_customer(
    tower: Tower, ann: Customer, bob: Customer
) -> None:
    accepted = await tower.got("PUT", f"/v1/bots/{ann.bot}", bob, json=await link(tower, ann))
    assert accepted == {
        "id": bob.id,
        "facebookId": "10154544223979637",
        "name": "Bob Müller",
        "email": "bob@example.org",
        "bots": [ann.bot, bob.bot],
    }
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}", bob))["admins"] == [bob.id, ann.id]


async def test_a_code_is_good_for_any_number_of_people(tower: Tower, ann: Customer) -> None:
    body = await link(tower, ann)
    guests = [await tower.customer(token) for token in (BOB, CID, DAN)]
    for guest in guests:
        await tower.got("PUT", f"/v1/bots/{ann.bot}", guest, json=body)
    admins = [*(guest.id for guest in guests[::-1]), ann.id]
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["admins"] == admins


async def test_a_second_time_changes_nothing_and_neither_does_the_owner(
    tower: Tower, ann: Customer, bob: Customer
) -> None:
    body = await link(tower, ann)
    accepted = await tower.got("PUT", f"/v1/bots/{ann.bot}", bob, json=body)
    newer = await tower.got("POST", "/v1/bots", bob)
    again = await tower.got("PUT", f"/v1/bots/{ann.bot}", bob, json=body)
    assert again == {**accepted, "bots": [newer["id"], ann.bot, bob.bot]}
    owner = await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    assert owner == await tower.got("GET", f"/v1/customers/{ann.id}", ann)
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["admins"] == [bob.id, ann.id]


@pytest.mark.parametrize("given", [{"inviteCode": "wrong"}, {"inviteCode": ""}, {}, {"inviteCode": None}])
@pytest.mark.parametrize("more", [{}, {"a": 1}])
async def test_a_wrong_code_is_refused(tower: Tower, ann: Customer, bob: Customer, given: Json, more: Json) -> None:
    before = await tower.stored()
    body = {"admins": "me", "customerId": ann.id, **given, **more}
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body), WRONG_CODE)
    assert await tower.stored() == before


@pytest.mark.parametrize("code", ["new", 5, ["new"], {"$ne": ""}, True, "\u0001sealed:x", "ключ"])
async def test_a_code_that_is_no_code_of_ours_is_a_wrong_one(
    tower: Tower, ann: Customer, bob: Customer, code: object
) -> None:
    body = {"admins": "me", "customerId": ann.id, "inviteCode": code}
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body), WRONG_CODE)


async def test_the_sealed_code_is_no_code(tower: Tower, ann: Customer, bob: Customer) -> None:
    sealed = await tower.tenant.scope.direct().value(
        "SELECT attributes ->> 'inviteCode' FROM tenant.bots_bot ORDER BY id LIMIT 1"
    )
    body = {"admins": "me", "customerId": ann.id, "inviteCode": sealed}
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body), WRONG_CODE)


@pytest.mark.parametrize("bot", [NO_ONE, "x", "%00"])
async def test_a_bot_that_is_not_there_has_no_code(tower: Tower, ann: Customer, bob: Customer, bot: str) -> None:
    refused(await tower.call("PUT", f"/v1/bots/{bot}", bob, json=await link(tower, ann)), WRONG_CODE)


async def test_the_customer_must_be_the_owner(tower: Tower, ann: Customer, bob: Customer) -> None:
    body = await link(tower, ann)
    guest, stranger = await tower.invited(ann, CID), await tower.customer(DAN)
    for other in (NO_ONE, stranger.id, bob.id, "x", 5):
        refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json={**body, "customerId": other}), NOT_ADMIN)
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json={**body, "customerId": guest.id})
    refused(answer, NOT_THE_OWNER)
    for nobody in ("", None):
        answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json={**body, "customerId": nobody})
        refused(answer, NO_OWNER)
    del body["customerId"]
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body), NO_OWNER)
    assert (await tower.got("GET", f"/v1/customers/{bob.id}", bob))["bots"] == [bob.bot]


async def test_the_owners_id_may_stand_in_the_query(tower: Tower, ann: Customer, bob: Customer) -> None:
    body = await link(tower, ann)
    del body["customerId"]
    accepted = await tower.got("PUT", f"/v1/bots/{ann.bot}?customerId={ann.id}", bob, json=body)
    assert accepted["bots"] == [ann.bot, bob.bot]


async def test_a_caller_without_a_record_is_told_so_first(tower: Tower, ann: Customer) -> None:
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", BOB, json=await link(tower, ann)), UNKNOWN_CUSTOMER)
    refused(await tower.call("PUT", f"/v1/bots/{NO_ONE}", BOB, json={"admins": "me"}), UNKNOWN_CUSTOMER)


async def test_who_was_dismissed_comes_back_by_the_code_until_it_is_renewed(
    tower: Tower, ann: Customer, bob: Customer
) -> None:
    body = await link(tower, ann)
    await tower.got("PUT", f"/v1/bots/{ann.bot}", bob, json=body)
    await tower.got("DELETE", f"/v1/bots/{ann.bot}/admins/{bob.id}", ann)
    await tower.got("PUT", f"/v1/bots/{ann.bot}", bob, json=body)
    await tower.got("DELETE", f"/v1/bots/{ann.bot}/admins/{bob.id}", ann)
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"inviteCode": "new"})
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body), WRONG_CODE)


async def test_many_who_accept_at_once_are_each_on_the_list_once(tower: Tower, ann: Customer) -> None:
    body = await link(tower, ann)
    guests = [await tower.customer(token) for token in (BOB, CID, DAN)]
    calls = [tower.got("PUT", f"/v1/bots/{ann.bot}", guest, json=body) for guest in [ann, *guests] * 8]
    for answered in await asyncio.gather(*calls):
        assert ann.bot in answered["bots"]
    admins = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["admins"]
    assert sorted(admins) == sorted([ann.id, *(guest.id for guest in guests)])
    assert admins[-1] == ann.id


async def test_of_a_code_and_its_renewal_at_once_one_is_first(tower: Tower, ann: Customer) -> None:
    """Whoever is let in was let in by a code that was good then; nobody is met by a broken answer."""
    body = await link(tower, ann)
    guests = [await tower.customer(token) for token in (BOB, CID, DAN)]
    renewal = tower.call("PUT", f"/v1/bots/{ann.bot}", ann, json={"inviteCode": "new"})
    first, renewed, *rest = await asyncio.gather(
        tower.call("PUT", f"/v1/bots/{ann.bot}", guests[0], json=body),
        renewal,
        *(tower.call("PUT", f"/v1/bots/{ann.bot}", guest, json=body) for guest in guests[1:]),
    )
    assert renewed.status_code == 200
    let_in = [PEOPLE[ANN][0]]
    for answer in (first, *rest):
        if answer.status_code == 200:
            let_in.append(answer.json()["facebookId"])
        else:
            refused(answer, WRONG_CODE)
    admins = (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["admins"]
    assert len(admins) == len(let_in)
