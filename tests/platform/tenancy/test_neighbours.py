"""No table of a tenant is shared with a neighbour or with public. Asked of the catalogue, so it holds for all."""

from collections.abc import AsyncIterator

import pytest

from clerestory.app import Application, demonstrate, running
from clerestory.platform.database import PUBLIC, Database, Schema
from tests.fixtures.application import settings_for
from tests.fixtures.tenants import TestTenant, tenant_of

TABLES = """
SELECT relname
  FROM pg_catalog.pg_class
 WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p')
 ORDER BY relname
"""

# Whatever lies in a schema, and whatever it needs: constraints, defaults, views, triggers, functions, sequences. What
# the server's own schema computes from what it is given, and nothing else, is no data of anybody.
REACHES_OUT = """
WITH own (classid, objid) AS (
    SELECT 'pg_class'::regclass, oid FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'pg_proc'::regclass, oid FROM pg_catalog.pg_proc WHERE pronamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'pg_constraint'::regclass, oid FROM pg_catalog.pg_constraint WHERE connamespace = to_regnamespace(:schema)
    UNION ALL
    SELECT 'pg_attrdef'::regclass, oid FROM pg_catalog.pg_attrdef
     WHERE adrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(:schema))
    UNION ALL
    SELECT 'pg_rewrite'::regclass, oid FROM pg_catalog.pg_rewrite
     WHERE ev_class IN (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(:schema))
    UNION ALL
    SELECT 'pg_trigger'::regclass, oid FROM pg_catalog.pg_trigger
     WHERE tgrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(:schema))
)
SELECT pg_describe_object(needs.classid, needs.objid, needs.objsubid) || ' needs '
       || pg_describe_object(needs.refclassid, needs.refobjid, needs.refobjsubid)
  FROM own
  JOIN pg_catalog.pg_depend AS needs USING (classid, objid)
 CROSS JOIN LATERAL pg_identify_object(needs.refclassid, needs.refobjid, needs.refobjsubid) AS needed
 WHERE needed.schema IS NOT NULL AND needed.schema NOT IN (:schema, 'pg_catalog')
   AND NOT (needed.schema = 'platform' AND needs.refclassid = 'pg_proc'::regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_proc WHERE oid = needs.refobjid AND provolatile = 'i'))
"""


@pytest.fixture
async def application(database_url: str) -> AsyncIterator[Application]:
    """An application with rows in public, and so in every tenant."""
    async with running(settings_for(database_url)) as application:
        await demonstrate(application.parts.find(Database))
        yield application


@pytest.fixture
async def neighbours(application: Application) -> AsyncIterator[tuple[TestTenant, TestTenant]]:
    one, other = await tenant_of(application, "one@x.org"), await tenant_of(application, "other@x.org")
    async with one.http, other.http:
        yield one, other


async def rows_of(database: Database, schema: Schema) -> dict[str, tuple[int, str]]:
    """{table: how many rows, and a digest of them} of one schema."""
    tables = await database.direct().values(TABLES, schema=schema)
    found = {}
    for table in tables:
        text = "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t"
        count, _, digest = (await database.direct(schema).value(text.format(f'tenant."{table}"'))).partition(" ")
        found[table] = (int(count), digest)
    return found


async def test_every_schema_has_every_table_of_public(neighbours: tuple[TestTenant, TestTenant]) -> None:
    one, other = neighbours
    direct = one.scope.database.direct()
    expected = await direct.values(TABLES, schema=PUBLIC)
    assert "person" in expected
    assert await direct.values(TABLES, schema=one.schema) == expected
    assert await direct.values(TABLES, schema=other.schema) == expected


async def test_nothing_in_a_tenants_schema_needs_anything_outside_it(neighbours: tuple[TestTenant, TestTenant]) -> None:
    one, _ = neighbours
    assert await one.scope.database.direct().values(REACHES_OUT, schema=one.schema) == []


async def test_the_question_for_what_reaches_out_finds_what_does(neighbours: tuple[TestTenant, TestTenant]) -> None:
    one, other = neighbours
    async with one.scope.begin() as tx:
        await tx.script(
            f"CREATE TABLE tenant.reaching (id bigint REFERENCES public.person, other bigint"
            f""" DEFAULT nextval('"{other.schema}".person_id_seq'))"""
        )
    found = await one.scope.database.direct().values(REACHES_OUT, schema=one.schema)
    assert {text.split(" needs ")[1] for text in found} == {
        "column id of table public.person",
        "index public.person_pkey",
        f"sequence {other.schema}.person_id_seq",
    }


async def test_emptying_every_table_of_a_tenant_leaves_its_neighbour_and_public_as_they_were(
    neighbours: tuple[TestTenant, TestTenant],
) -> None:
    one, other = neighbours
    database = one.scope.database
    before = {schema: await rows_of(database, schema) for schema in (other.schema, PUBLIC)}
    assert before[PUBLIC]["person"][0] > 0
    async with one.scope.begin() as tx:
        for table in await tx.values(TABLES, schema=one.schema):
            await tx.execute(f'TRUNCATE tenant."{table}" RESTART IDENTITY CASCADE')
    assert {count for count, _ in (await rows_of(database, one.schema)).values()} == {0}
    assert {schema: await rows_of(database, schema) for schema in (other.schema, PUBLIC)} == before


async def test_a_number_drawn_in_one_tenant_is_not_missing_in_the_next(
    neighbours: tuple[TestTenant, TestTenant],
) -> None:
    one, other = neighbours
    insert = "INSERT INTO tenant.person_group (name) VALUES ('new') RETURNING id"
    async with one.scope.begin() as tx:
        first = await tx.value(insert)
    async with other.scope.begin() as tx:
        assert await tx.value(insert) == first
