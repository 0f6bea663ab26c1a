"""A campaign with a status and a category, three people in it, and ideas posted there."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.families.ideas.land import App, make_campaign, make_person, put, token_of, uuid_of
from tests.fixtures.tenants import TestTenant

ABSENT = {
    "errorCode": 2004,
    "message": "Invalid object ID or you don't have access to this object",
    "error": "invalid_request",
    "error_description": "Invalid object ID or you don't have access to this object",
}


def refused(code: int, message: str, error: str = "invalid_request") -> dict[str, Any]:
    """The four keys of a refusal."""
    return {"errorCode": code, "message": message, "error": error, "error_description": message}


def forbidden(message: str = "You are not authorized to perform this action") -> dict[str, Any]:
    return refused(2003, message, "access_denied")


@dataclass(frozen=True, slots=True)
class Ground:
    """One campaign of a tenant. Ids are as on the wire; `ann` submits, `bo` votes, `max` administers the campaign."""

    tenant: TestTenant
    client: httpx.AsyncClient
    campaign: int
    campaign_id: str
    status_id: str
    later_id: str
    category_id: str
    ann: dict[str, str]
    bo: dict[str, str]
    max: dict[str, str]
    people: dict[str, int]

    async def post(self, **fields: Any) -> dict[str, Any]:
        """An idea of Ann's."""
        given = {"campaign_id": self.campaign_id, "title": "Quieter fans", "description": "<p>Swap the bearings.</p>"}
        given |= {"category_id": self.category_id, **fields}
        answer = await self.client.post("/api3/idea", data=given, headers=self.ann)
        assert answer.status_code == 200, answer.text
        idea: dict[str, Any] = answer.json()["idea"]
        return idea

    async def id_of(self, person: str) -> str:
        return str(await uuid_of(self.tenant, "person", self.people[person])).upper()

    async def set(self, **columns: object) -> None:
        """Changes the campaign's rules."""
        given = ", ".join(f"{name} = :{name}" for name in columns)
        sql = f"UPDATE tenant.ideas_campaign SET {given} WHERE id = :campaign"
        await self.tenant.scope.direct().execute(sql, campaign=self.campaign, **columns)


async def make_ground(tenant: TestTenant, client: httpx.AsyncClient, app: App, **campaign: Any) -> Ground:
    people, tokens = {}, {}
    for name in ("ann", "bo", "max"):
        email = f"{name}@x.org"
        people[name] = await make_person(tenant, email, first_name=name.title(), last_name="Lee")
        tokens[name] = await token_of(client, app, email)
    number = await make_campaign(tenant, **campaign)
    await put(tenant, "ideas_role", campaign=number, person=people["max"], role="administrator")
    status = await put(tenant, "ideas_status", name="New", place=1)
    later = await put(tenant, "ideas_status", name="Planned", place=2)
    category = await put(tenant, "ideas_category", campaign=number, name="Noise", place=1)
    return Ground(
        tenant,
        client,
        number,
        campaign_id=str(await uuid_of(tenant, "ideas_campaign", number)).upper(),
        status_id=str(await uuid_of(tenant, "ideas_status", status)).upper(),
        later_id=str(await uuid_of(tenant, "ideas_status", later)).upper(),
        category_id=str(await uuid_of(tenant, "ideas_category", category)).upper(),
        ann=tokens["ann"],
        bo=tokens["bo"],
        max=tokens["max"],
        people=people,
    )


async def get(ground: Ground, path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await ground.client.get(path, headers=ground.ann if headers is None else headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body
