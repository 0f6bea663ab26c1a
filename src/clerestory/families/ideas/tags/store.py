"""Tags in the tenant's schema: one function, one statement."""

from dataclasses import asdict

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import ADMINISTERED, ENTERED, REVEALED, sees
from clerestory.families.ideas.tags.model import Tag, Wanted
from clerestory.platform.database import Runner

# Of hidden ideas to administrators alone, and not to moderators.
_COUNTED = f"""
        WITH seen AS MATERIALIZED (
            SELECT c.id, {ADMINISTERED} AS administered
              FROM tenant.ideas_campaign AS c
             WHERE {ENTERED}),
             wanted AS MATERIALIZED (
            SELECT DISTINCT x.tag
              FROM seen
              JOIN tenant.ideas_campaign AS c ON c.id = seen.id
              JOIN tenant.ideas_idea AS i ON i.campaign = c.id AND (i.visible OR seen.administered)
              JOIN tenant.ideas_idea_tag AS x ON x.idea = i.id
             WHERE (:idea::uuid IS NULL OR i.uuid = :idea)
               AND (:member::uuid IS NULL
                    OR {REVEALED} AND i.person = (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member))),
             counted AS (
            SELECT x.tag, count(*) AS ideas
              FROM wanted
              JOIN tenant.ideas_idea_tag AS x ON x.tag = wanted.tag
              JOIN tenant.ideas_idea AS i ON i.id = x.idea
              JOIN seen ON seen.id = i.campaign AND (i.visible OR seen.administered)
             GROUP BY x.tag)"""  # noqa: S608 - the fragments are the family's own

SORTABLE = {"tag_name": "lower(t.name)", "tag_count": "ideas"}
DEFAULT_ORDER = "lower(t.name) DESC, t.id DESC"
TIE = "t.id"


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Tag]:
    """A part, (limit, offset), of the tags that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        {_COUNTED}
        SELECT t.uuid, t.name, n.ideas
          FROM counted AS n
          JOIN tenant.ideas_tag AS t ON t.id = n.tag
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        Tag,
        limit=part[0],
        offset=part[1],
        **asdict(wanted),
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many tags are wanted and seen."""
    total: int = await runner.value(
        f"""
        {_COUNTED}
        SELECT count(*)
          FROM wanted
        """,  # noqa: S608 - the fragments are the family's own
        **asdict(wanted),
        **sees(viewer),
    )
    return total


async def page_of_all(runner: Runner, order: str, part: tuple[int, int]) -> list[Tag]:
    """A part, (limit, offset), of all tags that ideas have, in an order made of SORTABLE: by their own counters."""
    return await runner.rows(
        f"""
        SELECT t.uuid, t.name, t.ideas + t.hidden_ideas AS ideas
          FROM tenant.ideas_tag AS t
         WHERE t.ideas + t.hidden_ideas > 0
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the order is made of SORTABLE
        Tag,
        limit=part[0],
        offset=part[1],
    )


async def count_all(runner: Runner) -> int:
    """How many tags any idea has."""
    total: int = await runner.value("SELECT count(*) FROM tenant.ideas_tag AS t WHERE t.ideas + t.hidden_ideas > 0")
    return total
