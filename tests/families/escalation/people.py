"""Members for tests, made as a tenant makes them: over the workspace's API."""

from dataclasses import dataclass

from tests.fixtures.tenants import TestTenant

ALL = ("LOW", "MINOR", "MAJOR", "CRITICAL")
LOG = {"code": "500", "application": "ExampleApp", "message": "Critical bug detected", "severity": "MAJOR"}
DEV = {"Environment": "DEV"}


@dataclass(frozen=True)
class Person:
    """A member to be made; `by` are the channels consented to."""

    name: str
    by: str
    phone: str | None = None
    wants: tuple[str, ...] = ALL


async def add(tenant: TestTenant, *people: Person) -> list[int]:
    """Makes the members; their ids. The registrant of the tenant has no contact and is never told."""
    ids = []
    for person in people:
        first, _, last = person.name.partition(" ")
        email = f"{first.lower()}@example.org"
        body = {"email": email, "first_name": first, "last_name": last, "phone_number": person.phone, "role": "Founder"}
        made = await tenant.http.post("/api/v1/people/", json=body)
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
        consents = {channel: channel in person.by.split() for channel in ("EMAIL", "SMS", "WHATSAPP")}
        contact = {"person": ids[-1], "consents": consents, "preferences": list(person.wants)}
        told = await tenant.http.post("/api/v1/escalation/contacts/", json=contact)
        assert told.status_code == 201, told.text
    return ids


async def put_settings(tenant: TestTenant, **settings: object) -> None:
    answer = await tenant.http.patch("/api/v1/settings/", json=settings)
    assert answer.status_code == 200, answer.text


async def log_keys(tenant: TestTenant) -> list[str]:
    """The keys of all logs, the latest first."""
    answer = await tenant.http.get("/api/v1/escalation/logs/?ordering=-id")
    return [log["log_key"] for log in answer.json()["results"]]


async def page(tenant: TestTenant) -> str:
    """The page of the latest log."""
    answer = await tenant.http.get(f"/log/{(await log_keys(tenant))[0]}")
    assert answer.status_code == 200
    return answer.text
