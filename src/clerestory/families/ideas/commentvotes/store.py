"""Votes on comments in the tenant's schema: one function, one statement."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.commentvotes.model import CommentVote, Target, Wanted
from clerestory.families.ideas.conventions.conditions import conditions
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.families.ideas.standing.model import Counts
from clerestory.families.ideas.votes.model import Type
from clerestory.platform.database import Runner, Tx

_TABLES = """tenant.ideas_comment_vote AS v
              JOIN tenant.ideas_comment AS m ON m.id = v.comment
              JOIN tenant.ideas_standing AS s ON s.idea = m.idea"""
_SEEN = (ideas_seen("s"), "(m.visible OR s.campaign IN (SELECT a.id FROM seen AS a WHERE a.managed))")
_FILTERS: Mapping[str, str] = {
    "comment": "v.comment = (SELECT o.id FROM tenant.ideas_comment AS o WHERE o.uuid = :comment)",
    "member": "v.person = (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member)",
    "type": "v.type = :type",
    "created": "v.created >= :created_from AND v.created < :created_until",
}

SORTABLE = {"date_created": "v.created", "comment_id": "v.comment", "type": "v.type"}
DEFAULT_ORDER = "v.created DESC, v.id DESC"
TIE = "v.id"


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[CommentVote]:
    """A part, (limit, offset), of the votes that are wanted and seen, in an order made of SORTABLE."""
    where = conditions(wanted)
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT v.comment, v.type, v.person, v.created
          FROM {_TABLES}
         WHERE {where.sql(_FILTERS, _SEEN)}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        CommentVote,
        limit=part[0],
        offset=part[1],
        **where.arguments,
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many votes are wanted and seen."""
    where = conditions(wanted)
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT count(*)
          FROM {_TABLES}
         WHERE {where.sql(_FILTERS, _SEEN)}
        """,  # noqa: S608 - the fragments are the family's own
        **where.arguments,
        **sees(viewer),
    )
    return total


async def hold(tx: Tx, uuid: UUID) -> Target | None:
    """Locks the comment that is voted on."""
    return await tx.row(
        "SELECT id, idea, person, visible FROM tenant.ideas_comment WHERE uuid = :uuid FOR NO KEY UPDATE",
        Target,
        uuid=uuid,
    )


async def one_vote(runner: Runner, comment: int, person: int) -> CommentVote | None:
    """The person's vote on the comment."""
    return await runner.row(
        """
        SELECT comment, type, person, created
          FROM tenant.ideas_comment_vote
         WHERE comment = :comment AND person = :person
        """,
        CommentVote,
        comment=comment,
        person=person,
    )


async def put(tx: Tx, comment: int, person: int, vote: Type, now: datetime) -> None:
    """Writes the person's vote on the comment, over the one that there was."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_comment_vote (comment, person, type, created, modified)
        VALUES (:comment, :person, :type, :now, :now)
            ON CONFLICT (comment, person) DO UPDATE
           SET type = excluded.type, created = excluded.created, modified = excluded.modified
        """,
        comment=comment,
        person=person,
        type=vote.value,
        now=now,
    )


async def remove(tx: Tx, comment: int, person: int) -> None:
    """Takes the person's vote off the comment."""
    await tx.execute(
        "DELETE FROM tenant.ideas_comment_vote WHERE comment = :comment AND person = :person",
        comment=comment,
        person=person,
    )


async def gain(tx: Tx, comment: int, change: Counts) -> None:
    """Counts votes with the comment."""
    await tx.execute(
        """
        UPDATE tenant.ideas_comment
           SET promotes = promotes + :promotes, demotes = demotes + :demotes
         WHERE id = :comment
        """,
        comment=comment,
        promotes=change.promotes,
        demotes=change.demotes,
    )
