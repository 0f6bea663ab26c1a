"""Votes in the tenant's schema: one function, one statement."""

from collections.abc import Mapping
from datetime import datetime

from clerestory.families.ideas.conventions.conditions import conditions
from clerestory.families.ideas.ideas.parts.model import Vote
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.families.ideas.votes.model import Type, Wanted
from clerestory.platform.database import Runner, Tx

_FILTERS: Mapping[str, str] = {
    "idea": "s.idea = (SELECT i.id FROM tenant.ideas_idea AS i WHERE i.uuid = :idea)",
    "member": "v.person = (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member)",
    "type": "v.type = :type",
    "created": "v.created >= :created_from AND v.created < :created_until",
}

SORTABLE = {"date_created": "v.created", "idea_id": "v.idea", "type": "v.type"}
DEFAULT_ORDER = "v.created DESC, v.id DESC"
TIE = "v.id"


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Vote]:
    """A part, (limit, offset), of the votes that are wanted and seen, in an order made of SORTABLE."""
    where = conditions(wanted)
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}),
             found AS MATERIALIZED (
            SELECT v.id
              FROM tenant.ideas_vote AS v
              JOIN tenant.ideas_standing AS s ON s.idea = v.idea
             WHERE {where.sql(_FILTERS, [ideas_seen("s")])}
             ORDER BY {order}
             LIMIT :limit OFFSET :offset)
        SELECT v.idea, v.type, v.person, v.created
          FROM found
          JOIN tenant.ideas_vote AS v ON v.id = found.id
         ORDER BY {order}
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        Vote,
        limit=part[0],
        offset=part[1],
        **where.arguments,
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many votes are wanted and seen: from tallies and standings, where they tell."""
    where = conditions(wanted)
    tables, of, counted = "tenant.ideas_vote AS v JOIN tenant.ideas_standing AS s ON s.idea = v.idea", "s", "count(*)"
    filters = dict(_FILTERS)
    if not where.names:
        tables, of, counted = "tenant.ideas_tally AS y", "y", "coalesce(sum(y.votes), 0)::bigint"
    elif where.within("idea", "type"):
        tables, counted = "tenant.ideas_standing AS s", f"coalesce(sum({_STANDING[wanted.type]}), 0)::bigint"
        filters["type"] = ":type::text IS NOT NULL"
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {counted}
          FROM {tables}
         WHERE {where.sql(filters, [ideas_seen(of)])}
        """,  # noqa: S608 - the fragments are the family's own
        **where.arguments,
        **sees(viewer),
    )
    return total


_STANDING = {None: "s.promotes + s.demotes", "promote": "s.promotes", "demote": "s.demotes"}


async def one_vote(runner: Runner, idea: int, person: int) -> Vote | None:
    """The person's vote on the idea."""
    return await runner.row(
        "SELECT idea, type, person, created FROM tenant.ideas_vote WHERE idea = :idea AND person = :person",
        Vote,
        idea=idea,
        person=person,
    )


async def put(tx: Tx, idea: int, person: int, vote: Type, now: datetime) -> None:
    """Writes the person's vote on the idea, over the one that there was."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_vote (idea, person, type, created, modified)
        VALUES (:idea, :person, :type, :now, :now)
            ON CONFLICT (idea, person) DO UPDATE
           SET type = excluded.type, created = excluded.created, modified = excluded.modified
        """,
        idea=idea,
        person=person,
        type=vote.value,
        now=now,
    )


async def remove(tx: Tx, idea: int, person: int) -> None:
    """Takes the person's vote off the idea."""
    await tx.execute("DELETE FROM tenant.ideas_vote WHERE idea = :idea AND person = :person", idea=idea, person=person)
