"""Ideas read in the tenant's schema: one function, one statement.

A list is read in two steps: which ideas stand on the page, from an index alone, and then their rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from clerestory.families.ideas.campaigns import model as campaigns
from clerestory.families.ideas.conventions.conditions import conditions
from clerestory.families.ideas.conventions.queries import query_of, terms_of
from clerestory.families.ideas.ideas.model import Idea, Named, Outline, Wanted
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import ADMINISTERED, CAMPAIGNS, MANAGED, REVEALED, ideas_seen, sees
from clerestory.families.ideas.standing.model import Counts
from clerestory.platform.database import Runner

_OUTLINE = """
       i.id, i.uuid, i.code, i.title, i.description, i.visible, i.anonymous, i.stage_uuid AS stage, i.step_uuid AS step,
       i.created, i.changed, c.uuid AS campaign_uuid, c.name AS campaign_name, c.description AS campaign_description,
       c.created AS campaign_created, c.starts AS campaign_starts, c.ends AS campaign_ends"""
_COLUMNS = f"""{_OUTLINE},
       i.person, i.step_score, k.uuid AS category_uuid, k.name AS category_name, t.uuid AS status_uuid,
       t.name AS status_name, s.score, s.promotes, s.demotes, s.chips, s.comments, s.hidden_comments,
       EXISTS (SELECT FROM tenant.ideas_file AS f WHERE f.idea = i.id) AS files, c.public, c.revealing,
       {ADMINISTERED} AS administers, {MANAGED} AS manages"""
_TABLES = """
  JOIN tenant.ideas_standing AS s ON s.idea = i.id
  JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
  JOIN tenant.ideas_status AS t ON t.id = i.status
  LEFT JOIN tenant.ideas_category AS k ON k.id = i.category"""

# `{of}` is the table that is asked: the idea, or the standing or the tally that repeats some of its columns.
_FILTERS: Mapping[str, str] = {
    "campaign": "{of}.campaign = (SELECT c.id FROM tenant.ideas_campaign AS c WHERE c.uuid = :campaign)",
    "category": "{of}.category = (SELECT k.id FROM tenant.ideas_category AS k WHERE k.uuid = :category)",
    "status": "{of}.status = (SELECT t.id FROM tenant.ideas_status AS t WHERE t.uuid = :status)",
    "visible": "{of}.visible = :visible",
    "code": "{of}.code = upper(:code)",
    "title": "strpos(lower({of}.title), lower(:title)) > 0",
    "description": "strpos(lower({of}.description), lower(:description)) > 0",
    "anonymous": "{of}.anonymous = :anonymous",
    "member": f"""{{of}}.person = (SELECT p.id FROM tenant.person AS p WHERE p.uuid = :member)
           AND EXISTS (SELECT FROM tenant.ideas_campaign AS c WHERE c.id = i.campaign AND {REVEALED})""",  # noqa: S608 - the fragment is the family's own
    "tag": """EXISTS (SELECT FROM tenant.ideas_idea_tag AS x
                    JOIN tenant.ideas_tag AS g ON g.id = x.tag
                   WHERE x.idea = {of}.id AND g.uuid = :tag)""",
    "tag_name": """EXISTS (SELECT FROM tenant.ideas_idea_tag AS x
                    JOIN tenant.ideas_tag AS g ON g.id = x.tag
                   WHERE x.idea = {of}.id AND lower(g.name) = lower(:tag_name))""",
    "created": "{of}.created >= :created_from AND {of}.created < :created_until",
    # An idea that was never changed stands in the index as of its creation, and is not wanted.
    "changed": """coalesce({of}.changed, {of}.created) >= :changed_from
           AND coalesce({of}.changed, {of}.created) < :changed_until
           AND {of}.changed IS NOT NULL""",
    "sought": f"""{{of}}.search @@ (SELECT {query_of("c.language", "w.terms")}
                               FROM tenant.ideas_campaign AS c
                              CROSS JOIN LATERAL {terms_of(":sought")} AS w (terms)
                              WHERE c.uuid = :campaign)""",  # noqa: S608 - the fragments are the family's own
}
_IN_STANDING = ("campaign", "visible")
_IN_TALLY = ("campaign", "category", "status", "visible")

SORTABLE = {
    "date_created": "i.created",
    "date_modified": "coalesce(i.changed, i.created)",
    "title": "lower(i.title)",
    "idea_code": "i.id",
    "score": "s.score",
    "chips": "s.chips",
}
DEFAULT_ORDER = "i.created DESC, i.id DESC"
TIE = "i.id"


async def one_idea(runner: Runner, viewer: Viewer, uuid: UUID) -> Idea | None:
    """One idea, if it is seen."""
    return await runner.row(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}
                AND c.id = (SELECT o.campaign FROM tenant.ideas_idea AS o WHERE o.uuid = :uuid))
        SELECT {_COLUMNS}
          FROM tenant.ideas_idea AS i
          {_TABLES}
         WHERE i.uuid = :uuid AND {ideas_seen()}
        """,  # noqa: S608 - the fragments are the family's own
        _idea,
        uuid=uuid,
        **sees(viewer),
    )


async def ideas(runner: Runner, viewer: Viewer, numbers: Sequence[int]) -> list[Idea]:
    """These ideas, that were found to be seen; in the order that they are given in."""
    return await runner.rows(
        f"""
        SELECT {_COLUMNS}
          FROM tenant.ideas_idea AS i
          {_TABLES}
         WHERE i.id = ANY (:numbers)
         ORDER BY array_position(:numbers, i.id)
        """,  # noqa: S608 - the fragments are the family's own
        _idea,
        numbers=list(numbers),
        **sees(viewer),
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[int]:
    """A part, (limit, offset), of the ideas that are wanted and seen, in an order made of SORTABLE."""
    where = conditions(wanted)
    table, of = "tenant.ideas_idea AS i", "i"
    if "s." in order:
        table += " JOIN tenant.ideas_standing AS s ON s.idea = i.id"
        if where.within(*_IN_STANDING) and "i." not in order.replace(TIE, ""):
            # The best of a campaign stand in the standing's own index.
            table, of, order = "tenant.ideas_standing AS s", "s", order.replace(TIE, "s.idea")
    number = "s.idea" if of == "s" else "i.id"
    return await runner.values(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {number}
          FROM {table}
         WHERE {where.sql(_FILTERS, [ideas_seen(of)], of)}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        limit=part[0],
        offset=part[1],
        **where.arguments,
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many ideas are wanted and seen: from the tallies, where they tell."""
    where = conditions(wanted)
    counted, table, of = "count(*)", "tenant.ideas_idea AS i", "i"
    if where.within(*_IN_TALLY):
        counted, table, of = "coalesce(sum(y.ideas), 0)::bigint", "tenant.ideas_tally AS y", "y"
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {counted}
          FROM {table}
         WHERE {where.sql(_FILTERS, [ideas_seen(of)], of)}
        """,  # noqa: S608 - the fragments are the family's own
        **where.arguments,
        **sees(viewer),
    )
    return total


async def outlines(runner: Runner, numbers: Sequence[int]) -> list[Outline]:
    """These ideas, whoever asks: they are part of an object that is seen."""
    return await runner.rows(
        f"""
        SELECT {_OUTLINE}
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
         WHERE i.id = ANY (:numbers)
         ORDER BY i.id
        """,  # noqa: S608 - the fragments are the family's own
        _outline,
        numbers=list(numbers),
    )


def _outline(**row: Any) -> Outline:
    return Outline(
        id=row["id"],
        uuid=row["uuid"],
        code=row["code"],
        title=row["title"],
        description=row["description"],
        visible=row["visible"],
        anonymous=row["anonymous"],
        stage=row["stage"],
        step=row["step"],
        created=row["created"],
        changed=row["changed"],
        campaign=campaigns.Outline(
            uuid=row["campaign_uuid"],
            name=row["campaign_name"],
            description=row["campaign_description"],
            created=row["campaign_created"],
            starts=row["campaign_starts"],
            ends=row["campaign_ends"],
        ),
    )


def _idea(**row: Any) -> Idea:
    category = row["category_uuid"]
    return Idea(
        outline=_outline(**row),
        person=row["person"],
        step_score=row["step_score"],
        category=None if category is None else Named(category, row["category_name"]),
        status=Named(row["status_uuid"], row["status_name"]),
        score=row["score"],
        counts=Counts(row["promotes"], row["demotes"], row["chips"], row["comments"], row["hidden_comments"]),
        files=row["files"],
        public=row["public"],
        revealing=row["revealing"],
        administers=row["administers"],
        manages=row["manages"],
    )
