"""Public with tables of a test's own, in every shape that a family may give to its tables, and a copy of it."""

from dataclasses import dataclass

from clerestory.app import OWNERS
from clerestory.platform.database import Database, Schema
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.database.migration import Migration, Owner
from clerestory.platform.provisioning.build import NOBODY, Builder

COPY = Schema("copied_000000")


@dataclass(frozen=True, slots=True)
class Planted:
    """Public with tables of the test's own, and what copies it."""

    database: Database
    builder: Builder

    async def fill(self, script: str) -> None:
        """Puts rows into public."""
        async with self.database.begin() as tx:
            await tx.script(script)

    async def copy(self, schema: Schema = COPY) -> None:
        """Builds a schema, as a tenant's."""
        async with self.database.begin(isolation="repeatable_read") as tx:
            await self.builder.build(tx, schema, NOBODY)

    async def rows(self, table: str, schema: Schema = COPY) -> list[tuple[object, ...]]:
        """All rows of a table, each as a tuple, in order."""
        direct = self.database.direct(schema)
        columns = await direct.values(
            """
            SELECT quote_ident(attname)
              FROM pg_catalog.pg_attribute
             WHERE attrelid = to_regclass(:table) AND attnum > 0
             ORDER BY attnum
            """,
            table=f'{schema}."{table}"',
        )
        listed = ", ".join(columns)
        return await direct.rows(
            f'SELECT {listed} FROM tenant."{table}" ORDER BY {listed}', lambda **row: tuple(row.values())
        )

    async def next_id(self, table: str) -> int:
        """The number that the next row of the copy gets."""
        sql = f"""SELECT nextval(pg_get_serial_sequence('{COPY}."{table}"', 'id'))"""
        number: int = await self.database.direct().value(sql)
        return number


async def plant(database: Database, tables: str) -> Planted:
    """Public with three people (ids 1 to 3) and these tables, which are every tenant's from now on."""
    owners = (*OWNERS, Owner("planted", tenant=(Migration("planted", 1, "tables", tables),)))
    migrator = Migrator(database, owners)
    await migrator.migrate()
    planted = Planted(database, Builder(migrator))
    await planted.fill("INSERT INTO tenant.person (email) VALUES ('a@x.org'), ('b@x.org'), ('c@x.org')")
    return planted
