"""Updates in the tenant's schema: one function, one statement. An update is seen where its member is."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import MEMBERS
from clerestory.families.ideas.updates.model import Update, Wanted
from clerestory.platform.database import Runner

_COLUMNS = "u.id, u.uuid, u.person, u.message, u.video_link, u.comments, u.created"
_TABLES = """
          FROM tenant.ideas_update AS u
          JOIN tenant.person AS p ON p.id = u.person"""
_FILTERS = """
       (:update::uuid IS NULL OR u.uuid = :update)
   AND (:member::uuid IS NULL OR p.uuid = :member)
   AND (:created_from::timestamptz IS NULL OR u.created >= :created_from AND u.created < :created_until)"""

SORTABLE = {"date_created": "u.created"}
DEFAULT_ORDER = "u.created DESC, u.id DESC"
TIE = "u.id"


async def one_update(runner: Runner, viewer: Viewer, uuid: UUID) -> Update | None:
    """One update, if it is seen."""
    return await runner.row(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE u.uuid = :uuid AND {MEMBERS}
        """,
        Update,
        uuid=uuid,
        known=viewer.known,
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Update]:
    """A part, (limit, offset), of the updates that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
        {_TABLES}
         WHERE {MEMBERS} AND {_FILTERS}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,
        Update,
        known=viewer.known,
        limit=part[0],
        offset=part[1],
        **asdict(wanted),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many updates are wanted and seen."""
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


async def insert(runner: Runner, written: Update, now: datetime) -> int:
    """A new update, with the UUID that it was given; its id."""
    number: int = await runner.value(
        """
        INSERT INTO tenant.ideas_update (uuid, person, message, video_link, created, modified)
        VALUES (:uuid, :person, :message, :video_link, :now, :now)
        RETURNING id
        """,
        uuid=written.uuid,
        person=written.person,
        message=written.message,
        video_link=written.video_link,
        now=now,
    )
    return number


async def delete(runner: Runner, update: int) -> int:
    """Takes an update away, with its comments and what the activity tells of it."""
    return await runner.execute("DELETE FROM tenant.ideas_update WHERE id = :update", update=update)


async def count_comments(runner: Runner, update: int, more: int, now: datetime) -> int:
    """Adds to the number of comments; locks the update until the transaction ends. 0 where it has gone."""
    return await runner.execute(
        "UPDATE tenant.ideas_update SET comments = comments + :more, modified = :now WHERE id = :update",
        update=update,
        more=more,
        now=now,
    )
