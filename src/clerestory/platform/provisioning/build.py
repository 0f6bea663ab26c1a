"""One schema from nothing: the tables of this version, the rows of public, and the registrant as its first person.

Everything happens in the caller's transaction, so a schema is whole or it is not there.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from clerestory.kernel.errors import Unavailable
from clerestory.platform.database import Schema, Tx, schema_name
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.provisioning import spare_store, store
from clerestory.platform.provisioning.catalogue import Table, read_tables
from clerestory.platform.provisioning.copying import REGISTRANT, copy_script
from clerestory.platform.provisioning.store import Founder

NOBODY = Founder(uuid4(), "nobody@invalid", "", "", password_hash="")
"""Whom a spare is made for: nobody can log in as it, and a claim puts the registrant in its place."""


Founded = Callable[[Tx, int], Awaitable[None]]
"""Completes a new tenant for its first person, whose id it gets, after the rows of public were copied."""


class Builder:
    """Builds schemas. What the copy looks like is worked out once for each version of the tables."""

    def __init__(self, migrator: Migrator, founded: Sequence[Founded] = ()) -> None:
        self._migrator = migrator
        self._founded = founded
        self._tables: dict[str, list[Table]] = {}

    @property
    def fingerprint(self) -> str:
        """The version of the tables that are built here."""
        return self._migrator.fingerprint

    async def require_current(self, tx: Tx) -> None:
        """Raises Unavailable while public has other tables than this version of the program makes."""
        if not await spare_store.public_is_at(tx, self.fingerprint):
            raise Unavailable("The server is being upgraded. Try again shortly.")

    async def build(self, tx: Tx, schema: Schema, founder: Founder) -> None:
        """Fills a new schema. `tx` is REPEATABLE READ, so that all tables are copied as of one moment."""
        inside = tx.of(schema)
        await inside.script(f'CREATE SCHEMA "{schema_name(schema)}"')
        await inside.script(self._migrator.script)
        await store.insert_founder(inside, REGISTRANT, founder)
        await inside.script(copy_script(await self._shape(inside), schema))
        for founded in self._founded:
            await founded(inside, REGISTRANT)

    async def _shape(self, tx: Tx) -> list[Table]:
        tables = self._tables.get(self.fingerprint)
        if tables is None:
            tables = await read_tables(tx)
            self._tables = {self.fingerprint: tables}
        return tables

    async def record(self, tx: Tx, schema: Schema) -> None:
        """Notes the version of a schema that has become a tenant's, so that migrations find it."""
        await self._migrator.record(tx, schema)
