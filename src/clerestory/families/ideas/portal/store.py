"""What pages show beside the objects of the API, in the tenant's schema: one function, one statement.

Whoever asks for something of one idea or of one campaign here has seen it before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clerestory.families.ideas.conventions.queries import query_of, stems_of, terms_of
from clerestory.families.ideas.ideas.parts.store import COMMENT_COLUMNS, COMMENT_TABLES, comment_of
from clerestory.families.ideas.portal.model import Alike, Mine, Myself, Placed, Said
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, ideas_seen, sees
from clerestory.platform.database import Runner


async def mine(runner: Runner, idea: int, person: int | None) -> Mine:
    """What the person has on the idea."""
    found = await runner.row(
        """
        SELECT v.type AS vote, coalesce(h.chips, 0) AS chips,
               greatest(coalesce(b.budget, c.chips) - coalesce(b.spent, 0), 0) AS left,
               EXISTS (SELECT FROM tenant.ideas_follow AS f
                        WHERE f.idea = i.id AND f.person = :person AND f.active) AS follows
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
          LEFT JOIN tenant.ideas_vote AS v ON v.idea = i.id AND v.person = :person
          LEFT JOIN tenant.ideas_chip_vote AS h ON h.idea = i.id AND h.person = :person
          LEFT JOIN tenant.ideas_chip_budget AS b ON b.campaign = c.id AND b.person = :person
         WHERE i.id = :idea
        """,
        Mine,
        idea=idea,
        person=person,
    )
    return found or Mine()


async def votes(runner: Runner, person: int | None, ideas: Sequence[UUID]) -> dict[UUID, str]:
    """{idea: the person's vote}, of these ideas."""
    if person is None or not ideas:
        return {}
    found: list[dict[str, Any]] = await runner.rows(
        """
        SELECT i.uuid, v.type
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_vote AS v ON v.idea = i.id AND v.person = :person
         WHERE i.uuid = ANY (:ideas)
        """,
        dict,
        person=person,
        ideas=list(ideas),
    )
    return {row["uuid"]: row["type"] for row in found}


async def thread(runner: Runner, idea: int, person: int | None, part: tuple[int, int]) -> list[Said]:
    """A part, (limit, offset), of the comments that answer none, the oldest first, with all that answers them."""
    return await runner.rows(
        f"""
        WITH RECURSIVE roots AS MATERIALIZED (
            SELECT o.id
              FROM tenant.ideas_comment AS o
             WHERE o.idea = :idea AND o.answers IS NULL
             ORDER BY o.created, o.id
             LIMIT :limit OFFSET :offset),
             thread AS (
            SELECT roots.id FROM roots
             UNION ALL
            SELECT o.id
              FROM thread
              JOIN tenant.ideas_comment AS o ON o.answers = thread.id)
        SELECT {COMMENT_COLUMNS}, m.answers, m.promotes, m.demotes, v.type AS mine
          FROM thread
          JOIN tenant.ideas_comment AS m ON m.id = thread.id
          JOIN tenant.ideas_standing AS s ON s.idea = m.idea
          {COMMENT_TABLES}
          LEFT JOIN tenant.ideas_comment_vote AS v ON v.comment = m.id AND v.person = :asking
         ORDER BY m.created, m.id
        """,  # noqa: S608 - the fragments are the family's own
        _said,
        idea=idea,
        asking=person,
        limit=part[0],
        offset=part[1],
    )


def _said(answers: int | None, promotes: int, demotes: int, mine: str | None, **columns: Any) -> Said:
    return Said(comment_of(**columns), answers, promotes, demotes, mine)


async def roots(runner: Runner, idea: int) -> int:
    """How many comments on the idea answer none."""
    total: int = await runner.value(
        "SELECT count(*) FROM tenant.ideas_comment AS m WHERE m.idea = :idea AND m.answers IS NULL", idea=idea
    )
    return total


async def has_entered(runner: Runner, campaign: int, person: int) -> bool:
    """Whether the person was in the campaign before."""
    entered: bool = await runner.value(
        "SELECT EXISTS (SELECT FROM tenant.ideas_entrant WHERE campaign = :campaign AND person = :person)",
        campaign=campaign,
        person=person,
    )
    return entered


# Any of the words, in headings alone; those that the language takes for none are passed over.
_IN_TITLES = terms_of(":words", weight="A", joint="|", wanted=f"to_tsvector({stems_of('c.language')}, term) <> ''")


async def alike(runner: Runner, viewer: Viewer, campaign: UUID, words: Sequence[str]) -> list[Alike]:
    """The ideas of the campaign that are seen and have any of these words, but for "the" and its like, in their title;
    those with the most of them first."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS} AND c.uuid = :campaign),
             asked AS MATERIALIZED (
            SELECT c.id, {_IN_TITLES} AS words, c.language
              FROM seen
              JOIN tenant.ideas_campaign AS c ON c.id = seen.id)
        SELECT i.code, i.title, t.name AS status, s.promotes
          FROM asked
         CROSS JOIN LATERAL (SELECT {query_of("asked.language", "asked.words")}) AS q (query)
          JOIN tenant.ideas_idea AS i ON i.campaign = asked.id AND i.search @@ q.query
          JOIN tenant.ideas_standing AS s ON s.idea = i.id
          JOIN tenant.ideas_status AS t ON t.id = i.status
         WHERE {ideas_seen()}
         ORDER BY ts_rank(i.search, q.query) DESC, s.score DESC, i.id DESC
         LIMIT 5
        """,  # noqa: S608 - the fragments are the family's own
        Alike,
        campaign=campaign,
        words=list(words),
        **sees(viewer),
    )


async def placed(runner: Runner, viewer: Viewer, campaign: UUID, most: int) -> list[Placed]:
    """The best ideas of each status of the campaign, at most so many of each."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS} AND c.uuid = :campaign)
        SELECT t.uuid AS status, x.id AS idea
          FROM seen
          JOIN tenant.ideas_status AS t ON t.campaign = seen.id OR t.campaign IS NULL
         CROSS JOIN LATERAL (SELECT i.id, s.score
                               FROM tenant.ideas_idea AS i
                               JOIN tenant.ideas_standing AS s ON s.idea = i.id
                              WHERE i.campaign = seen.id AND i.status = t.id AND {ideas_seen()}
                              ORDER BY s.score DESC, i.id DESC
                              LIMIT :most) AS x
         ORDER BY t.place, t.id, x.score DESC, x.id DESC
        """,  # noqa: S608 - the fragments are the family's own
        Placed,
        campaign=campaign,
        most=most,
        **sees(viewer),
    )


async def myself(runner: Runner, viewer: Viewer) -> Myself:
    """Who looks; nobody is asked for in vain."""
    if viewer.person is None:
        return Myself()
    found = await runner.row(
        """
        SELECT upper(p.uuid::text) AS id,
               :admin OR EXISTS (SELECT FROM tenant.ideas_role AS r WHERE r.person = p.id) AS manages
          FROM tenant.person AS p
         WHERE p.id = :person
        """,
        Myself,
        **sees(viewer),
    )
    return found or Myself()


async def comment_place(runner: Runner, comment: UUID) -> tuple[int, int]:
    """The number of a comment, and how many comments that answer none stand before the thread that it is in."""
    found: dict[str, int] | None = await runner.row(
        """
        WITH RECURSIVE above AS (
            SELECT m.id, m.id AS own, m.idea, m.answers, m.created
              FROM tenant.ideas_comment AS m
             WHERE m.uuid = :comment
             UNION ALL
            SELECT m.id, above.own, m.idea, m.answers, m.created
              FROM above
              JOIN tenant.ideas_comment AS m ON m.id = above.answers)
        SELECT a.own AS number, (SELECT count(*)
                                   FROM tenant.ideas_comment AS o
                                  WHERE o.idea = a.idea AND o.answers IS NULL
                                    AND (o.created, o.id) < (a.created, a.id)) AS thread
          FROM above AS a
         WHERE a.answers IS NULL
        """,
        dict,
        comment=comment,
    )
    return (0, 0) if found is None else (found["number"], found["thread"])


async def codes(runner: Runner, ideas: Sequence[UUID]) -> dict[UUID, str]:
    """{idea: its number as people know it}."""
    found: list[dict[str, Any]] = await runner.rows(
        "SELECT uuid, code FROM tenant.ideas_idea WHERE uuid = ANY (:ideas)", dict, ideas=list(ideas)
    )
    return {row["uuid"]: row["code"] for row in found}


@dataclass(frozen=True, slots=True)
class Open:
    """A campaign that takes ideas now."""

    uuid: UUID
    name: str
    description: str


async def open_campaigns(runner: Runner, viewer: Viewer, now: datetime, most: int) -> list[Open]:
    """The campaigns where the one who asks may submit an idea now, the newest first."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT c.uuid, c.name, c.description
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
         WHERE c.status IN ('Active', 'Draft')
           AND (NOT c.scheduled OR coalesce(c.starts <= :now, true) AND coalesce(c.ends > :now, true))
         ORDER BY c.created DESC, c.id DESC
         LIMIT :most
        """,  # noqa: S608 - the fragments are the family's own
        Open,
        now=now,
        most=most,
        **sees(viewer),
    )
