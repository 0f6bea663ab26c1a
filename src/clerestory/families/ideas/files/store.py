"""Files in the tenant's schema: one function, one statement. Whose a file is decides who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clerestory.families.ideas.files.model import File, Filed, Kept
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, MEMBERS, ideas_seen, sees
from clerestory.platform.database import Runner

_COLUMNS = """
       f.uuid, coalesce(m.uuid, i.uuid, p.uuid) AS owner,
       CASE WHEN f.comment IS NOT NULL THEN 'COMMENT' WHEN f.idea IS NOT NULL THEN 'IDEA' ELSE 'MEMBER' END AS grouping,
       f.name, f.extension, f.media_type, f.size_bytes, f.stored"""
_TABLES = """
          FROM tenant.ideas_file AS f
          LEFT JOIN tenant.ideas_comment AS m ON m.id = f.comment
          LEFT JOIN tenant.ideas_idea AS i ON i.id = coalesce(f.idea, m.idea)
          LEFT JOIN tenant.person AS p ON p.id = f.profile"""


@dataclass(frozen=True, slots=True)
class Owned:
    """An idea's file, by its numbers."""

    id: int
    idea: int
    stored: str


async def one_file(runner: Runner, viewer: Viewer, uuid: UUID) -> Filed | None:
    """One file, if the idea, the comment or the member that it belongs to is seen."""
    return await runner.row(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE f.uuid = :uuid
           AND CASE WHEN f.profile IS NOT NULL THEN {MEMBERS}
                    ELSE {ideas_seen("i")}
                         AND (f.comment IS NULL OR m.visible
                              OR i.campaign IN (SELECT a.id FROM seen AS a WHERE a.managed))
               END
        """,  # noqa: S608 - the fragments are the family's own
        _filed,
        uuid=uuid,
        known=viewer.known,
        **sees(viewer),
    )


async def idea_numbered(runner: Runner, uuid: UUID) -> int | None:
    """The number of an idea, whether it is seen or not."""
    number: int | None = await runner.value("SELECT id FROM tenant.ideas_idea WHERE uuid = :uuid", uuid=uuid)
    return number


async def attachment(runner: Runner, uuid: UUID) -> Owned | None:
    """A file that belongs to an idea itself."""
    return await runner.row(
        "SELECT id, idea, stored FROM tenant.ideas_file WHERE uuid = :uuid AND idea IS NOT NULL", Owned, uuid=uuid
    )


async def insert_attachments(
    runner: Runner, owner: tuple[int | None, int | None], person: int | None, files: Sequence[Kept], now: datetime
) -> list[File]:
    """Adds files to an idea, or to a comment, (idea, comment); as they were given."""
    return await runner.rows(
        """
        WITH added AS (
             INSERT INTO tenant.ideas_file (idea, comment, person, stored, name, extension, media_type, size_bytes,
                                            created, modified)
             SELECT :idea::bigint, :comment::bigint, :person::bigint, stored, name, extension, media_type, size_bytes,
                    :now, :now
               FROM unnest(:stored::text[], :names::text[], :extensions::text[], :media_types::text[], :sizes::bigint[])
                    WITH ORDINALITY AS given (stored, name, extension, media_type, size_bytes, place)
              ORDER BY place
          RETURNING id, uuid, idea, comment, name, extension, media_type)
        SELECT f.uuid, coalesce(m.uuid, i.uuid) AS owner, f.extension, f.name, f.media_type
          FROM added AS f
          LEFT JOIN tenant.ideas_comment AS m ON m.id = f.comment
          LEFT JOIN tenant.ideas_idea AS i ON i.id = f.idea
         ORDER BY f.id
        """,
        File,
        idea=owner[0],
        comment=owner[1],
        person=person,
        stored=[file.stored for file in files],
        names=[file.name for file in files],
        extensions=[file.extension for file in files],
        media_types=[file.media_type for file in files],
        sizes=[file.size_bytes for file in files],
        now=now,
    )


async def delete(runner: Runner, file: int) -> int:
    """Removes a file's row; 0 when it has gone already."""
    return await runner.execute("DELETE FROM tenant.ideas_file WHERE id = :file", file=file)


async def person_numbered(runner: Runner, uuid: UUID) -> int | None:
    """The number of a person."""
    number: int | None = await runner.value("SELECT id FROM tenant.person WHERE uuid = :uuid", uuid=uuid)
    return number


async def take_photo(runner: Runner, person: int) -> str | None:
    """Removes the image of a person; where its bytes lie, None when there was none."""
    stored: str | None = await runner.value(
        "DELETE FROM tenant.ideas_file WHERE profile = :person RETURNING stored", person=person
    )
    return stored


async def insert_photo(runner: Runner, person: int, by: int | None, file: Kept, now: datetime) -> None:
    """Adds the image of a person."""
    await runner.execute(
        """
        INSERT INTO tenant.ideas_file (profile, person, stored, name, extension, media_type, size_bytes, created,
                                       modified)
        VALUES (:profile, :by, :stored, :name, :extension, :media_type, :size_bytes, :now, :now)
        """,
        profile=person,
        by=by,
        stored=file.stored,
        name=file.name,
        extension=file.extension,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        now=now,
    )


async def stored_names(runner: Runner) -> set[str]:
    """Where the bytes of everything lie that a row names."""
    return set(
        await runner.values(
            """
            SELECT stored
              FROM tenant.ideas_file
             UNION ALL
            SELECT stored
              FROM tenant.ideas_report
             WHERE stored IS NOT NULL
            """
        )
    )


async def forget(runner: Runner) -> None:
    """Removes every row: of a new tenant, whose rows were copied and whose files were not."""
    await runner.execute("DELETE FROM tenant.ideas_file")


def _filed(grouping: str, size_bytes: int, stored: str, **columns: Any) -> Filed:
    return Filed(File(**columns), grouping, size_bytes, stored)
