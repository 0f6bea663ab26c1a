"""Signing in: how the header is read, what Facebook says and when it is asked, and whose app it is."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from clerestory.families.bots.signin.identities import KNOWN_FOR, REFUSED_FOR
from tests.families.bots.tower import (
    ANN,
    BOB,
    CID,
    DOWN,
    NO_HEADER,
    PEOPLE,
    Tower,
    as_facebook_said,
    asked,
    plain,
    refused,
    sign_in,
)
from tests.fixtures.tenants import TestTenant
from tests.standins.facebook import (
    APP_SECRET,
    BAD_PROOF,
    EXPIRED,
    LOGGED_OUT,
    MALFORMED,
    REFUSALS,
    UNDECRYPTABLE,
)
from tests.standins.server import Answer

# §2: the header


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION", "aUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "Xxxxxx ", "BEARER\t", "1234567"])
async def test_seven_characters_are_cut_off_unread(tower: Tower, name: str, scheme: str) -> None:
    answer = await tower.call("POST", "/v1/customers", headers={name: scheme + ANN})
    assert (answer.status_code, answer.json()["facebookId"]) == (201, PEOPLE[ANN][0])


async def test_without_a_scheme_the_token_loses_its_own_beginning(own_tower: Tower) -> None:
    answer = await own_tower.call("POST", "/v1/customers", headers={"Authorization": ANN})
    plain(answer, as_facebook_said(MALFORMED))
    assert [heard.query["access_token"] for heard in own_tower.facebook.heard] == [ANN[7:]]


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authentication": f"Bearer {ANN}"}])
async def test_without_a_header_nobody_is_asked(own_tower: Tower, headers: dict[str, str]) -> None:
    refused(await own_tower.call("POST", "/v1/customers", headers=headers), NO_HEADER)
    assert asked(own_tower) == 0


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "x"])
async def test_a_header_with_no_token_in_it_is_an_empty_token(tower: Tower, value: str) -> None:
    plain(await tower.call("POST", "/v1/customers", headers={"Authorization": value}), as_facebook_said(""))


@pytest.mark.parametrize("token", ["é" * 20, "a b&access_token=c#d%00", "x" * 5000, "\x7f", "токен"])
async def test_any_other_token_is_a_malformed_one(tower: Tower, token: str) -> None:
    headers = {"Authorization": b"Bearer " + token.encode()}
    plain(await tower.call("POST", "/v1/customers", headers=headers), as_facebook_said(MALFORMED))


# §2: what Facebook is asked and says


async def test_facebook_is_asked_by_me_with_the_proof(own_tower: Tower) -> None:
    await sign_in(own_tower, ANN)
    [heard] = own_tower.facebook.heard
    assert (heard.method, heard.path) == ("GET", "/v21.0/me")
    # printf %s "$token" | openssl dgst -sha256 -hmac "$app_secret"
    proof = "f5d3d029221dabb8b9e0345b67750c8bd510ee98e6bdd191c9aeafaf340c0600"
    assert heard.query == {"fields": "id,name,email", "access_token": ANN, "appsecret_proof": proof}


@pytest.mark.parametrize("token", [MALFORMED, UNDECRYPTABLE, LOGGED_OUT, EXPIRED])
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/customers"), ("GET", "/v1/bots/x"), ("PUT", "/v1/users")])
async def test_facebooks_refusal_goes_back_as_it_is(tower: Tower, token: str, method: str, path: str) -> None:
    plain(await tower.call(method, path, token), as_facebook_said(token))


async def test_a_token_of_another_app_fails_on_the_proof(own_tower: Tower) -> None:
    own_tower.facebook.secret = "the secret of another app"
    plain(await sign_in(own_tower, ANN), json.dumps(BAD_PROOF, separators=(",", ":")))


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_whatever_facebook_says_of_an_error_is_said_whatever_its_status(own_tower: Tower, status: int) -> None:
    document = {"error": {"code": 1, "x": [None, 1.5, "é"]}, "more": {}}
    own_tower.facebook.script(Answer(status, document))
    plain(await sign_in(own_tower, ANN), json.dumps(document, separators=(",", ":"), ensure_ascii=False))


async def test_a_token_that_facebook_repeats_is_cut_out(own_tower: Tower) -> None:
    own_tower.facebook.script(Answer(400, {"error": {"message": f"The token {ANN} is bad", "trace": [{"t": ANN}]}}))
    answer = await sign_in(own_tower, ANN)
    assert answer.json() == {"error": {"message": "The token [cut] is bad", "trace": [{"t": "[cut]"}]}}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "<html>Sorry</html>"),
        Answer(500, "<html>Sorry</html>"),
        Answer(200, b""),
        Answer(200, b"\xff"),
        Answer(200, b"[" * 60_000),
        Answer(200, [{"id": "1"}]),
        Answer(200, "null"),
        Answer(200, 5),
        Answer(200, {}),
        Answer(200, {"id": 5, "name": "x"}),
        Answer(200, {"id": ""}),
        Answer(302, "", {"Location": "http://127.0.0.1:1/"}),
        Answer(drop=True),
    ],
    ids=str,
)
async def test_an_answer_that_is_none_is_said_in_a_plain_sentence(own_tower: Tower, answer: Answer) -> None:
    own_tower.facebook.script(answer)
    plain(await sign_in(own_tower, ANN), DOWN)
    # It is not remembered of the token.
    assert (await sign_in(own_tower, ANN)).status_code == 201


async def test_a_name_that_cannot_be_stored_is_none(own_tower: Tower) -> None:
    own_tower.facebook.script(Answer(200, {"id": "77", "name": "a\0b", "email": 5}))
    body = (await sign_in(own_tower, ANN)).json()
    assert body == {"id": body["id"], "facebookId": "77", "name": None, "bots": body["bots"]}


# Asked once a minute


def test_a_token_is_known_for_a_minute_at_most_and_refused_for_five_seconds() -> None:
    assert timedelta(seconds=60) >= KNOWN_FOR
    assert timedelta(seconds=5) >= REFUSED_FOR


async def test_twenty_requests_are_one_question(own_tower: Tower) -> None:
    made = (await sign_in(own_tower, ANN)).json()
    for _ in range(20):
        assert (await own_tower.call("GET", f"/v1/customers/{made['id']}", ANN)).json() == made
    assert asked(own_tower) == 1


async def test_who_asks_at_the_same_time_asks_together(own_tower: Tower) -> None:
    own_tower.facebook.script(Answer(200, {"id": "77", "name": "Slow"}, hold=True))
    calls = [asyncio.create_task(sign_in(own_tower, ANN)) for _ in range(30)]
    await asyncio.to_thread(own_tower.facebook.wait_for, 1)
    await asyncio.sleep(0.05)
    own_tower.facebook.release()
    assert {(await call).json()["facebookId"] for call in calls} == {"77"}
    assert asked(own_tower) == 1


async def test_who_goes_away_takes_the_answer_from_nobody(own_tower: Tower) -> None:
    own_tower.facebook.script(Answer(200, {"id": "77", "name": "Slow"}, hold=True))
    calls = [asyncio.create_task(sign_in(own_tower, ANN)) for _ in range(3)]
    await asyncio.to_thread(own_tower.facebook.wait_for, 1)
    calls[0].cancel()
    own_tower.facebook.release()
    assert [(await call).status_code for call in calls[1:]] == [201, 201]
    assert asked(own_tower) == 1


async def test_a_refused_token_is_asked_about_again_after_its_time(own_tower: Tower) -> None:
    own_tower.facebook.refused[ANN] = REFUSALS[EXPIRED]
    for _ in range(5):
        plain(await sign_in(own_tower, ANN), as_facebook_said(EXPIRED))
    assert asked(own_tower) == 1
    del own_tower.facebook.refused[ANN]
    await asyncio.sleep(REFUSED_FOR.total_seconds() + 0.1)
    assert (await sign_in(own_tower, ANN)).status_code == 201
    assert asked(own_tower) == 2


async def test_tokens_are_told_apart(own_tower: Tower) -> None:
    names = [(await sign_in(own_tower, token)).json()["name"] for token in (ANN, BOB, CID, BOB, ANN)]
    assert names == [PEOPLE[token][1] for token in (ANN, BOB, CID, BOB, ANN)]
    assert asked(own_tower) == 3


# Whose app it is


async def own_app(tower: Tower, settings: dict[str, str], status: int = 200) -> Any:
    answer = await tower.tenant.http.patch("/api/v1/settings/", json=settings)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_tenants_own_app_proves_its_tokens(own_tower: Tower) -> None:
    own_tower.facebook.secret = "the tenant's own secret"
    app = {"bots_facebook_app_id": "77", "bots_facebook_app_secret": "the tenant's own secret"}
    shown = await own_app(own_tower, app)
    assert "own secret" not in json.dumps(shown)
    assert (await sign_in(own_tower, ANN)).status_code == 201


async def test_a_tenants_own_address_may_not_be_a_private_one(own_tower: Tower) -> None:
    app = {"bots_facebook_app_id": "77", "bots_facebook_app_secret": APP_SECRET}
    address = f"http://localhost:{own_tower.facebook.port}/v21.0"
    await own_app(own_tower, {**app, "bots_facebook_graph_url": address})
    plain(await sign_in(own_tower, ANN), DOWN)
    assert asked(own_tower) == 0


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"bots_facebook_app_id": "77"}, "bots_facebook_app_secret"),
        ({"bots_facebook_app_secret": "x"}, "bots_facebook_app_id"),
        ({"bots_facebook_graph_url": "https://graph.example.org"}, "bots_facebook_app_id"),
    ],
)
async def test_what_is_signed_for_the_operators_app_goes_to_the_operators_address(
    tower: Tower, given: dict[str, str], missing: str
) -> None:
    assert (await own_app(tower, given, 400))["data"].keys() == {missing}
    assert (await sign_in(tower, ANN)).status_code == 201


async def test_without_an_app_nobody_signs_in(tenant: TestTenant) -> None:
    answer = await tenant.http.post("/v1/customers", headers={"Authorization": f"Bearer {ANN}"})
    words = "Sign-in by Facebook is not set up: the app's id and secret are missing."
    refused(answer, ("facebookAppMissingError", words))
