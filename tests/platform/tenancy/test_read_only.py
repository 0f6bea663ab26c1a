"""Public can be read and not changed, by whatever way, and a tenant never falls back to it."""

from collections.abc import Sequence

import pytest

from clerestory.app import Application
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import DatabaseFault, Forbidden, ReadOnly
from clerestory.platform.database import PUBLIC, Database, GroupCommit, Tx
from clerestory.platform.tenancy import ANYONE, PUBLIC_TENANT, SYSTEM, Actor, Kind, Right, Scope
from tests.fixtures.tenants import MakeTenant, TestTenant


@pytest.fixture
def public(application: Application) -> Scope:
    """The public scope, acted in by the system: no right is missing."""
    return Scope(PUBLIC_TENANT, SYSTEM, utc_now, application.parts)


WRITES = [
    "INSERT INTO tenant.person_group (name) VALUES ('written')",
    "UPDATE tenant.person_group SET name = 'written'",
    "DELETE FROM tenant.person_group",
    "TRUNCATE tenant.person_group",
    "CREATE TABLE tenant.written (id bigint)",
    "DROP TABLE tenant.person_group",
    "UPDATE platform.template SET stamp = 0",
]


@pytest.mark.parametrize("statement", WRITES)
async def test_a_verb_that_forgets_to_ask_cannot_write_to_public(public: Scope, statement: str) -> None:
    with pytest.raises(ReadOnly):
        async with public.begin() as tx:
            await tx.execute(statement)


@pytest.mark.parametrize("statement", WRITES)
async def test_nor_can_a_single_statement(public: Scope, statement: str) -> None:
    with pytest.raises(ReadOnly):
        await public.direct().execute(statement)


async def test_nor_can_it_make_the_transaction_writable_again(public: Scope) -> None:
    async with public.begin() as tx:
        await tx.value("SELECT count(*) FROM tenant.person_group")
        with pytest.raises(DatabaseFault):
            await tx.execute("SET TRANSACTION READ WRITE")


async def test_nor_does_a_shared_commit_take_rows_for_public(public: Scope) -> None:
    async def write(tx: Tx, names: Sequence[str]) -> list[int]:
        return [await tx.execute("INSERT INTO tenant.person_group (name) VALUES ('written')")]

    with pytest.raises(ReadOnly):
        await GroupCommit(public.database, write).submit(PUBLIC, "written")


@pytest.mark.parametrize("right", [Right.WRITE, Right.ADMINISTER])
async def test_asking_for_the_right_says_that_public_is_read_only(public: Scope, right: Right) -> None:
    with pytest.raises(ReadOnly, match="Send the key of a tenant to write"):
        public.require(right)


async def test_public_can_be_read_by_anyone(public: Scope) -> None:
    public.by(ANYONE).require(Right.READ)
    async with public.by(ANYONE).begin() as tx:
        assert await tx.value("SELECT count(*) FROM tenant.person_group") == 0


async def test_in_a_tenant_only_a_lacking_right_is_refused(tenant: TestTenant) -> None:
    tenant.scope.require(Right.ADMINISTER)
    with pytest.raises(Forbidden):
        tenant.scope.by(Actor(Kind.KEY, rights=frozenset({Right.READ}))).require(Right.WRITE)


@pytest.fixture
async def without_groups(make_tenant: MakeTenant, application: Application) -> TestTenant:
    """A tenant that lost a table which public still has."""
    tenant = await make_tenant()
    database = application.parts.find(Database)
    async with database.begin(tenant.schema) as tx:
        await tx.execute("DROP TABLE tenant.person_group CASCADE")
    return tenant


async def test_a_table_that_a_tenant_lacks_is_an_error_and_never_publics(without_groups: TestTenant) -> None:
    scope = without_groups.scope
    with pytest.raises(DatabaseFault):
        await scope.direct().value("SELECT count(*) FROM tenant.person_group")
    with pytest.raises(DatabaseFault):
        async with scope.begin() as tx:
            await tx.value("SELECT count(*) FROM tenant.person_group")


async def test_a_name_without_its_schema_finds_nothing(tenant: TestTenant) -> None:
    for scope in (tenant.scope, Scope(PUBLIC_TENANT, SYSTEM, utc_now, tenant.scope.parts)):
        with pytest.raises(DatabaseFault):
            async with scope.begin() as tx:
                await tx.value("SELECT count(*) FROM person_group")
