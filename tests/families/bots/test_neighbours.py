"""Two tenants in which the same people sign in: what one has is unknown in the other, by every route."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.families.bots.tower import (
    ANN,
    NOT_ADMIN,
    UNKNOWN_BOT,
    UNKNOWN_CUSTOMER,
    WRONG_CODE,
    Customer,
    Json,
    Tower,
    refused,
    tower_of,
)


@dataclass(frozen=True)
class Street:
    """Ann here and Ann there, with a muted user each."""

    here: Tower
    there: Tower
    ann: Customer
    other_ann: Customer
    user: str


@pytest.fixture
async def street(tower: Tower, ann: Customer) -> AsyncIterator[Street]:
    async with tower_of(tower.application, tower.facebook) as there:
        user = await tower.user(ann, botStatus="muted", note="zanzibar")
        yield Street(tower, there, ann, await there.customer(ANN), user)


async def test_the_same_person_is_another_customer_in_each(street: Street) -> None:
    assert street.ann.id != street.other_ann.id
    assert street.ann.bot != street.other_ann.bot
    there = await street.there.got("GET", f"/v1/customers/{street.other_ann.id}", ANN)
    assert there["bots"] == [street.other_ann.bot]


async def test_a_customer_is_unknown_next_door(street: Street) -> None:
    who = street.ann.id
    calls: list[tuple[str, str, Json | None]] = [
        ("GET", f"/v1/customers/{who}", None),
        ("PUT", f"/v1/customers/{who}", {"a": 1}),
        ("POST", "/v1/bots", {"customerId": who}),
        ("GET", f"/v1/bots/{street.other_ann.bot}?customerId={who}", None),
        ("PUT", f"/v1/bots/{street.other_ann.bot}", {"customerId": who, "a": 1}),
        ("DELETE", f"/v1/bots/{street.other_ann.bot}/admins/{who}", None),
        ("POST", "/v1/users", {"customerId": who, "botId": street.other_ann.bot}),
        ("GET", f"/v1/users?botId={street.other_ann.bot}&customerId={who}", None),
        ("PUT", "/v1/users", {"customerId": who, "botId": street.other_ann.bot, "ids": ["1"], "update": {"a": 1}}),
        ("GET", f"/v1/users/1?botId={street.other_ann.bot}&customerId={who}", None),
        ("PUT", "/v1/users/1", {"customerId": who, "botId": street.other_ann.bot, "a": 1}),
    ]
    before = await street.here.stored()
    for method, path, body in calls:
        refused(await street.there.call(method, path, ANN, json=body), UNKNOWN_CUSTOMER)
    assert await street.here.stored() == before


async def test_a_bot_and_its_users_are_unknown_next_door(street: Street) -> None:
    bot, user = street.ann.bot, street.user
    nowhere = await street.there.got("GET", f"/v1/bots/{bot}", ANN)
    assert nowhere == {"Items": [], "Count": 0, "ScannedCount": 0}
    calls: list[tuple[str, str, Json | None, tuple[str, str]]] = [
        ("PUT", f"/v1/bots/{bot}", {"a": 1}, UNKNOWN_BOT),
        ("PUT", f"/v1/bots/{bot}", {"a": 1, "ownerId": street.other_ann.id}, NOT_ADMIN),
        ("PUT", f"/v1/bots/{bot}", {"inviteCode": "new"}, UNKNOWN_BOT),
        ("DELETE", f"/v1/bots/{bot}/admins/{street.other_ann.id}", None, UNKNOWN_BOT),
        ("POST", "/v1/users", {"botId": bot}, UNKNOWN_BOT),
        ("GET", f"/v1/users?botId={bot}", None, UNKNOWN_BOT),
        ("PUT", "/v1/users", {"botId": bot, "ids": [user], "update": {"a": 1}}, UNKNOWN_BOT),
        ("GET", f"/v1/users/{user}?botId={bot}", None, UNKNOWN_BOT),
        ("PUT", f"/v1/users/{user}", {"botId": bot, "a": 1}, UNKNOWN_BOT),
    ]
    before = await street.here.stored()
    for method, path, body, words in calls:
        refused(await street.there.call(method, path, ANN, json=body), words)
    assert await street.here.stored() == before


async def test_an_invitation_leads_nowhere_next_door(street: Street) -> None:
    code = (await street.here.got("GET", f"/v1/bots/{street.ann.bot}", ANN))["inviteCode"]
    for owner in (street.ann.id, street.other_ann.id):
        body = {"admins": "me", "inviteCode": code, "customerId": owner}
        refused(await street.there.call("PUT", f"/v1/bots/{street.ann.bot}", ANN, json=body), WRONG_CODE)
        answer = await street.there.call("PUT", f"/v1/bots/{street.other_ann.bot}", ANN, json=body)
        refused(answer, NOT_ADMIN if owner == street.ann.id else WRONG_CODE)


async def test_a_user_of_the_same_id_is_another_user(street: Street) -> None:
    path = f"/v1/users/{street.user}?botId={street.other_ann.bot}"
    assert await street.there.got("GET", path, ANN) is None
    made = await street.there.got("PUT", path, ANN, json={"a": 1})
    assert made == {"id": street.user, "botId": street.other_ann.bot, "a": 1}
    whole = await street.here.got("GET", f"/v1/users/{street.user}?botId={street.ann.bot}", ANN)
    assert (whole["note"], "a" in whole) == ("zanzibar", False)
    listed = await street.there.got("GET", f"/v1/users?botId={street.other_ann.bot}", ANN)
    assert "zanzibar" not in json.dumps(listed)


async def test_a_token_is_asked_about_in_each_tenant(own_tower: Tower) -> None:
    """Each may have an app of its own, by whose proof a token is good or not."""
    async with tower_of(own_tower.application, own_tower.facebook) as there:
        for tower in (own_tower, there, own_tower, there):
            await tower.customer(ANN)
    assert [heard.query["access_token"] for heard in own_tower.facebook.heard] == [ANN, ANN]
