"""Comments in the tenant's schema: one function, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.comments.model import Text, Wanted
from clerestory.families.ideas.conventions.conditions import conditions
from clerestory.families.ideas.ideas.parts.model import Comment
from clerestory.families.ideas.ideas.parts.store import COMMENT_COLUMNS, COMMENT_TABLES, comment_of
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.platform.database import Runner, Tx

_MANAGED = "{of}.campaign IN (SELECT a.id FROM seen AS a WHERE a.managed)"
_SEEN = (ideas_seen("s"), f"(m.visible OR {_MANAGED.format(of='s')})")
_FILTERS: Mapping[str, str] = {
    "idea": "{of}.idea = (SELECT i.id FROM tenant.ideas_idea AS i WHERE i.uuid = :idea)",
    "campaign": "{of}.campaign = (SELECT c.id FROM tenant.ideas_campaign AS c WHERE c.uuid = :campaign)",
    "member": "m.person = (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member)",
    "created": "m.created >= :created_from AND m.created < :created_until",
}

SORTABLE = {"date_created": "m.created", "idea_id": "m.idea"}
DEFAULT_ORDER = "m.created DESC, m.id DESC"
TIE = "m.id"


async def one_comment(runner: Runner, viewer: Viewer, uuid: UUID) -> Comment | None:
    """One comment, if it is seen."""
    return await runner.row(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {COMMENT_COLUMNS}
          FROM tenant.ideas_comment AS m
          JOIN tenant.ideas_standing AS s ON s.idea = m.idea
          {COMMENT_TABLES}
         WHERE m.uuid = :uuid AND {_SEEN[0]} AND {_SEEN[1]}
        """,  # noqa: S608 - the fragments are the family's own
        comment_of,
        uuid=uuid,
        **sees(viewer),
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Comment]:
    """A part, (limit, offset), of the comments that are wanted and seen, in an order made of SORTABLE."""
    where = conditions(wanted)
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}),
             found AS MATERIALIZED (
            SELECT m.id
              FROM tenant.ideas_comment AS m
              JOIN tenant.ideas_standing AS s ON s.idea = m.idea
             WHERE {where.sql(_FILTERS, _SEEN, "s")}
             ORDER BY {order}
             LIMIT :limit OFFSET :offset)
        SELECT {COMMENT_COLUMNS}
          FROM found
          JOIN tenant.ideas_comment AS m ON m.id = found.id
          JOIN tenant.ideas_standing AS s ON s.idea = m.idea
          {COMMENT_TABLES}
         ORDER BY {order}
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        comment_of,
        limit=part[0],
        offset=part[1],
        **where.arguments,
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many comments are wanted and seen: from tallies or the idea's standing, where they tell."""
    where = conditions(wanted)
    tables, of = "tenant.ideas_comment AS m JOIN tenant.ideas_standing AS s ON s.idea = m.idea", "s"
    counted, always = "count(*)", list(_SEEN)
    if where.within("campaign") or where.within("idea"):
        tables, of = ("tenant.ideas_standing AS s", "s") if "idea" in where.names else ("tenant.ideas_tally AS y", "y")
        hidden = f"CASE WHEN {_MANAGED.format(of=of)} THEN {of}.hidden_comments ELSE 0 END"
        counted, always = f"coalesce(sum({of}.comments + {hidden}), 0)::bigint", [ideas_seen(of)]
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {counted}
          FROM {tables}
         WHERE {where.sql(_FILTERS, always, of)}
        """,  # noqa: S608 - the fragments are the family's own
        **where.arguments,
        **sees(viewer),
    )
    return total


@dataclass(frozen=True, slots=True)
class Outline:
    """A comment as its votes show it."""

    id: int
    uuid: UUID
    idea: int
    text: str
    created: datetime


async def outlines(runner: Runner, numbers: Sequence[int]) -> list[Outline]:
    """These comments, whoever asks: they are part of an object that is seen."""
    return await runner.rows(
        """
        SELECT id, uuid, idea, text, created
          FROM tenant.ideas_comment
         WHERE id = ANY (:numbers)
         ORDER BY id
        """,
        Outline,
        numbers=list(numbers),
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A new comment."""

    id: int
    uuid: UUID


async def answered(tx: Tx, idea: int, uuid: UUID, *, hidden: bool) -> int | None:
    """The comment on the idea that is to be answered; a hidden one where those are seen."""
    number: int | None = await tx.value(
        """
        SELECT id
          FROM tenant.ideas_comment
         WHERE uuid = :uuid AND idea = :idea AND (visible OR :hidden)
        """,
        uuid=uuid,
        idea=idea,
        hidden=hidden,
    )
    return number


async def insert(tx: Tx, text: Text, now: datetime) -> Made | None:
    """A new comment."""
    return await tx.row(
        """
        INSERT INTO tenant.ideas_comment (idea, person, answers, text, created, modified)
        VALUES (:idea, :person, :answers, :text, :now, :now)
        RETURNING id, uuid
        """,
        Made,
        now=now,
        **asdict(text),
    )
