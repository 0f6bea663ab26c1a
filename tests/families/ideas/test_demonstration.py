"""What public shows of ideas: there once, whoever loads it again; true in its numbers, and copied to a new tenant."""

from typing import Any

import httpx

from clerestory.app import Application, demonstrate
from clerestory.families.ideas.recount import recount
from clerestory.platform.database import PUBLIC, Database
from tests.conformance.neighbourhood import rows_of
from tests.fixtures.clocks import own_application
from tests.fixtures.tenants import tenant_of


async def numbers(application: Application, headers: dict[str, str]) -> list[tuple[Any, ...]]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application.asgi), base_url="http://clerestory.test", headers=headers
    ) as client:
        body = (await client.get("/api3/campaign?with=idea_count&order=name")).json()
    return [
        (one["name"], one["idea_count"], one["comment_count"], one["vote_count"], one["member_count"])
        for one in body["campaign_list"]
    ]


async def test_the_demonstration_is_there_once_and_copied(database_url: str) -> None:
    async with own_application(database_url) as application:
        database = application.parts.find(Database)
        await demonstrate(database)
        first = await rows_of(database, PUBLIC)
        for table in ("campaign", "category", "status", "question", "question_option", "comment", "vote", "chip_vote"):
            assert first[f"ideas_{table}"][0] > 1, table
        assert first["ideas_idea"][0] == 12
        await demonstrate(database)
        assert await rows_of(database, PUBLIC) == first
        # Nobody sees the private one.
        public = ("A better place to work", 7, 5, 12, 3)
        assert await numbers(application, {}) == [public]
        newcomer = await tenant_of(application)
        await newcomer.http.aclose()
        # All three became the registrant, who votes once.
        seen = await numbers(application, {"Api-Key": newcomer.api_key})
        assert seen == [("A better place to work", 7, 5, 6, 1), ("Our next product", 5, 2, 3, 1)]


async def test_its_numbers_are_those_of_a_recount(database_url: str) -> None:
    counted = """
        SELECT s.idea || ' ' || s.score || ' ' || s.promotes || ' ' || s.demotes || ' ' || s.chips || ' ' || s.comments
          FROM tenant.ideas_standing AS s
         ORDER BY s.idea
    """
    spent = "SELECT sum(spent) FROM tenant.ideas_chip_budget"
    async with own_application(database_url) as application:
        database = application.parts.find(Database)
        await demonstrate(database)
        newcomer = await tenant_of(application)
        await newcomer.http.aclose()
        for schema in (PUBLIC, newcomer.schema):
            runner = database.direct(schema)
            before = await runner.values(counted), await runner.value(spent)
            async with database.begin(schema) as tx:
                await recount(tx)
            assert (await runner.values(counted), await runner.value(spent)) == before
            assert len(before[0]) == 12
