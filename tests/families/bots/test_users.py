"""Users: made by admins of their bot, read, listed by status and changed, one or ten thousand at a time."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.families.bots.tower import (
    BOB,
    NO_BOT_NAMED,
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

BAD_LIST = ("invalidRequestError", "A list `ids` and an object `update` are needed.")
BAD_ID = ("invalidRequestError", "An id is a text of 1 to 255 characters.")
BAD_STATUS = ("invalidRequestError", "botStatus is a text of at most 255 characters.")


async def statuses(tower: Tower) -> list[str]:
    """The history of all users, the oldest first: user, status, source."""
    return await tower.tenant.scope.direct().values(
        """
        SELECT concat_ws(' ', u.key, coalesce(s.status, 'null'), s.source, customer.facebook_id)
          FROM tenant.bots_status AS s
          JOIN tenant.bots_user AS u ON u.id = s.bots_user
          LEFT JOIN tenant.bots_customer AS customer ON customer.id = s.customer
         ORDER BY s.id
        """
    )


# §6.7, §5


@pytest.mark.parametrize("facebook_id", ["10154544223979636", 10154544223979636, "", None, ["x"], True])
async def test_a_user_keeps_its_facebook_id_as_it_was_sent(tower: Tower, ann: Customer, facebook_id: object) -> None:
    body = {"botId": ann.bot, "customerId": ann.id, "facebookId": facebook_id, "name": "Zé"}
    made = await tower.got("POST", "/v1/users", ann, json=body)
    assert made == {"botId": ann.bot, "id": made["id"], "facebookId": facebook_id or None, "name": "Zé"}
    assert UUID_4.fullmatch(made["id"])
    assert await tower.got("GET", f"/v1/users/{made['id']}?botId={ann.bot}", ann) == made


async def test_what_was_not_sent_is_null_and_other_keys_are_ignored(tower: Tower, ann: Customer) -> None:
    body = {"botId": ann.bot, "id": NO_ONE, "botStatus": "muted", "a": {"b": 1}}
    made = await tower.got("POST", "/v1/users", ann, json=body)
    assert made == {"botId": ann.bot, "id": made["id"], "facebookId": None, "name": None}
    assert made["id"] != NO_ONE
    assert await tower.got("GET", f"/v1/users?botId={ann.bot}", ann) == []


async def test_the_same_person_twice_makes_two(tower: Tower, ann: Customer) -> None:
    body = {"botId": ann.bot, "facebookId": "1"}
    made = [(await tower.got("POST", "/v1/users", ann, json=body))["id"] for _ in range(2)]
    assert made[0] != made[1]


# §6.8


@pytest.mark.parametrize("user", [NO_ONE, "x", "%00", "a" * 3000, "%F0%9F%A6%89"])
async def test_a_user_that_is_not_there_reads_as_null(tower: Tower, ann: Customer, user: str) -> None:
    answer = await tower.call("GET", f"/v1/users/{user}?botId={ann.bot}", ann)
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (200, "application/json", "null")


async def test_a_user_of_another_bot_reads_as_null(tower: Tower, ann: Customer) -> None:
    other = await tower.got("POST", "/v1/bots", ann)
    user = await tower.user(ann)
    assert await tower.got("GET", f"/v1/users/{user}?botId={other['id']}", ann) is None
    assert (await tower.got("GET", f"/v1/users/{user}?botId={ann.bot}", ann))["id"] == user


# §6.9, §11


async def test_the_muted_are_listed_unless_another_status_is_asked_for(tower: Tower, ann: Customer) -> None:
    shown: dict[str, list[Json]] = {}
    for status in ("muted", "active", "muted", "Größe 1", None):
        user = await tower.user(ann, **({"botStatus": status} if status else {"a": 1}))
        whole = {"botId": ann.bot, "id": user, "facebookId": None, "name": None, "botStatus": status}
        shown.setdefault(status or "", []).append(whole)
    listed = "/v1/users/?botId=" + ann.bot
    assert await tower.got("GET", listed, ann) == shown["muted"]
    assert await tower.got("GET", f"{listed}&botStatus=", ann) == shown["muted"]
    assert await tower.got("GET", f"{listed}&botStatus=active&customerId={ann.id}", ann) == shown["active"]
    assert (
        await tower.got("GET", "/v1/users", ann, params={"botId": ann.bot, "botStatus": "Größe 1"})
        == (shown["Größe 1"])
    )
    for nobody in ("null", "MUTED", "%00", "x" * 300):
        assert await tower.got("GET", f"{listed}&botStatus={nobody}", ann) == []


async def test_a_list_is_of_one_bot(tower: Tower, ann: Customer) -> None:
    other = await tower.got("POST", "/v1/bots", ann)
    await tower.user(ann, botStatus="muted")
    assert await tower.got("GET", f"/v1/users?botId={other['id']}", ann) == []


async def test_a_list_has_all_of_a_thousand(tower: Tower, ann: Customer) -> None:
    ids = [f"user-{number}" for number in range(1000)]
    body = {"botId": ann.bot, "ids": ids, "update": {"botStatus": "muted"}}
    await tower.got("PUT", "/v1/users", ann, json=body)
    listed = await tower.got("GET", f"/v1/users?botId={ann.bot}", ann)
    assert Counter(user["id"] for user in listed) == Counter(ids)


# §6.10


async def test_a_change_is_answered_with_the_whole_user(tower: Tower, ann: Customer) -> None:
    user = await tower.user(ann)
    body = {"botId": ann.bot, "botStatus": "muted", "a": {"b": [1]}, "customerId": ann.id, "id": NO_ONE}
    whole: Json = {"botId": ann.bot, "id": user, "facebookId": None, "name": None}
    whole |= {"botStatus": "muted", "a": {"b": [1]}, "customerId": ann.id}
    assert await tower.got("PUT", f"/v1/users/{user}", ann, json=body) == whole
    assert await tower.got("GET", f"/v1/users/{user}?botId={ann.bot}", ann) == whole


async def test_a_change_of_nobody_makes_a_user_of_it(tower: Tower, ann: Customer) -> None:
    body = {"botId": ann.bot, "botStatus": "active"}
    made = await tower.got("PUT", "/v1/users/never seen", ann, json=body)
    assert made == {"botId": ann.bot, "id": "never seen", "botStatus": "active"}
    assert await tower.got("GET", f"/v1/users?botId={ann.bot}&botStatus=active", ann) == [made]


@pytest.mark.parametrize("user", ["a" * 256, "%00"])
async def test_an_id_that_cannot_be_stored_is_refused(tower: Tower, ann: Customer, user: str) -> None:
    refused(await tower.call("PUT", f"/v1/users/{user}", ann, json={"botId": ann.bot, "a": 1}), BAD_ID)


@pytest.mark.parametrize("status", [5, None, True, {}, {"a": "b"}, [], "x" * 256])
async def test_a_status_is_a_text(tower: Tower, ann: Customer, status: object) -> None:
    user = await tower.user(ann)
    body = {"botId": ann.bot, "botStatus": status, "a": 1}
    refused(await tower.call("PUT", f"/v1/users/{user}", ann, json=body), BAD_STATUS)
    many = {"botId": ann.bot, "ids": [user], "update": {"botStatus": status, "a": 1}}
    refused(await tower.call("PUT", "/v1/users", ann, json=many), BAD_STATUS)
    assert "a" not in await tower.got("GET", f"/v1/users/{user}?botId={ann.bot}", ann)


async def test_each_change_of_status_is_noted_once(tower: Tower, ann: Customer) -> None:
    for status in ("muted", "muted", "active"):
        await tower.got("PUT", "/v1/users/u", ann, json={"botId": ann.bot, "botStatus": status})
    await tower.got("PUT", "/v1/users/u", ann, json={"botId": ann.bot, "a": 1})
    assert await statuses(tower) == [f"u {status} api {ann.facebook_id}" for status in ("muted", "active")]


# §6.11


async def test_many_are_answered_in_the_order_of_the_ids(tower: Tower, ann: Customer) -> None:
    one, other = await tower.user(ann, a={"x": 1}), await tower.user(ann)
    update = {"botStatus": "active", "a": {"y": 2}, "id": NO_ONE, "botId": NO_ONE, "customerId": "kept"}
    ids = [other, one, "new", other]
    changed = await tower.got("PUT", "/v1/users", ann, json={"ids": ids, "botId": ann.bot, "update": update})
    common = {"botId": ann.bot, "botStatus": "active", "customerId": "kept", "facebookId": None, "name": None}
    second = {**common, "id": other, "a": {"y": 2}}
    new = {"botId": ann.bot, "id": "new", "botStatus": "active", "customerId": "kept", "a": {"y": 2}}
    assert changed == [second, {**common, "id": one, "a": {"x": 1, "y": 2}}, new, second]


async def test_the_bot_of_many_may_stand_in_the_query(tower: Tower, ann: Customer) -> None:
    changed = await tower.got("PUT", f"/v1/users?botId={ann.bot}", ann, json={"ids": ["1"], "update": {"a": 1}})
    assert changed == [{"botId": ann.bot, "id": "1", "a": 1}]


async def test_of_no_ids_nothing_comes(tower: Tower, ann: Customer) -> None:
    body = {"ids": [], "botId": ann.bot, "update": {"botStatus": "active"}}
    assert await tower.got("PUT", "/v1/users", ann, json=body) == []


async def test_ten_thousand_are_changed_in_order_and_one_more_is_refused(tower: Tower, ann: Customer) -> None:
    # Ids of 36 characters: longer in all than another body may be.
    ids = [f"{number:08d}-0000-4000-8000-{number:012d}" for number in range(10_001)]
    body: Json = {"ids": ids[:0:-1], "botId": ann.bot, "update": {"botStatus": "muted"}}
    changed = await tower.got("PUT", "/v1/users", ann, json=body)
    assert changed == [{"botId": ann.bot, "id": one, "botStatus": "muted"} for one in ids[:0:-1]]
    body["update"] = {"botStatus": "active"}
    assert len(await tower.got("PUT", "/v1/users", ann, json=body)) == 10_000
    refusal = ("invalidRequestError", "At most 10000 users can be changed at once.")
    refused(await tower.call("PUT", "/v1/users", ann, json={**body, "ids": ids}), refusal)
    assert (await tower.count("bots_user"), await tower.count("bots_status")) == (10_000, 20_000)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ids": ["1"]}, BAD_LIST),
        ({"update": {"a": 1}}, BAD_LIST),
        ({"ids": "1", "update": {"a": 1}}, BAD_LIST),
        ({"ids": {"0": "1"}, "update": {"a": 1}}, BAD_LIST),
        ({"ids": None, "update": {"a": 1}}, BAD_LIST),
        ({"ids": ["1"], "update": [1]}, BAD_LIST),
        ({"ids": ["1"], "update": "x"}, BAD_LIST),
        ({"ids": ["1"], "update": None}, BAD_LIST),
        ({"ids": ["1"], "update": {}}, NOTHING),
        ({"ids": ["1"], "update": {"id": "2", "botId": "3"}}, NOTHING),
        ({"ids": ["1", 2], "update": {"a": 1}}, BAD_ID),
        ({"ids": ["1", None], "update": {"a": 1}}, BAD_ID),
        ({"ids": ["1", ["2"]], "update": {"a": 1}}, BAD_ID),
        ({"ids": ["1", ""], "update": {"a": 1}}, BAD_ID),
        ({"ids": ["1", "\0"], "update": {"a": 1}}, BAD_ID),
        ({"ids": ["1", "x" * 256], "update": {"a": 1}}, BAD_ID),
    ],
)
async def test_a_change_of_many_is_all_or_nothing(
    tower: Tower, ann: Customer, given: Json, words: tuple[str, str]
) -> None:
    refused(await tower.call("PUT", "/v1/users", ann, json={"botId": ann.bot, **given}), words)
    assert await tower.count("bots_user") == 0


async def test_two_changes_of_many_in_opposite_order_wait_for_each_other_and_end(tower: Tower, ann: Customer) -> None:
    ids = [f"user-{number}" for number in range(400)]

    async def change(name: str, order: list[str]) -> Any:
        body = {"ids": order, "botId": ann.bot, "update": {"botStatus": name, name: True}}
        return await tower.got("PUT", "/v1/users", ann, json=body)

    names = [f"n{number}" for number in range(8)]
    calls = [change(name, ids if place % 2 else ids[::-1]) for place, name in enumerate(names)]
    for answered in await asyncio.gather(*calls):
        assert len(answered) == 400
    whole = await tower.got("PUT", "/v1/users", ann, json={"ids": ids, "botId": ann.bot, "update": {"x": 1}})
    assert all(user.keys() == {"id", "botId", "botStatus", "x", *names} for user in whole)
    # Everybody went through the same statuses: each change was the next one's past.
    assert Counter(text.split()[1] for text in await statuses(tower)) == dict.fromkeys(names, 400)


# §6.7 to §6.11, §9: who may


def calls(bot: str | None) -> list[tuple[str, str, Json | None]]:
    """Each route of users, about this bot."""
    named: Json = {} if bot is None else {"botId": bot}
    query = "" if bot is None else f"?botId={bot}"
    return [
        ("POST", "/v1/users", named),
        ("GET", f"/v1/users{query}", None),
        ("PUT", "/v1/users", {"ids": ["1"], "update": {"a": 1}, **named}),
        ("GET", f"/v1/users/1{query}", None),
        ("PUT", "/v1/users/1", {"a": 1, **named}),
    ]


async def test_a_stranger_is_refused_and_stores_nothing(tower: Tower, ann: Customer, bob: Customer) -> None:
    for method, path, body in calls(ann.bot):
        refused(await tower.call(method, path, bob, json=body), NOT_ADMIN)
    assert await tower.count("bots_user") == 0


async def test_every_admin_may(tower: Tower, ann: Customer) -> None:
    guest = await tower.invited(ann, BOB)
    for method, path, body in calls(ann.bot):
        await tower.got(method, path, guest, json=body)


@pytest.mark.parametrize("bot", [NO_ONE, "x", "%00"])
async def test_of_a_bot_that_is_not_there_nothing_is_read_or_changed(tower: Tower, ann: Customer, bot: str) -> None:
    for method, path, body in calls(bot):
        refused(await tower.call(method, path, ann, json=body), UNKNOWN_BOT)


@pytest.mark.parametrize("bot", [None, ""])
async def test_a_bot_has_to_be_named(tower: Tower, ann: Customer, bot: str | None) -> None:
    for method, path, body in calls(bot):
        refused(await tower.call(method, path, ann, json=body), NO_BOT_NAMED)


async def test_the_customer_that_is_named_is_the_caller(tower: Tower, ann: Customer) -> None:
    guest = await tower.invited(ann, BOB)
    text = f"The facebook user {guest.facebook_id} is not allowed to acces data of customer {ann.id}"
    for method, path, body in calls(ann.bot):
        answer = await tower.call(method, path, guest, json=body, params={"botId": ann.bot, "customerId": ann.id})
        refused(answer, ("fbUserDeniedAccessError", text))
        answer = await tower.call(method, path, guest, json=body, params={"botId": ann.bot, "customerId": NO_ONE})
        refused(answer, UNKNOWN_CUSTOMER)
