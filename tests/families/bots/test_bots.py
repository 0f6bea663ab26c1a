"""Bots: made, read and changed by their admins, whose order is seen; strangers are refused everywhere."""

import re

import pytest

from tests.families.bots.tower import (
    BOB,
    CID,
    DAN,
    NO_ONE,
    NOT_ADMIN,
    NOTHING,
    UNKNOWN_BOT,
    UNKNOWN_CUSTOMER,
    UUID_4,
    Customer,
    Json,
    Tower,
    refused,
)

NOWHERE = '{"Items":[],"Count":0,"ScannedCount":0}'
CODE = re.compile(r"[0-9A-Za-z_-]{7,14}")


def newborn(bot: Json, owner: Customer) -> Json:
    """What a new bot is; its id and its code are its own."""
    return {
        "id": bot["id"],
        "customerId": owner.id,
        "inviteCode": bot["inviteCode"],
        "admins": [owner.id],
        "type": "ecommerce",
        "facebook": {},
        "vtex": {},
        "replies": "{}",
    }


# §6.4, §5


@pytest.mark.parametrize("body", [None, {}, {"type": "faq", "id": NO_ONE, "botType": "faq", "admins": "me", "x": 1}])
async def test_a_new_bot_is_whole_whatever_the_body_says(tower: Tower, ann: Customer, body: Json | None) -> None:
    made = await tower.got("POST", "/v1/bots", ann, json=body)
    assert made == newborn(made, ann)
    assert UUID_4.fullmatch(made["id"])
    assert CODE.fullmatch(made["inviteCode"])
    assert made["id"] != NO_ONE
    assert await tower.got("GET", f"/v1/bots/{made['id']}", ann) == made


async def test_the_first_bot_is_like_the_others(tower: Tower, ann: Customer) -> None:
    first = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert first == newborn(first, ann)


async def test_a_new_bot_goes_first_in_its_owners_list(tower: Tower, ann: Customer) -> None:
    made = [ann.bot] + [(await tower.got("POST", "/v1/bots", ann))["id"] for _ in range(3)]
    assert (await tower.got("GET", f"/v1/customers/{ann.id}", ann))["bots"] == made[::-1]


async def test_a_bot_is_made_for_oneself_alone(tower: Tower, ann: Customer, bob: Customer) -> None:
    await tower.got("POST", "/v1/bots", ann, json={"customerId": ann.id})
    text = f"The facebook user {ann.facebook_id} is not allowed to acces data of customer {bob.id}"
    answer = await tower.call("POST", "/v1/bots", ann, json={"customerId": bob.id})
    refused(answer, ("fbUserDeniedAccessError", text))
    refused(await tower.call("POST", "/v1/bots", ann, json={"customerId": NO_ONE}), UNKNOWN_CUSTOMER)
    assert await tower.count("bots_bot") == 3


async def test_codes_are_no_two_alike(tower: Tower, ann: Customer) -> None:
    codes = [(await tower.got("POST", "/v1/bots", ann))["inviteCode"] for _ in range(20)]
    assert len(set(codes)) == 20


# §6.5, §9


async def test_owner_and_admins_read_the_same_whole_bot(tower: Tower, ann: Customer) -> None:
    body = {"facebook": {"pageAccessToken": "EAApage"}, "vtex": {"apiKey": "k"}}
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    guest = await tower.invited(ann, BOB)
    shown = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert shown == {**newborn(shown, ann), **body, "admins": [guest.id, ann.id]}
    assert await tower.got("GET", f"/v1/bots/{ann.bot}", guest) == shown
    assert await tower.got("GET", f"/v1/bots/{ann.bot}?customerId={guest.id}", guest) == shown


async def test_a_stranger_reads_no_bot(tower: Tower, ann: Customer, bob: Customer) -> None:
    refused(await tower.call("GET", f"/v1/bots/{ann.bot}", bob), NOT_ADMIN)
    refused(await tower.call("GET", f"/v1/bots/{ann.bot}?customerId={bob.id}", bob), NOT_ADMIN)


@pytest.mark.parametrize("bot", [NO_ONE, "x", "%00", "a" * 3000, "%F0%9F%A6%89"])
async def test_a_bot_that_is_not_there_reads_as_an_empty_list(tower: Tower, ann: Customer, bot: str) -> None:
    answer = await tower.call("GET", f"/v1/bots/{bot}", ann)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.text == NOWHERE


async def test_a_customer_id_in_the_query_is_checked_first(tower: Tower, ann: Customer, bob: Customer) -> None:
    text = f"The facebook user {ann.facebook_id} is not allowed to acces data of customer {bob.id}"
    for bot in (ann.bot, NO_ONE):
        answer = await tower.call("GET", f"/v1/bots/{bot}?customerId={bob.id}", ann)
        refused(answer, ("fbUserDeniedAccessError", text))
        refused(await tower.call("GET", f"/v1/bots/{bot}?customerId={NO_ONE}", ann), UNKNOWN_CUSTOMER)


# §6.6, 3


async def test_a_new_code_puts_the_old_one_out_of_use(tower: Tower, ann: Customer, bob: Customer) -> None:
    before = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    after = await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"botId": ann.bot, "inviteCode": "new"})
    assert after == {**before, "inviteCode": after["inviteCode"]}
    assert after["inviteCode"] != before["inviteCode"]
    assert CODE.fullmatch(after["inviteCode"])
    body = {"admins": "me", "customerId": ann.id, "inviteCode": before["inviteCode"]}
    answer = await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body)
    refused(answer, ("invalidIviteCodeError", "Invalid invite code"))


async def test_a_new_code_goes_together_with_other_attributes(tower: Tower, ann: Customer) -> None:
    before = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    after = await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"inviteCode": "new", "a": 1, "type": "faq"})
    assert after == {**before, "inviteCode": after["inviteCode"], "a": 1, "type": "faq"}
    assert after["inviteCode"] != before["inviteCode"]


@pytest.mark.parametrize("code", ["", "NEW", "mine", None, 5, ["new"], {"new": 1}])
async def test_any_other_code_is_dropped_in_silence(tower: Tower, ann: Customer, code: object) -> None:
    before = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={"inviteCode": code, "a": 1}) == {**before, "a": 1}
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, json={"inviteCode": code}), NOTHING)


# §6.6, 4 and 5


async def test_admins_change_a_bot_with_and_without_its_owners_id(tower: Tower, ann: Customer) -> None:
    guest = await tower.invited(ann, BOB)
    shown = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    for number, by in enumerate((ann, guest)):
        for more in ({}, {"ownerId": ann.id}, {"ownerId": guest.id}, {"botId": ann.bot}):
            body = {**more, "by": by.id, "n": number}
            shown |= {"by": by.id, "n": number}
            assert await tower.got("PUT", f"/v1/bots/{ann.bot}", by, json=body) == shown
    assert await tower.got("GET", f"/v1/bots/{ann.bot}", ann) == shown
    after = await tower.got("PUT", f"/v1/bots/{ann.bot}", guest, json={"ownerId": ann.id, "inviteCode": "new"})
    assert after["inviteCode"] != shown["inviteCode"]


async def test_an_owner_who_is_not_on_the_list_opens_nothing(tower: Tower, ann: Customer, bob: Customer) -> None:
    for by, bot, owner in (
        (bob, ann.bot, ann.id),
        (bob, ann.bot, bob.id),
        (ann, ann.bot, bob.id),
        (ann, ann.bot, NO_ONE),
        (ann, ann.bot, 5),
        (ann, NO_ONE, ann.id),
    ):
        answer = await tower.call("PUT", f"/v1/bots/{bot}", by, json={"ownerId": owner, "a": 1})
        refused(answer, NOT_ADMIN)
    assert "a" not in await tower.got("GET", f"/v1/bots/{ann.bot}", ann)


async def test_what_the_server_made_is_never_written(tower: Tower, ann: Customer) -> None:
    before = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    made = {"id": NO_ONE, "botId": NO_ONE, "ownerId": ann.id, "inviteCode": "x", "admins": [], "customerId": ann.id}
    assert await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json={**made, "a": 1}) == {**before, "a": 1}
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, json=made), NOTHING)
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", ann, json={}), NOTHING)
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", ann), NOTHING)


# §6.6, 2


@pytest.mark.parametrize("admins", ["you", ["me"], [NO_ONE], {"me": 1}, 1, True])
async def test_any_other_list_of_admins_is_a_plain_change_answered_with_the_customer(
    tower: Tower, ann: Customer, admins: object
) -> None:
    body = {"admins": admins, "a": 1}
    answered = await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    assert answered == await tower.got("GET", f"/v1/customers/{ann.id}", ann)
    shown = await tower.got("GET", f"/v1/bots/{ann.bot}", ann)
    assert shown == {**newborn(shown, ann), "a": 1}


# §8


async def test_a_stranger_changes_nothing_and_leaves_no_stray_row(tower: Tower, ann: Customer, bob: Customer) -> None:
    before = await tower.stored()
    for body in ({"foo": 1}, {"admins": "you", "foo": 1}, {"inviteCode": "new"}, {"ownerId": bob.id, "foo": 1}):
        refused(await tower.call("PUT", f"/v1/bots/{ann.bot}", bob, json=body), NOT_ADMIN)
    refused(await tower.call("PUT", f"/v1/bots/{NO_ONE}", bob, json={"foo": 1}), UNKNOWN_BOT)
    refused(await tower.call("PUT", f"/v1/bots/{ann.bot}?botId={bob.bot}", bob, json={"foo": 1}), NOT_ADMIN)
    refused(await tower.call("GET", f"/v1/bots/{ann.bot}", bob), NOT_ADMIN)
    refused(await tower.call("GET", f"/v1/users?botId={ann.bot}", bob), NOT_ADMIN)
    assert await tower.stored() == before


# Ours: an admin is taken off the list.


async def test_the_owner_dismisses_an_admin(tower: Tower, ann: Customer) -> None:
    one, other = await tower.invited(ann, BOB), await tower.invited(ann, CID)
    shown = await tower.got("DELETE", f"/v1/bots/{ann.bot}/admins/{one.id}", ann)
    assert shown == {**newborn(shown, ann), "admins": [other.id, ann.id]}
    refused(await tower.call("GET", f"/v1/bots/{ann.bot}", one), NOT_ADMIN)
    assert (await tower.got("GET", f"/v1/customers/{one.id}", one))["bots"] == [one.bot]
    answer = await tower.call("DELETE", f"/v1/bots/{ann.bot}/admins/{one.id}", ann)
    refused(answer, UNKNOWN_CUSTOMER)


async def test_an_admin_leaves_and_dismisses_nobody_else(tower: Tower, ann: Customer) -> None:
    one, other = await tower.invited(ann, BOB), await tower.invited(ann, CID)
    answer = await tower.call("DELETE", f"/v1/bots/{ann.bot}/admins/{other.id}", one)
    refused(answer, (NOT_ADMIN[0], "Only the owner of a bot dismisses another admin."))
    shown = await tower.got("DELETE", f"/v1/bots/{ann.bot}/admins/{one.id}", one)
    assert shown["admins"] == [other.id, ann.id]
    refused(await tower.call("DELETE", f"/v1/bots/{ann.bot}/admins/{one.id}", one), NOT_ADMIN)


async def test_the_owner_stays(tower: Tower, ann: Customer) -> None:
    guest = await tower.invited(ann, BOB)
    stays = ("invalidRequestError", "The owner of a bot stays on its list.")
    for by in (ann, guest):
        refused(await tower.call("DELETE", f"/v1/bots/{ann.bot}/admins/{ann.id}", by), stays)
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["admins"] == [guest.id, ann.id]


async def test_nobody_is_dismissed_by_a_stranger_or_from_nowhere(tower: Tower, ann: Customer, bob: Customer) -> None:
    guest = await tower.invited(ann, DAN)
    refused(await tower.call("DELETE", f"/v1/bots/{ann.bot}/admins/{guest.id}", bob), NOT_ADMIN)
    refused(await tower.call("DELETE", f"/v1/bots/{NO_ONE}/admins/{guest.id}", ann), UNKNOWN_BOT)
    for nobody in (NO_ONE, bob.id, "x", "%00"):
        answer = await tower.call("DELETE", f"/v1/bots/{ann.bot}/admins/{nobody}", ann)
        refused(answer, UNKNOWN_CUSTOMER)
