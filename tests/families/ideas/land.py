"""What tests of ideas stand on: rows put into a tenant by hand, an app, and the tokens that it gets."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from clerestory.families.ideas.apps.register import AppForm, register, show
from tests.fixtures.tenants import PASSWORD, TestTenant

MADE = datetime(2024, 2, 1, 14, 0, 0, 7_000, UTC)
MADE_ON_WIRE = "2024-02-01 09:00:00.007"
REDIRECT = "https://app.example.org/back"


@dataclass(frozen=True, slots=True)
class App:
    """A registered app with its credentials."""

    id: int
    client_id: str
    secret: str = field(repr=False)

    def fields(self, grant: str, **more: str) -> dict[str, str]:
        return {"grant_type": grant, "client_id": self.client_id, "client_secret": self.secret, **more}


async def make_app(tenant: TestTenant, *, master: bool = False, per_hour: int | None = None) -> App:
    form = AppForm("Dashboard", redirect_uris=(REDIRECT,), master=master, per_hour=per_hour)
    made = await register(tenant.scope, form)
    shown = await show(tenant.scope, made)
    return App(made, shown.row.client_id, shown.secret)


async def make_person(tenant: TestTenant, email: str, *, administrator: bool = False, **more: Any) -> int:
    """A person who signs in with PASSWORD."""
    body = {"email": email, "first_name": "Ann", "last_name": "Lee", "password": PASSWORD, **more}
    answer = await tenant.http.post("/api/v1/people/", json={**body, "administrator": administrator})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def token_of(client: httpx.AsyncClient, app: App, email: str) -> dict[str, str]:
    """The header of a member who signed in by password."""
    fields = app.fields("password", username=email, password=PASSWORD)
    answer = await client.post("/_oauth2/token", data=fields)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def uuid_of(tenant: TestTenant, table: str, row: int) -> UUID:
    value: UUID = await tenant.scope.direct().value(f"SELECT uuid FROM tenant.{table} WHERE id = :row", row=row)
    return value


async def put(tenant: TestTenant, table: str, **values: object) -> int:
    """A row by hand; its id."""
    columns, names = ", ".join(values), ", ".join(f":{name}" for name in values)
    sql = f"INSERT INTO tenant.{table} ({columns}) VALUES ({names}) RETURNING id"
    number: int = await tenant.scope.direct().value(sql, **values)
    return number


async def make_campaign(tenant: TestTenant, name: str = "Safer plant", **more: object) -> int:
    values: dict[str, object] = {"name": name, "description": "Ideas for the shop floor", "created": MADE, **more}
    return await put(tenant, "ideas_campaign", **values)
