"""Of every resource that any family declares: a neighbour sees, changes and removes nothing of ours."""

import pytest

from clerestory.app import FAMILIES
from clerestory.platform.resources import Field, Resource, Type
from tests.families.workspace.words import NOT_FOUND
from tests.fixtures.tenants import MakeTenant, TestTenant

DECLARED = [resource for family in FAMILIES for resource in family.resources]
WRITTEN = [resource for resource in DECLARED if resource.creatable and resource.writable]


@pytest.mark.parametrize("resource", WRITTEN, ids=lambda resource: resource.name)
async def test_a_neighbour_reaches_no_record(resource: Resource, make_tenant: MakeTenant) -> None:
    ours, theirs = await make_tenant(), await make_tenant()
    record = await made(ours, resource)
    listed = (await theirs.http.get(f"/api/v1/{resource.name}/")).json()
    url = f"/api/v1/{resource.name}/{record['id']}/"
    uuids = [row.get("uuid") for row in listed["results"]]
    assert record.get("uuid", "") not in uuids
    if record["id"] in [row["id"] for row in listed["results"]]:
        # The same number is another record there.
        assert (await theirs.http.get(url)).json() != record
        return
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await theirs.http.request(method, url, json=record)
        if answer.status_code != 405:
            assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert (await ours.http.get(url)).json() == record


async def made(tenant: TestTenant, resource: Resource) -> dict[str, object]:
    """A record that holds what each required field may hold."""
    body = {field.name: await example(tenant, field) for field in resource.writable if field.required}
    answer = await tenant.http.post(f"/api/v1/{resource.name}/", json=body)
    assert answer.status_code == 201, answer.text
    record: dict[str, object] = answer.json()
    return record


async def example(tenant: TestTenant, field: Field) -> object:
    if field.refers:
        declared = next(resource for resource in DECLARED if resource.table == field.refers)
        return (await made(tenant, declared))["id"]
    if field.choices:
        return [] if field.type is Type.TEXTS else field.choices[0]
    return {
        Type.TEXT: "An example",
        Type.EMAIL: "an.example@x.org",
        Type.PHONE: "+447772572105",
        Type.WHOLE: 1,
        Type.NUMBER: 1.5,
        Type.TRUTH: True,
        Type.MOMENT: "2024-05-31T09:30:00Z",
        Type.DAY: "2024-05-31",
        Type.UUID: "0b0c8ad1-4b49-4a0c-9e0f-9c2f2f1f4f3e",
        Type.OBJECT: {part.name: True for part in field.parts},
        Type.TEXTS: [],
        Type.WHOLES: [],
    }[field.type]


def test_every_declared_table_is_reached_by_its_own_name_alone() -> None:
    assert len({resource.name for resource in DECLARED}) == len(DECLARED)
    assert len({resource.record for resource in DECLARED}) == len(DECLARED)
