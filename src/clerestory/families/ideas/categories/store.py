"""Categories in the tenant's schema: one function, one statement."""

from uuid import UUID

from clerestory.families.ideas.categories.model import Category
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, sees
from clerestory.platform.database import Runner

_FILTER = "(:campaign::uuid IS NULL OR c.uuid = :campaign)"


async def page(runner: Runner, viewer: Viewer, campaign: UUID | None, part: tuple[int, int]) -> list[Category]:
    """A part, (limit, offset), of the categories that are seen: those of the newest campaign first, as placed there."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT k.uuid, k.name, c.uuid AS campaign, t.ideas
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
          JOIN tenant.ideas_category AS k ON k.campaign = c.id
         CROSS JOIN LATERAL (SELECT coalesce(sum(y.ideas), 0)::bigint AS ideas
                               FROM tenant.ideas_tally AS y
                              WHERE y.campaign = c.id AND coalesce(y.category, 0) = k.id
                                AND (y.visible OR seen.managed)) AS t
         WHERE {_FILTER}
         ORDER BY c.created DESC, c.id DESC, k.place, k.id
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own
        Category,
        campaign=campaign,
        limit=part[0],
        offset=part[1],
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, campaign: UUID | None) -> int:
    """How many categories are seen."""
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT count(*)
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
          JOIN tenant.ideas_category AS k ON k.campaign = c.id
         WHERE {_FILTER}
        """,  # noqa: S608 - the fragments are the family's own
        campaign=campaign,
        **sees(viewer),
    )
    return total
