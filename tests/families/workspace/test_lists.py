"""Lists: pages by offset and by cursor, ordering, search and filters."""

from typing import Any

import pytest

from tests.families.workspace.words import invalid
from tests.fixtures.tenants import TestTenant

PEOPLE = "/api/v1/people/"


@pytest.fixture
async def crowd(tenant: TestTenant) -> TestTenant:
    """A tenant with its registrant Jane and four more people."""
    rows = (
        {"email": "ann@example.org", "first_name": "Ann", "role": "CTO", "phone_number": "+447772572105"},
        {"email": "bob@example.org", "first_name": "Bob", "role": "CTO", "active": False},
        {"email": "cat_50%@example.org", "first_name": "Cat", "role": "CEO"},
        {"email": "dan@example.org", "first_name": "ann-Dan", "role": ""},
    )
    for row in rows:
        assert (await tenant.http.post(PEOPLE, json=row)).status_code == 201
    return tenant


async def names(tenant: TestTenant, url: str = PEOPLE, **params: Any) -> list[str]:
    answer = await tenant.http.get(url, params=params)
    assert answer.status_code == 200, answer.text
    return [row["first_name"] for row in answer.json()["results"]]


async def test_pages_link_to_their_neighbours(crowd: TestTenant) -> None:
    first = (await crowd.http.get(f"{PEOPLE}?limit=2&role__in=CTO,CEO,")).json()
    assert {**first, "results": [row["first_name"] for row in first["results"]]} == {
        "count": 5,
        "next": "http://clerestory.test/api/v1/people/?role__in=CTO%2CCEO%2C&limit=2&offset=2",
        "previous": None,
        "results": ["Jane", "Ann"],
    }
    second = (await crowd.http.get(first["next"])).json()
    third = (await crowd.http.get(second["next"])).json()
    assert {**third, "results": [row["first_name"] for row in third["results"]]} == {
        "count": 5,
        "next": None,
        "previous": "http://clerestory.test/api/v1/people/?role__in=CTO%2CCEO%2C&limit=2&offset=2",
        "results": ["ann-Dan"],
    }


async def test_a_cursor_walks_there_and_back(crowd: TestTenant) -> None:
    url: str | None = f"{PEOPLE}list-cursor/?limit=2&ordering=-id"
    seen: list[list[str]] = []
    last: dict[str, Any] = {}
    while url:
        page = (await crowd.http.get(url)).json()
        assert set(page) == {"next", "previous", "results"}
        seen.append([row["first_name"] for row in page["results"]])
        url, last = page["next"], page
    assert seen == [["ann-Dan", "Cat"], ["Bob", "Ann"], ["Jane"]]
    back: list[list[str]] = []
    while last["previous"]:
        last = (await crowd.http.get(last["previous"])).json()
        back.append([row["first_name"] for row in last["results"]])
    assert back == [["Bob", "Ann"], ["ann-Dan", "Cat"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"ordering": "-role,-id"}, ["Bob", "Ann", "Cat", "ann-Dan", "Jane"]),
        ({"ordering": "-id"}, ["ann-Dan", "Cat", "Bob", "Ann", "Jane"]),
        ({"search": "ANN"}, ["Ann", "ann-Dan"]),
        ({"search": "_50%"}, ["Cat"]),
        ({"search": "%"}, ["Cat"]),
        ({"search": "572105"}, ["Ann"]),
        ({"role": "CTO"}, ["Ann", "Bob"]),
        ({"role": ""}, ["Jane", "ann-Dan"]),
        ({"role__in": "CEO,CTO", "active": "true"}, ["Ann", "Cat"]),
        ({"email": "ANN@example.org"}, ["Ann"]),
        ({"email__in": "ANN@example.org,bob@EXAMPLE.org"}, ["Ann", "Bob"]),
        ({"active": "0"}, ["Bob"]),
        ({"phone_number__isnull": "false"}, ["Ann"]),
        ({"phone_number__isnull": "true", "administrator": "true"}, ["Jane"]),
        ({"phone_number": "+447772572105"}, ["Ann"]),
        ({"created__gte": "2020-01-01T00:00:00Z", "created__lte": "2020-01-02"}, []),
        ({"id__gte": "-5", "id__lte": "1"}, ["Jane"]),
        ({"limit": "1", "offset": "3"}, ["Cat"]),
        ({"offset": "999999999"}, []),
        ({"limit": "999999999"}, ["Jane", "Ann", "Bob", "Cat", "ann-Dan"]),
    ],
)
async def test_a_list_is_narrowed_and_ordered(crowd: TestTenant, params: dict[str, str], expected: list[str]) -> None:
    if "id__gte" in params:
        params = {"id__lte": str(min(row["id"] for row in (await crowd.http.get(PEOPLE)).json()["results"]))}
    assert await names(crowd, **params) == expected


@pytest.mark.parametrize(
    ("query", "attr", "detail"),
    [
        ("colour=blue", "colour", "There is no such filter."),
        ("password=x", "password", "There is no such filter."),
        ("role__gte=x", "role__gte", "There is no such filter."),
        ("role__isnull=true", "role__isnull", "There is no such filter."),
        ("id=five", "id", "A whole number is needed."),
        ("id=%2B5", "id", "A whole number is needed."),
        ("id__in=1,,2", "id__in", "A whole number is needed."),
        ("active=perhaps", "active", "true or false is needed."),
        ("uuid=1", "uuid", "A UUID is needed."),
        ("created__gte=soon", "created__gte", "A moment such as 2024-05-31T09:30:00Z is needed."),
        ("created=0001-01-01T00:00:00%2B14:00", "created", "A moment such as 2024-05-31T09:30:00Z is needed."),
        ("role=%00", "role", "This text has characters that cannot be stored."),
        ("search=%00", "search", "This text cannot be searched for."),
        ("ordering=password", "ordering", "'password' is no ordering of this list."),
        ("limit=0", "limit", "A whole number of at least 1 is needed."),
        ("offset=-1", "offset", "A whole number of at least 0 is needed."),
    ],
)
async def test_what_a_list_does_not_know_is_refused(tenant: TestTenant, query: str, attr: str, detail: str) -> None:
    answer = await tenant.http.get(f"{PEOPLE}?{query}")
    assert (answer.status_code, answer.json()) == (400, invalid((attr, "invalid", detail)))


@pytest.mark.parametrize("cursor", ["x", "%FF", "aWQ6NQ", "YWZ0ZXI6LTU", "YWZ0ZXI6OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
async def test_a_cursor_of_another_make_is_refused(tenant: TestTenant, cursor: str) -> None:
    answer = await tenant.http.get(f"{PEOPLE}list-cursor/?cursor={cursor}")
    assert (answer.status_code, answer.json()) == (400, invalid(("cursor", "invalid", "Invalid cursor.")))


async def test_a_cursor_list_follows_ids_alone(tenant: TestTenant) -> None:
    answer = await tenant.http.get(f"{PEOPLE}list-cursor/?ordering=role")
    assert answer.json() == invalid(("ordering", "invalid", "'role' is no ordering of this list."))
