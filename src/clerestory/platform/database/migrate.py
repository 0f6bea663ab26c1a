"""Brings the control schema, public and every tenant's schema to what the code expects.

One row a tenant says where it stands, so a start with nothing to do asks one question however many there are.
Each tenant is a transaction of its own: a run that was cut off goes on where it stopped.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from clerestory.kernel.errors import Problem
from clerestory.platform.database.connect import Database
from clerestory.platform.database.migration import Migration, Owner, fingerprint, latest
from clerestory.platform.database.run import Runner, Tx
from clerestory.platform.database.sql import PUBLIC, Schema, schema_name

# One number for all our processes: whoever holds it migrates, the others wait and find nothing to do.
_LOCK = 0x0C1E_2E57
_AT_ONCE = 4
_TRIES = 3

_BOOTSTRAP = """
CREATE SCHEMA IF NOT EXISTS platform;
CREATE TABLE IF NOT EXISTS platform.migration (
    owner       text NOT NULL,
    number      integer NOT NULL,
    name        text NOT NULL,
    checksum    text NOT NULL,
    applied     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, number)
);
CREATE TABLE IF NOT EXISTS platform.schema_version (
    schema      text PRIMARY KEY,
    fingerprint text NOT NULL,
    versions    jsonb NOT NULL,
    migrated    timestamptz NOT NULL DEFAULT now()
);
INSERT INTO platform.schema_version (schema, fingerprint, versions)
VALUES ('public', '', '{}') ON CONFLICT DO NOTHING;
"""


def _silent(_line: str) -> None:
    """Progress that nobody watches."""


class MigrationError(Exception):
    """The schema cannot be brought up to date; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would run: steps of the control schema, and for each schema its steps."""

    control: Sequence[Migration]
    schemas: Sequence[tuple[Schema, Sequence[Migration]]]

    @property
    def empty(self) -> bool:
        """Whether everything is as the code expects."""
        return not self.control and not self.schemas


@dataclass(frozen=True, slots=True)
class _Applied:
    owner: str
    number: int
    checksum: str


@dataclass(frozen=True, slots=True)
class _Version:
    schema: str
    versions: str


@dataclass(frozen=True, slots=True)
class Migrator:
    """The owners in the order in which their tables depend on each other."""

    database: Database
    owners: Sequence[Owner]
    progress: Callable[[str], None] = _silent

    @property
    def fingerprint(self) -> str:
        """What a schema that is up to date is marked with."""
        return fingerprint(self.owners)

    @property
    def script(self) -> str:
        """Everything that a new tenant's schema needs, as one script."""
        return "\n".join(step.sql for owner in self.owners for step in owner.tenant)

    async def plan(self) -> Plan:
        """What `migrate` would do now. Changes nothing. Raises MigrationError for a database that is newer."""
        direct = self.database.direct()
        if await direct.value("SELECT to_regclass('platform.migration') IS NULL"):
            every = [step for owner in self.owners for step in owner.tenant]
            return Plan([step for owner in self.owners for step in owner.control], [(PUBLIC, every)])
        return Plan(await self._control_steps(direct), await self._schema_steps(direct))

    async def migrate(self) -> Plan:
        """Runs what is missing; what was run. Safe to start in several processes at once."""
        async with self.database.begin() as lock:
            await lock.execute("SET LOCAL statement_timeout = 0")
            await lock.execute("SELECT pg_advisory_xact_lock(:lock)", lock=_LOCK)
            if not await self._current():
                async with self.database.begin() as tx:
                    await tx.script(_BOOTSTRAP)
            plan = await self.plan()
            for step in plan.control:
                await self._apply_control(step)
            applied: list[tuple[Schema, Sequence[Migration]]] = []
            # Control steps may have brought the tenants' list into being, so it is read after them; and again, for a
            # tenant may have been made the old way until public's own step stood.
            while schemas := await self._schema_steps(self.database.direct()):
                await self._apply_all(schemas)
                applied += schemas
        return Plan(plan.control, applied)

    async def record(self, tx: Runner, schema: Schema) -> None:
        """Notes that a schema made from `script` is up to date."""
        await tx.execute(
            """
            INSERT INTO platform.schema_version (schema, fingerprint, versions)
            VALUES (:schema, :fingerprint, :versions)
            ON CONFLICT (schema) DO UPDATE
               SET fingerprint = excluded.fingerprint, versions = excluded.versions, migrated = now()
            """,
            schema=schema,
            fingerprint=self.fingerprint,
            versions=msgspec.json.encode(latest(self.owners)).decode(),
        )

    async def _current(self) -> bool:
        exists = await self.database.direct().value("SELECT to_regclass('platform.schema_version') IS NOT NULL")
        return bool(exists)

    async def _control_steps(self, direct: Runner) -> list[Migration]:
        applied = await direct.rows(
            "SELECT owner, number, checksum FROM platform.migration ORDER BY owner, number", _Applied
        )
        known = {(step.owner, step.number): step for owner in self.owners for step in owner.control}
        for row in applied:
            step = known.pop((row.owner, row.number), None)
            if step is None:
                raise MigrationError(
                    f"The database has migration {row.number:04d} of {row.owner!r}, which this version does not know. "
                    "It was used by a newer version: install that one again."
                )
            if step.checksum != row.checksum:
                raise MigrationError(f"Migration {step} was changed after it ran. Restore the file.")
        return list(known.values())

    async def _schema_steps(self, direct: Runner) -> list[tuple[Schema, Sequence[Migration]]]:
        outdated = await direct.rows(
            """
            SELECT schema, versions::text AS versions
              FROM platform.schema_version
             WHERE fingerprint <> :fingerprint
             ORDER BY schema = 'public' DESC, schema
            """,
            _Version,
            fingerprint=self.fingerprint,
        )
        return [(schema_name(row.schema), self._missing(row)) for row in outdated]

    def _missing(self, row: _Version) -> list[Migration]:
        versions = msgspec.json.decode(row.versions, type=dict[str, int])
        for owner, number in latest(self.owners).items():
            if versions.get(owner, 0) > number:
                raise MigrationError(f"Schema {row.schema!r} was made by a newer version: install that one again.")
        return [step for owner in self.owners for step in owner.tenant if step.number > versions.get(owner.name, 0)]

    async def _apply_control(self, step: Migration) -> None:
        self.progress(f"control schema: {step}")
        async with self.database.begin() as tx:
            await _unhurried(tx)
            await tx.script(step.sql)
            await tx.execute(
                """
                INSERT INTO platform.migration (owner, number, name, checksum)
                VALUES (:owner, :number, :name, :checksum)
                """,
                owner=step.owner,
                number=step.number,
                name=step.name,
                checksum=step.checksum,
            )

    async def _apply_all(self, schemas: Sequence[tuple[Schema, Sequence[Migration]]]) -> None:
        slots = asyncio.Semaphore(_AT_ONCE)
        failed: list[str] = []

        async def one(schema: Schema, steps: Sequence[Migration]) -> None:
            async with slots:
                try:
                    await self._apply_schema(schema, steps)
                except Problem as problem:
                    failed.append(f"{schema}: {problem.text}")

        async with asyncio.TaskGroup() as group:
            for schema, steps in schemas:
                group.create_task(one(schema, steps))
        if failed:
            raise MigrationError(
                f"{len(failed)} of {len(schemas)} schemas could not be migrated, the others are done: "
                + "; ".join(failed[:5])
            )

    async def _apply_schema(self, schema: Schema, steps: Sequence[Migration]) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                async with self.database.begin(schema) as tx:
                    await _unhurried(tx)
                    for step in steps:
                        await tx.script(step.sql)
                    await self.record(tx, schema)
            except Problem:
                if attempt == _TRIES:
                    raise
                await asyncio.sleep(attempt)
            else:
                self.progress(f"{schema}: {len(steps)} steps")
                return


async def _unhurried(tx: Tx) -> None:
    """A migration may take its time, but must not queue behind a lock with everyone queueing behind it."""
    await tx.script("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '5s'")
