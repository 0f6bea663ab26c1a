"""The template and the spares made from it, in the control schema and the catalogue: one function, one statement."""

from dataclasses import dataclass

from clerestory.platform.database import Runner, Schema

# One number for all our processes.
_UPKEEP_LOCK = 0x0C1E_59A2


@dataclass(frozen=True, slots=True)
class SpareRow:
    """A finished schema that belongs to nobody yet."""

    schema: Schema
    person: int


def _spare(schema: str, person: int) -> SpareRow:
    return SpareRow(Schema(schema), person)


async def template_stamp(tx: Runner) -> int:
    """How often public has changed, as this transaction sees it."""
    stamp: int = await tx.value("SELECT stamp FROM platform.template")
    return stamp


async def public_is_at(tx: Runner, fingerprint: str) -> bool:
    """Whether public has exactly our version's tables; if so, it stays at them until the transaction ends.

    While somebody migrates public the row is locked, and the answer is no.
    """
    found = await tx.value(
        """
        SELECT fingerprint
          FROM platform.schema_version
         WHERE schema = 'public' AND fingerprint = :fingerprint
           FOR SHARE SKIP LOCKED
        """,
        fingerprint=fingerprint,
    )
    return found is not None


async def take_spare(tx: Runner, fingerprint: str) -> SpareRow | None:
    """One spare that is like public is now, taken from the list for good; None when there is none."""
    return await tx.row(
        """
        DELETE FROM platform.spare
         WHERE schema = (
               SELECT spare.schema
                 FROM platform.spare
                 JOIN platform.template ON template.stamp = spare.stamp
                WHERE spare.fingerprint = :fingerprint
                ORDER BY spare.created, spare.schema
                LIMIT 1
                  FOR UPDATE OF spare SKIP LOCKED)
        RETURNING schema, person
        """,
        _spare,
        fingerprint=fingerprint,
    )


async def insert_spare(tx: Runner, schema: Schema, stamp: int, fingerprint: str, person: int) -> None:
    """A finished schema, ready to be taken once the transaction commits."""
    await tx.execute(
        """
        INSERT INTO platform.spare (schema, stamp, fingerprint, person)
        VALUES (:schema, :stamp, :fingerprint, :person)
        """,
        schema=schema,
        stamp=stamp,
        fingerprint=fingerprint,
        person=person,
    )


async def count_spares(tx: Runner, fingerprint: str) -> int:
    """How many spares are like public is now."""
    count: int = await tx.value(
        """
        SELECT count(*)
          FROM platform.spare
          JOIN platform.template ON template.stamp = spare.stamp
         WHERE spare.fingerprint = :fingerprint
        """,
        fingerprint=fingerprint,
    )
    return count


async def discard_stale_spares(tx: Runner, fingerprint: str) -> int:
    """Takes spares off the list that public has moved away from; one that is being claimed is left alone."""
    return await tx.execute(
        """
        DELETE FROM platform.spare
         WHERE schema IN (
               SELECT spare.schema
                 FROM platform.spare
                 JOIN platform.template ON template.stamp <> spare.stamp OR spare.fingerprint <> :fingerprint
                ORDER BY spare.schema
                  FOR UPDATE OF spare SKIP LOCKED)
        """,
        fingerprint=fingerprint,
    )


async def unclaimed_schemas(tx: Runner) -> list[Schema]:
    """Schemas that were spares or tenants and are nobody's now; what a process that died left behind is among them."""
    found = await tx.values(
        """
        SELECT nspname
          FROM pg_catalog.pg_namespace
         WHERE nspname ~ '^(spare|gone)_[0-9a-f]{16}$'
           AND NOT EXISTS (SELECT FROM platform.spare WHERE spare.schema = nspname)
         ORDER BY nspname
        """
    )
    return [Schema(name) for name in found]


async def try_upkeep_lock(tx: Runner) -> bool:
    """Whether this transaction may look after the pool; of all processes one at a time does."""
    return bool(await tx.value("SELECT pg_try_advisory_xact_lock(:lock)", lock=_UPKEEP_LOCK))


async def unwatched_tables(tx: Runner) -> list[str]:
    """Tables of public whose changes would not be noticed, quoted. Those of extensions are not ours.

    Found by what depends on public: no index finds tables by schema, and a thousand tenants have many.
    """
    return await tx.values(
        """
        SELECT quote_ident(entry.relname)
          FROM pg_catalog.pg_depend AS lies
          JOIN pg_catalog.pg_class AS entry ON entry.oid = lies.objid
         WHERE lies.refclassid = 'pg_namespace'::regclass
           AND lies.refobjid = 'public'::regnamespace
           AND lies.classid = 'pg_class'::regclass
           AND entry.relkind IN ('r', 'p')
           AND NOT entry.relispartition
           AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend AS part
                WHERE part.classid = 'pg_class'::regclass AND part.objid = entry.oid AND part.deptype = 'e')
           AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_trigger
                WHERE tgrelid = entry.oid AND tgfoid = 'platform.touch_template()'::regprocedure)
         ORDER BY entry.relname
        """
    )


async def bump_stamp(tx: Runner) -> None:
    """Says that public has changed."""
    await tx.execute("UPDATE platform.template SET stamp = stamp + 1")
