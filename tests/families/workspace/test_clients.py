"""Registration of a client by the API."""

import re

import httpx

from tests.families.workspace.words import NO_CREDENTIAL

CLIENTS = "/api/v1/clients/"


async def test_a_client_registers_and_works_at_once(client: httpx.AsyncClient) -> None:
    body = {"email": "jane.doe@x.org", "password": "seven blue lanterns", "first_name": "Jane", "last_name": "Doe"}
    answer = await client.post(CLIENTS, json=body, headers={"Api-Key": "whatever"})
    assert answer.status_code == 201
    made = answer.json()
    assert set(made) == {"client", "schema", "api_key", "state"}
    assert re.fullmatch(r"jane\.doe_\d{6}", made["client"])
    assert made["schema"] == made["client"].replace(".", "_")
    assert made["state"] == "READY"
    key = {"Api-Key": made["api_key"]}
    people = (await client.get("/api/v1/people/", headers=key)).json()
    assert [(row["email"], row["administrator"]) for row in people["results"]] == [("jane.doe@x.org", True)]
    current = await client.get("/api/v1/clients/current/", headers=key)
    del made["api_key"]
    assert (current.status_code, current.json()) == (200, made)


async def test_a_registration_is_refused_by_field(client: httpx.AsyncClient) -> None:
    answer = await client.post(CLIENTS, json={"email": "jane", "first_name": 5})
    assert answer.status_code == 400
    assert [(error["attr"], error["code"]) for error in answer.json()["errors"]] == [
        ("email", "invalid"),
        ("password", "required"),
        ("first_name", "invalid"),
    ]
    weak = await client.post(CLIENTS, json={"email": "jane@x.org", "password": "8264019"})
    assert [(error["attr"], error["code"]) for error in weak.json()["errors"]] == [
        ("password", "password_too_short"),
        ("password", "password_entirely_numeric"),
    ]


async def test_who_names_no_client_has_none(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/clients/current/")
    assert (answer.status_code, answer.json()) == (401, NO_CREDENTIAL)
