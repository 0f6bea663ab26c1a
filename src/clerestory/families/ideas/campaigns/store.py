"""Campaigns in the tenant's schema: one function, one statement."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from clerestory.families.ideas.campaigns.model import Campaign, Outline, Wanted
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, sees
from clerestory.platform.database import Runner, Tx

_COLUMNS = """
       c.id, c.uuid, c.name, c.description, c.status, c.scheduled, c.starts, c.ends, c.sponsor, c.public, c.voting,
       c.demoting, c.commenting, c.tagging, c.created, t.ideas, t.comments, t.votes, c.members"""
# Hidden ideas and comments count for those who see them.
_COUNTED = """
       SELECT coalesce(sum(y.ideas), 0)::bigint AS ideas, coalesce(sum(y.votes), 0)::bigint AS votes,
              coalesce(sum(y.comments + CASE WHEN seen.managed THEN y.hidden_comments ELSE 0 END), 0)::bigint
                AS comments
         FROM tenant.ideas_tally AS y
        WHERE y.campaign = c.id AND (y.visible OR seen.managed)"""
_FILTERS = """
       (:name::text IS NULL OR strpos(lower(c.name), lower(:name)) > 0)
   AND (:status::text IS NULL OR lower(c.status) = lower(:status))
   AND (:created_from::timestamptz IS NULL OR c.created >= :created_from AND c.created < :created_until)"""

SORTABLE = {
    "date_created": "c.created",
    "name": "lower(c.name)",
    "status": "c.status",
    "start_date": "c.starts",
    "end_date": "c.ends",
}
DEFAULT_ORDER = "c.created DESC, c.id DESC"
TIE = "c.id"


async def one_campaign(runner: Runner, viewer: Viewer, uuid: UUID) -> Campaign | None:
    """One campaign, if it is seen."""
    return await runner.row(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS} AND c.uuid = :uuid)
        SELECT {_COLUMNS}
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
         CROSS JOIN LATERAL ({_COUNTED}) AS t
        """,  # noqa: S608 - the fragments are the family's own
        Campaign,
        uuid=uuid,
        **sees(viewer),
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Campaign]:
    """A part, (limit, offset), of the campaigns that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {_COLUMNS}
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
         CROSS JOIN LATERAL ({_COUNTED}) AS t
         WHERE {_FILTERS}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        Campaign,
        limit=part[0],
        offset=part[1],
        **asdict(wanted),
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many campaigns are wanted and seen."""
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT count(*)
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
         WHERE {_FILTERS}
        """,  # noqa: S608 - the fragments are the family's own
        **asdict(wanted),
        **sees(viewer),
    )
    return total


async def outlines(runner: Runner, campaigns: Sequence[int]) -> list[tuple[int, Outline]]:
    """These campaigns, whoever asks: they are part of an object that is seen."""
    return await runner.rows(
        """
        SELECT id, uuid, name, description, created, starts, ends
          FROM tenant.ideas_campaign
         WHERE id = ANY (:campaigns)
         ORDER BY id
        """,
        _numbered,
        campaigns=list(campaigns),
    )


def _numbered(id: int, **columns: Any) -> tuple[int, Outline]:
    return id, Outline(**columns)


async def enter(tx: Tx, campaign: int, person: int) -> bool:
    """Notes that the person has entered the campaign; whether it had not before."""
    return bool(
        await tx.execute(
            """
            INSERT INTO tenant.ideas_entrant (campaign, person)
            VALUES (:campaign, :person)
            ON CONFLICT (campaign, person) DO NOTHING
            """,
            campaign=campaign,
            person=person,
        )
    )


async def count_entrant(tx: Tx, campaign: int) -> None:
    """One member more."""
    await tx.execute("UPDATE tenant.ideas_campaign SET members = members + 1 WHERE id = :campaign", campaign=campaign)


async def ends_before_it_starts(tx: Tx, campaign: int) -> bool:
    """Whether the campaign's dates stand in the wrong order."""
    return bool(
        await tx.value(
            "SELECT coalesce(ends <= starts, false) FROM tenant.ideas_campaign WHERE id = :campaign", campaign=campaign
        )
    )


async def speak(tx: Tx, campaign: int, now: datetime) -> None:
    """Lets the campaign's ideas be found in its language."""
    await tx.execute(
        """
        UPDATE tenant.ideas_idea AS i
           SET language = c.language, modified = :now
          FROM tenant.ideas_campaign AS c
         WHERE c.id = :campaign AND i.campaign = c.id AND i.language <> c.language
        """,
        campaign=campaign,
        now=now,
    )
