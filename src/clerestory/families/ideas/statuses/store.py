"""Statuses in the tenant's schema: one function, one statement."""

from uuid import UUID

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, sees
from clerestory.families.ideas.statuses.model import Status
from clerestory.platform.database import Runner

# A status of no campaign is offered in all of them, so who may enter any sees it.
_SEEN = """
       (s.campaign IS NULL AND EXISTS (SELECT FROM wanted)
        OR s.campaign IN (SELECT id FROM wanted))"""
_WANTED = f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}),
             wanted AS MATERIALIZED (
            SELECT seen.id, seen.managed
              FROM seen
              JOIN tenant.ideas_campaign AS c ON c.id = seen.id
             WHERE :campaign::uuid IS NULL OR c.uuid = :campaign)"""  # noqa: S608 - the fragment is the family's own

SORTABLE = {"id": "s.uuid", "name": "lower(s.name)"}
DEFAULT_ORDER = "s.campaign NULLS FIRST, s.place, s.id"
TIE = "s.id"


async def page(
    runner: Runner, viewer: Viewer, campaign: UUID | None, order: str, part: tuple[int, int]
) -> list[Status]:
    """A part, (limit, offset), of the statuses of a campaign or of all that are seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        {_WANTED}
        SELECT s.uuid, s.name, coalesce(t.ideas, 0)::bigint AS ideas
          FROM tenant.ideas_status AS s
          LEFT JOIN (SELECT y.status, sum(y.ideas) AS ideas
                       FROM wanted
                       JOIN tenant.ideas_tally AS y ON y.campaign = wanted.id AND (y.visible OR wanted.managed)
                      GROUP BY y.status) AS t ON t.status = s.id
         WHERE {_SEEN}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        Status,
        campaign=campaign,
        limit=part[0],
        offset=part[1],
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, campaign: UUID | None) -> int:
    """How many statuses a campaign has, or all that are seen."""
    total: int = await runner.value(
        f"""
        {_WANTED}
        SELECT count(*)
          FROM tenant.ideas_status AS s
         WHERE {_SEEN}
        """,  # noqa: S608 - the fragments are the family's own
        campaign=campaign,
        **sees(viewer),
    )
    return total
