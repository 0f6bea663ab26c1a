"""/api/v1/bots/…: what the bots API and the chats store, as lists; and an admin taken off a bot's list by a key."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import ANY

import httpx
import pytest

from clerestory.families.bots.chats.converse import converse
from clerestory.families.bots.chats.intake import Arrival, Intake
from clerestory.families.bots.chats.intake_store import NewEvent
from clerestory.platform.tokens import sessions
from tests.families.bots.tower import BOB, CID, Customer, Tower, tower_of
from tests.families.workspace.words import DENIED, NOT_FOUND, invalid, refusal
from tests.fixtures.clocks import visitor

NAMES = ("customers", "bots", "admins", "users", "statuses", "chats", "messages")
MEMBERS_READ = ("customers", "bots", "admins", "users", "statuses")
OWNER_STAYS = refusal("conflict", "The owner of a bot stays on its list.")
SECRETS = {
    "facebook": {"pageId": "177", "pageName": "A page", "pageAccessToken": "EAApage-5d1e"},
    "vtex": {"apiKey": "vtex-8812"},
    "note": "kept to the bots API",
    "replies": json.dumps({"welcome": "Hello!", "default": "I do not know."}),
}


async def listed(tower: Tower, name: str, **query: Any) -> list[dict[str, Any]]:
    """The rows of a list."""
    answer = await tower.tenant.http.get(f"/api/v1/bots/{name}/", params=query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


async def number(tower: Tower, name: str, uuid: str) -> int:
    """The number of a customer or a bot."""
    [row] = await listed(tower, name, uuid=uuid)
    found: int = row["id"]
    return found


async def say(tower: Tower, owner: Customer, text: str, key: str = "e1", address: str = "browser-1") -> None:
    """Somebody says this on the web page of the bot, and it is handled."""
    scope = tower.tenant.scope
    bot = await number(tower, "bots", owner.bot)
    event = NewEvent(bot, "web", address, "message", key, text, "{}", scope.now, speaks=True)
    stored = await scope.part(Intake).take(Arrival(scope.tenant, [event], scope.now))
    for chat in stored.chats:
        await converse(scope, chat)


@asynccontextmanager
async def member_of(tower: Tower) -> AsyncIterator[httpx.AsyncClient]:
    """A person of the tenant who does not administer it, logged in to the site."""
    await tower.tenant.http.post("/api/v1/people/", json={"email": "member@x.org"})
    scope = tower.tenant.scope
    uuid = await scope.direct().value("SELECT uuid FROM tenant.person WHERE email = 'member@x.org'")
    opened = await sessions.begin(scope, scope.tenant.id, uuid)
    headers = {"Cookie": f"sessionid={opened.text}", "X-CSRFToken": opened.csrf}
    async with visitor(tower.application, **headers) as http:
        yield http


async def test_customers_and_bots_are_listed_without_their_attributes(tower: Tower, ann: Customer) -> None:
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=SECRETS)
    [customer] = await listed(tower, "customers")
    dates = {"created": ANY, "modified": ANY}
    person = (await tower.tenant.http.get("/api/v1/people/?email=ann@example.org")).json()["results"][0]["id"]
    assert customer == {
        "id": ANY,
        "uuid": ann.id,
        "person": person,
        "facebook_id": ann.facebook_id,
        "name": "Ann Campos Byron",
        "email": "ann@example.org",
        **dates,
    }
    [bot] = await listed(tower, "bots", owner=customer["id"])
    assert bot == {
        "id": ANY,
        "uuid": ann.bot,
        "owner": customer["id"],
        "type": "ecommerce",
        "page_id": "177",
        "page_name": "A page",
        "token_fault": "",
        **dates,
    }
    assert await listed(tower, "bots", owner=customer["id"] + 1) == []
    assert await listed(tower, "customers", search="campos") == [customer]
    assert await listed(tower, "bots", search="a page", page_id="177") == [bot]


async def test_ones_bots_are_those_on_whose_list_one_is(tower: Tower, ann: Customer) -> None:
    bob = await tower.invited(ann, BOB)
    customer = await number(tower, "customers", bob.id)
    bots = [row["bot"] for row in await listed(tower, "admins", customer=customer, ordering="-id")]
    assert bots == [await number(tower, "bots", uuid) for uuid in (ann.bot, bob.bot)]
    [owned] = await listed(tower, "bots", owner=customer)
    assert owned["uuid"] == bob.bot


async def test_all_users_of_a_bot_are_listed_in_pages(tower: Tower, ann: Customer, bob: Customer) -> None:
    for place in range(3):
        await tower.user(ann, name=f"User {place}", facebookId=f"psid-{place}")
    await tower.user(bob, name="Another bot's")
    bot = await number(tower, "bots", ann.bot)
    path = f"/api/v1/bots/users/?bot={bot}&limit=2"
    first = (await tower.tenant.http.get(path)).json()
    second = (await tower.tenant.http.get(first["next"])).json()
    assert first["count"] == 3
    assert [row["name"] for row in (*first["results"], *second["results"])] == ["User 0", "User 1", "User 2"]
    assert second["next"] is None
    backwards = await tower.tenant.http.get(f"/api/v1/bots/users/list-cursor/?bot={bot}&ordering=-id&limit=1")
    assert [row["name"] for row in backwards.json()["results"]] == ["User 2"]
    [found] = await listed(tower, "users", facebook_id="psid-1", bot=bot)
    assert (found["name"], found["status"], found["muted_until"]) == ("User 1", None, None)
    assert [row["name"] for row in await listed(tower, "users", search="another")] == ["Another bot's"]
    refused = await tower.tenant.http.get("/api/v1/bots/users/?botId=1")
    assert (refused.status_code, refused.json()) == (400, invalid(("botId", "invalid", "There is no such filter.")))


async def test_a_users_statuses_are_its_history(tower: Tower, ann: Customer) -> None:
    user = await tower.user(ann, botStatus="muted")
    for status in ("active", "active", "muted"):
        await tower.got("PUT", f"/v1/users/{user}", ann, json={"botId": ann.bot, "botStatus": status})
    [row] = await listed(tower, "users", user_id=user, status="muted")
    history = await listed(tower, "statuses", user=row["id"])
    assert [one["status"] for one in history] == ["muted", "active", "muted"]
    assert history[0] == {
        "id": ANY,
        "user": row["id"],
        "status": "muted",
        "source": "api",
        "customer": await number(tower, "customers", ann.id),
        "person": None,
        "until": None,
        "note": "",
        "created": ANY,
        "modified": ANY,
    }
    assert await listed(tower, "statuses", user=row["id"], source="echo") == []


async def test_what_was_said_in_a_chat_is_listed(tower: Tower, ann: Customer) -> None:
    await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=SECRETS)
    await say(tower, ann, "Zebras?")
    [chat] = await listed(tower, "chats", bot=await number(tower, "bots", ann.bot))
    [user] = await listed(tower, "users")
    assert chat == {
        "id": ANY,
        "bot": user["bot"],
        "channel": "web",
        "user": user["id"],
        "last_at": ANY,
        "last_heard": ANY,
        "thread_app": None,
        "created": ANY,
        "modified": ANY,
    }
    heard, said = await listed(tower, "messages", chat=chat["id"])
    assert heard == {
        "id": ANY,
        "chat": chat["id"],
        "kind": "message",
        "author": "person",
        "text": "Zebras?",
        "state": "handled",
        "note": "",
        "happened": ANY,
        "person": None,
        "created": ANY,
        "modified": ANY,
    }
    assert (said["author"], said["text"], said["state"]) == ("bot", "Hello!", "sent")
    assert await listed(tower, "messages", search="zebra", author="person") == [heard]
    assert await listed(tower, "messages", state__in="failed,withheld") == []


@pytest.mark.parametrize("name", NAMES)
async def test_nothing_is_made_or_changed_there(tower: Tower, ann: Customer, name: str) -> None:
    path = f"/api/v1/bots/{name}/"
    for method, at in (("POST", path), ("PUT", f"{path}1/"), ("PATCH", f"{path}1/")):
        assert (await tower.tenant.http.request(method, at, json={})).status_code == 405
    if name != "admins":
        assert (await tower.tenant.http.delete(f"{path}1/")).status_code == 405


async def test_an_admin_is_taken_off_the_list_and_has_no_rights_left(tower: Tower, ann: Customer) -> None:
    bob = await tower.invited(ann, BOB)
    bot, customer = await number(tower, "bots", ann.bot), await number(tower, "customers", bob.id)
    [place] = await listed(tower, "admins", bot=bot, customer=customer)
    path = f"/api/v1/bots/admins/{place['id']}/"
    assert (await tower.tenant.http.get(path)).json() == place
    gone = await tower.tenant.http.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await tower.got("GET", f"/v1/bots/{ann.bot}", ann))["admins"] == [ann.id]
    assert (await tower.call("GET", f"/v1/bots/{ann.bot}", bob)).json()["error"]["name"] == "customerNotAdminError"
    again = await tower.tenant.http.delete(path)
    assert (again.status_code, again.json()) == (404, NOT_FOUND)


async def test_the_owner_of_a_bot_stays_on_its_list(tower: Tower, ann: Customer) -> None:
    await tower.invited(ann, BOB)
    bot, customer = await number(tower, "bots", ann.bot), await number(tower, "customers", ann.id)
    [place] = await listed(tower, "admins", bot=bot, customer=customer)
    answer = await tower.tenant.http.delete(f"/api/v1/bots/admins/{place['id']}/")
    assert (answer.status_code, answer.json()) == (409, OWNER_STAYS)
    assert await listed(tower, "admins", bot=bot, customer=customer) == [place]


async def test_a_member_reads_who_is_there_and_not_what_was_said(tower: Tower, ann: Customer) -> None:
    await tower.invited(ann, BOB)
    await say(tower, ann, "In private")
    async with member_of(tower) as member:
        for name in NAMES:
            answer = await member.get(f"/api/v1/bots/{name}/")
            if name in MEMBERS_READ:
                assert (answer.status_code, bool(answer.json()["count"])) == (200, name != "statuses")
            else:
                assert (answer.status_code, answer.json()) == (403, DENIED)
        [row, *_] = await listed(tower, "messages")
        assert (await member.get(f"/api/v1/bots/messages/{row['id']}/")).status_code == 403
        for place in await listed(tower, "admins"):
            answer = await member.delete(f"/api/v1/bots/admins/{place['id']}/")
            assert (answer.status_code, answer.json()) == (403, DENIED)
    assert len(await listed(tower, "admins")) == 3


async def test_without_a_credential_nothing_of_bots_is_read_and_nothing_removed(tower: Tower) -> None:
    async with visitor(tower.application) as anyone:
        for name in NAMES:
            assert (await anyone.get(f"/api/v1/bots/{name}/")).status_code == 401
        refused = await anyone.delete("/api/v1/bots/admins/1/")
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


async def test_a_neighbour_sees_and_removes_nothing(tower: Tower, ann: Customer) -> None:
    bob = await tower.invited(ann, BOB)
    await say(tower, ann, "zanzibar")
    await tower.user(ann, botStatus="muted")
    customer = await number(tower, "customers", bob.id)
    [place, *_] = await listed(tower, "admins", customer=customer, ordering="-id")
    async with tower_of(tower.application, tower.facebook) as there:
        for name in NAMES:
            assert await listed(there, name) == []
        answer = await there.tenant.http.delete(f"/api/v1/bots/admins/{place['id']}/")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert len(await listed(tower, "admins", customer=customer)) == 2


async def test_no_list_tells_a_secret(tower: Tower) -> None:
    cid = await tower.customer(CID)
    await tower.got("PUT", f"/v1/bots/{cid.bot}", cid, json=SECRETS)
    await tower.got("PUT", f"/v1/customers/{cid.id}", cid, json={"apiKey": "customers-key-33"})
    await tower.user(cid, botStatus="muted", accessToken="users-token-44")
    await say(tower, cid, "Hello", address="digest-of-a-browser")
    code = (await tower.got("GET", f"/v1/bots/{cid.bot}", cid))["inviteCode"]
    hidden = ["EAApage-5d1e", "vtex-8812", "customers-key-33", "users-token-44", code, "sealed:"]
    hidden += ["kept to the bots API", "digest-of-a-browser"]
    for name in NAMES:
        answer = await tower.tenant.http.get(f"/api/v1/bots/{name}/")
        assert answer.json()["count"] == 1 + (name == "messages") + (name == "users")
        assert [secret for secret in hidden if secret in answer.text] == []
