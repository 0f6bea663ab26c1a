"""Chips in the tenant's schema: one function, one statement."""

from collections.abc import Mapping

from clerestory.families.ideas.chipvotes.model import ChipVote, Purse, Wanted
from clerestory.families.ideas.conventions.conditions import conditions
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.platform.database import Runner, Tx

_TABLES = """tenant.ideas_chip_vote AS v
              JOIN tenant.ideas_standing AS s ON s.idea = v.idea"""
_FILTERS: Mapping[str, str] = {
    "idea": "s.idea = (SELECT i.id FROM tenant.ideas_idea AS i WHERE i.uuid = :idea)",
    "member": "v.person = (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member)",
    "created": "v.created >= :created_from AND v.created < :created_until",
}

SORTABLE = {"date_created": "v.created", "idea_id": "v.idea", "chips": "v.chips"}
DEFAULT_ORDER = "v.created DESC, v.id DESC"
TIE = "v.id"


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[ChipVote]:
    """A part, (limit, offset), of what is wanted and seen, in an order made of SORTABLE."""
    where = conditions(wanted)
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT v.idea, v.chips, v.person, v.created
          FROM {_TABLES}
         WHERE {where.sql(_FILTERS, [ideas_seen("s")])}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        ChipVote,
        limit=part[0],
        offset=part[1],
        **where.arguments,
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many of them are wanted and seen."""
    where = conditions(wanted)
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT count(*)
          FROM {_TABLES}
         WHERE {where.sql(_FILTERS, [ideas_seen("s")])}
        """,  # noqa: S608 - the fragments are the family's own
        **where.arguments,
        **sees(viewer),
    )
    return total


async def one_vote(runner: Runner, idea: int, person: int) -> ChipVote | None:
    """What the person has laid on the idea."""
    return await runner.row(
        "SELECT idea, chips, person, created FROM tenant.ideas_chip_vote WHERE idea = :idea AND person = :person",
        ChipVote,
        idea=idea,
        person=person,
    )


async def open_purse(tx: Tx, campaign: int, person: int) -> Purse | None:
    """Locks what the person may spend in the campaign, made where it is not there yet."""
    return await tx.row(
        """
        INSERT INTO tenant.ideas_chip_budget AS b (campaign, person)
        VALUES (:campaign, :person)
            ON CONFLICT (campaign, person) DO UPDATE
           SET spent = b.spent
        RETURNING coalesce(b.budget, (SELECT c.chips
                                        FROM tenant.ideas_campaign AS c
                                       WHERE c.id = b.campaign)) AS budget, b.spent
        """,
        Purse,
        campaign=campaign,
        person=person,
    )


async def spend(tx: Tx, campaign: int, person: int, chips: int) -> None:
    """So many chips more are spent."""
    await tx.execute(
        """
        UPDATE tenant.ideas_chip_budget
           SET spent = spent + :chips, modified = now()
         WHERE campaign = :campaign AND person = :person
        """,
        campaign=campaign,
        person=person,
        chips=chips,
    )


async def put(tx: Tx, vote: ChipVote) -> None:
    """Lays chips on the idea, instead of those that lay there."""
    await tx.execute(
        """
        INSERT INTO tenant.ideas_chip_vote (idea, person, chips, created, modified)
        VALUES (:idea, :person, :chips, :now, :now)
            ON CONFLICT (idea, person) DO UPDATE
           SET chips = excluded.chips, created = excluded.created, modified = excluded.modified
        """,
        idea=vote.idea,
        person=vote.person,
        chips=vote.chips,
        now=vote.created,
    )


async def remove(tx: Tx, idea: int, person: int) -> None:
    """Takes the person's chips off the idea."""
    await tx.execute(
        "DELETE FROM tenant.ideas_chip_vote WHERE idea = :idea AND person = :person", idea=idea, person=person
    )
