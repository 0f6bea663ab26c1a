"""The names of people, against a stand-in that speaks as Facebook does, and that stand-in's own documents."""

from datetime import timedelta

import httpx
import pytest

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.messenger import profile as profiles
from clerestory.families.bots.messenger.profile import name_of
from tests.standins import facebook as fb
from tests.standins.facebook import Facebook
from tests.standins.server import Answer

PERSON = "2093479187345"


def app(facebook: Facebook) -> FacebookApp:
    return FacebookApp(facebook.url, fb.APP_ID, fb.APP_SECRET, trusted=True)


async def test_a_name_is_first_and_last(trusted: httpx.AsyncClient, facebook: Facebook) -> None:
    facebook.know(PERSON, "  Ada", "Lovelace ")
    assert await name_of(trusted, app(facebook), fb.PAGE_TOKEN, PERSON) == "Ada Lovelace"
    (heard,) = facebook.heard
    assert (heard.path, heard.query["fields"]) == (f"/v21.0/{PERSON}", "first_name,last_name")
    assert heard.query["appsecret_proof"] == app(facebook).proof(fb.PAGE_TOKEN)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"first_name": "Ada"}, "Ada"),
        ({"last_name": "Lovelace"}, "Lovelace"),
        ({"first_name": "A\0da\nB", "last_name": None}, "Ada B"),
        ({"first_name": "x" * 400}, "x" * 255),
        ({"first_name": " ", "last_name": ""}, None),
        ({"first_name": 7}, None),
        ({}, None),
        ([], None),
        ("<html>", None),
        (b"\xff", None),
    ],
)
async def test_a_name_is_what_there_is_of_it(
    trusted: httpx.AsyncClient, facebook: Facebook, body: object, name: str | None
) -> None:
    facebook.script(Answer(200, body))
    assert await name_of(trusted, app(facebook), fb.PAGE_TOKEN, PERSON) == name


async def test_a_name_that_cannot_be_had_is_none(
    trusted: httpx.AsyncClient, facebook: Facebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "_DEADLINE", timedelta(seconds=0.2))
    facebook.script(Answer(500, {"first_name": "Ada"}), Answer(drop=True), Answer(hold=True))
    asked = [await name_of(trusted, app(facebook), fb.PAGE_TOKEN, PERSON) for _ in range(4)]
    assert asked == [None] * 4


@pytest.mark.parametrize("address", ["", ".", "..", "me/accounts", "?x", "#", "a b", "\ud800", "\0"])
async def test_an_odd_id_names_no_other_path(trusted: httpx.AsyncClient, facebook: Facebook, address: str) -> None:
    assert await name_of(trusted, app(facebook), fb.PAGE_TOKEN, address) is None
    assert all(heard.path.count("/") == 2 and heard.query["fields"] for heard in facebook.heard)


@pytest.mark.parametrize("token", list(fb.REFUSALS))
async def test_the_stand_in_answers_each_token_with_its_document(
    trusted: httpx.AsyncClient, facebook: Facebook, token: str
) -> None:
    answer = await trusted.get(f"{facebook.url}/me", params={"access_token": token, "fields": "id"})
    assert (answer.status_code, answer.json()) == (400, fb.REFUSALS[token])


async def test_the_stand_in_knows_people_and_proofs(trusted: httpx.AsyncClient, facebook: Facebook) -> None:
    token = facebook.join("EAAada", "10154544223979636", "Ada", "ada@example.com")
    bare = facebook.join("EAAbob", "10154544223979637", "Bob")
    url, fields = f"{facebook.url}/me", "id,name,email"
    proof = app(facebook).proof(token)
    known = await trusted.get(url, params={"access_token": token, "appsecret_proof": proof, "fields": fields})
    wrong = await trusted.get(url, params={"access_token": bare, "appsecret_proof": proof, "fields": fields})
    without = await trusted.get(url, params={"access_token": bare, "fields": fields})
    assert known.json() == {"id": "10154544223979636", "name": "Ada", "email": "ada@example.com"}
    assert wrong.json() == fb.BAD_PROOF
    assert without.json() == {"id": "10154544223979637", "name": "Bob"}
