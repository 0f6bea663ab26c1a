"""Comments on updates in the tenant's schema: one function, one statement. They are seen where the update is."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import MEMBERS
from clerestory.families.ideas.updates.model import Comment, Wanted
from clerestory.platform.database import Runner

_COLUMNS = "m.id, m.uuid, u.uuid AS about, m.person, m.text, m.created"
_TABLES = """
          FROM tenant.ideas_update_comment AS m
          JOIN tenant.ideas_update AS u ON u.id = m.about
          JOIN tenant.person AS p ON p.id = u.person"""
_FILTERS = """
       (:update::uuid IS NULL OR u.uuid = :update)
   AND (:member::uuid IS NULL OR m.person = (SELECT q.id FROM tenant.person AS q WHERE q.uuid = :member))
   AND (:created_from::timestamptz IS NULL OR m.created >= :created_from AND m.created < :created_until)"""

SORTABLE = {"date_created": "m.created"}
DEFAULT_ORDER = "m.created DESC, m.id DESC"
TIE = "m.id"


async def one_comment(runner: Runner, viewer: Viewer, uuid: UUID) -> Comment | None:
    """One comment, if it is seen."""
    return await runner.row(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE m.uuid = :uuid AND {MEMBERS}
        """,
        Comment,
        uuid=uuid,
        known=viewer.known,
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Comment]:
    """A part, (limit, offset), of the comments that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE {MEMBERS} AND {_FILTERS}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,
        Comment,
        known=viewer.known,
        limit=part[0],
        offset=part[1],
        **asdict(wanted),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many comments are wanted and seen."""
    total: int = await runner.value(
        f"""
        SELECT count(*)
        {_TABLES}
         WHERE {MEMBERS} AND {_FILTERS}
        """,
        known=viewer.known,
        **asdict(wanted),
    )
    return total


async def first(runner: Runner, updates: Sequence[int], most: int) -> list[Comment]:
    """The newest comments on each of these updates, that are seen, the newest first."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
          FROM tenant.ideas_update AS u
         CROSS JOIN LATERAL (SELECT id, uuid, person, text, created
                               FROM tenant.ideas_update_comment
                              WHERE about = u.id
                              ORDER BY created DESC, id DESC
                              LIMIT :most) AS m
         WHERE u.id = ANY (:updates)
         ORDER BY u.id, m.created DESC, m.id DESC
        """,  # noqa: S608 - the fragment is the family's own
        Comment,
        updates=list(updates),
        most=most,
    )


async def insert(runner: Runner, update: int, written: Comment, now: datetime) -> None:
    """A new comment, with the UUID that it was given."""
    await runner.execute(
        """
        INSERT INTO tenant.ideas_update_comment (uuid, about, person, text, created, modified)
        VALUES (:uuid, :update, :person, :text, :now, :now)
        """,
        uuid=written.uuid,
        update=update,
        person=written.person,
        text=written.text,
        now=now,
    )


async def delete(runner: Runner, comment: int) -> int | None:
    """Takes a comment away; the update that it was on, or None where it has gone."""
    update: int | None = await runner.value(
        "DELETE FROM tenant.ideas_update_comment WHERE id = :comment RETURNING about", comment=comment
    )
    return update
