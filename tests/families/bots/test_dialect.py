"""How each problem is said, which tenant a request is for, and what public answers."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request

from clerestory.families.bots import model
from clerestory.families.bots.dialect import BotsDialect, status_of
from clerestory.kernel import errors
from clerestory.kernel.errors import Fault, Kind, Problem
from clerestory.platform.database import Database
from clerestory.platform.tokens import Vault, keys
from tests.families.bots.tower import (
    ANN,
    BOB,
    NO_HEADER,
    NO_ONE,
    PEOPLE,
    READ_ONLY,
    UNKNOWN_CUSTOMER,
    Customer,
    Tower,
    refused,
    tower_app,
    tower_of,
)
from tests.fixtures.clocks import visitor
from tests.standins.facebook import MALFORMED, MALFORMED_TOKEN, Facebook

# §3, and what the server says itself
OWN: list[tuple[Problem, str]] = [
    (model.NoHeader(), '{"error":{"message":"No authorization header","name":"noAuthorizationHeaderError"}}'),
    (model.UnknownCustomer(), '{"error":{"message":"Invalid customerId","name":"unknownCustomerIdError"}}'),
    (
        model.OthersCustomer("1", "2"),
        (
            '{"error":{"message":"The facebook user 1 is not allowed to acces data of customer 2",'
            '"name":"fbUserDeniedAccessError"}}'
        ),
    ),
    (model.UnknownBot(), '{"error":{"message":"Invalid botId","name":"unknownBotIdError"}}'),
    (model.WrongInvitation(), '{"error":{"message":"Invalid invite code","name":"invalidIviteCodeError"}}'),
    (
        model.NotAdmin(),
        '{"error":{"message":"You are not on the admins team for this bot","name":"customerNotAdminError"}}',
    ),
    (model.FacebookRefused('{"error":{"code":190}}'), '{"error":{"code":190}}'),
    (model.FacebookDown(), "Facebook cannot be asked about this token at the moment. Try again shortly."),
    (
        model.FacebookUnset(),
        (
            '{"error":{"message":"Sign-in by Facebook is not set up: the app\'s id and secret are missing.",'
            '"name":"facebookAppMissingError"}}'
        ),
    ),
    (
        errors.Invalid(Fault("a", Kind.INVALID, '„No“ "\\\n')),
        '{"error":{"message":"„No“ \\"\\\\\\n","name":"invalidRequestError"}}',
    ),
    (
        errors.Broken("abc123"),
        '{"error":{"message":"Something unexpected went wrong. Reference: abc123","name":"serverError"}}',
    ),
    (
        errors.RateLimited(timedelta(seconds=7)),
        '{"error":{"message":"Too many requests.","name":"tooManyRequestsError"}}',
    ),
]


def request() -> Request:
    return Request({"type": "http", "headers": [], "method": "GET", "path": "/v1"})


@pytest.mark.parametrize(("problem", "text"), OWN, ids=lambda one: type(one).__name__)
def test_a_problem_is_said_byte_for_byte(problem: Problem, text: str) -> None:
    answer = BotsDialect().answer(problem, request())
    assert (answer.status_code, bytes(answer.body).decode()) == (500, text)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert status_of(type(problem)) == 500


def test_json_that_cannot_be_read_is_the_gateways_to_say() -> None:
    answer = BotsDialect().answer(model.Unparseable(), request())
    found = (answer.status_code, answer.headers["content-type"], bytes(answer.body))
    assert found == (400, "application/json", b'{"message":"Could not parse request body into json."}')
    assert status_of(model.Unparseable) == 400


# Which tenant it is


@pytest.mark.parametrize("name", ["Api-Key", "X-Api-Key", "api-key", "x-api-key"])
async def test_the_key_of_the_tenant_stands_in_a_header_of_its_own(tower: Tower, ann: Customer, name: str) -> None:
    async with visitor(tower.application) as http:
        headers = {name: tower.tenant.api_key, "Authorization": f"Bearer {ANN}"}
        answer = await http.get(f"/v1/customers/{ann.id}", headers=headers)
    assert (answer.status_code, answer.json()["id"]) == (200, ann.id)


async def test_a_key_that_is_not_good_is_refused_before_the_token(tower: Tower) -> None:
    async with tower.tenant.scope.begin() as tx:
        issued = await keys.issue(tx, tower.tenant.scope.part(Vault), tower.tenant.tenant.id, "gone")
        await keys.revoke(tx, tower.tenant.tenant.id, issued.id, tower.tenant.scope.now)
    for key, words in (
        (NO_ONE, ("invalidApiKeyError", "This key is not known.")),
        (issued.text, ("revokedApiKeyError", "This key was revoked.")),
    ):
        refused(await tower.call("POST", "/v1/customers", ANN, headers={"Api-Key": key}), words)
        refused(await tower.call("POST", "/v1/customers", headers={"Api-Key": key}), words)


async def test_no_key_of_a_tenant_is_a_token(tower: Tower) -> None:
    answer = await tower.call("POST", "/v1/customers", tower.tenant.api_key)
    assert (answer.status_code, answer.json()) == (500, MALFORMED_TOKEN)


async def test_without_a_key_it_is_the_default_tenant(database_url: str, facebook: Facebook) -> None:
    async with tower_app(database_url, facebook) as application, tower_of(application, facebook) as tower:
        ann = await tower.customer(ANN)
    async with (
        tower_app(database_url, facebook, tower.tenant.client) as application,
        visitor(application, Authorization=f"Bearer {ANN}") as http,
    ):
        assert (await http.get(f"/v1/customers/{ann.id}")).json()["bots"] == [ann.bot]
        assert (await http.post("/v1/bots")).status_code == 201


# Public


@pytest.fixture
async def public(own_tower: Tower) -> AsyncIterator[tuple[httpx.AsyncClient, Customer]]:
    """Who shows no key, and a customer who stands in public, with a bot and a muted user."""
    async with own_tower.application.parts.find(Database).begin() as tx:
        await tx.execute(
            """
            INSERT INTO tenant.bots_customer (facebook_id, attributes)
            VALUES (:facebook_id, '{"name": "Ann"}')
            """,
            facebook_id=PEOPLE[ANN][0],
        )
        await tx.execute("INSERT INTO tenant.bots_bot (owner) SELECT id FROM tenant.bots_customer")
        await tx.execute(
            """
            INSERT INTO tenant.bots_admin (bot, customer)
            SELECT id, owner
              FROM tenant.bots_bot
            """
        )
        await tx.execute(
            """
            INSERT INTO tenant.bots_user (bot, key, attributes)
            SELECT id, 'u', '{"botStatus": "muted"}'
              FROM tenant.bots_bot
            """
        )
        customer = await tx.value("SELECT uuid::text FROM tenant.bots_customer")
        bot = await tx.value("SELECT uuid::text FROM tenant.bots_bot")
    async with visitor(own_tower.application) as http:
        yield http, Customer(ANN, customer, bot)


async def test_public_answers_reads(public: tuple[httpx.AsyncClient, Customer]) -> None:
    http, ann = public
    headers = {"Authorization": f"Bearer {ANN}"}
    user = {"id": "u", "botId": ann.bot, "botStatus": "muted"}
    expected = {
        f"/v1/customers/{ann.id}": {"id": ann.id, "facebookId": ann.facebook_id, "name": "Ann", "bots": [ann.bot]},
        f"/v1/bots/{ann.bot}": {"id": ann.bot, "customerId": ann.id, "admins": [ann.id]},
        f"/v1/users?botId={ann.bot}": [user],
        f"/v1/users/u?botId={ann.bot}": user,
        f"/v1/users/v?botId={ann.bot}": None,
    }
    for path, body in expected.items():
        answer = await http.get(path, headers=headers)
        assert (answer.status_code, answer.json()) == (200, body)
        refused(
            await http.get(path, headers={"Authorization": f"Bearer {BOB}"}),
            UNKNOWN_CUSTOMER if "customers" not in path else denied(ann),
        )


def denied(ann: Customer) -> tuple[str, str]:
    text = f"The facebook user {PEOPLE[BOB][0]} is not allowed to acces data of customer {ann.id}"
    return "fbUserDeniedAccessError", text


async def test_public_refuses_every_write_of_who_has_signed_in(public: tuple[httpx.AsyncClient, Customer]) -> None:
    http, ann = public
    writes = [
        ("POST", "/v1/customers", {}),
        ("PUT", f"/v1/customers/{ann.id}", {"a": 1}),
        ("POST", "/v1/bots", {}),
        ("PUT", f"/v1/bots/{ann.bot}", {"a": 1}),
        ("PUT", f"/v1/bots/{ann.bot}", {"admins": "me", "inviteCode": "x", "customerId": ann.id}),
        ("DELETE", f"/v1/bots/{ann.bot}/admins/{ann.id}", None),
        ("POST", "/v1/users", {"botId": ann.bot}),
        ("PUT", "/v1/users", {"botId": ann.bot, "ids": ["u"], "update": {"a": 1}}),
        ("PUT", "/v1/users/u", {"botId": ann.bot, "a": 1}),
    ]
    for method, path, body in writes:
        refused(await http.request(method, path, json=body), NO_HEADER)
        answer = await http.request(method, path, json=body, headers={"Authorization": f"Bearer {MALFORMED}"})
        assert answer.json() == MALFORMED_TOKEN
        for token in (ANN, BOB):
            answer = await http.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
            refused(answer, READ_ONLY)
