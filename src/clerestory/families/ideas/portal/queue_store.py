"""What is moderated, in the tenant's schema: one function, one statement. Only of campaigns that who asks manages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import ADMINISTERED, CAMPAIGNS, REVEALED, sees
from clerestory.platform.database import Runner


@dataclass(frozen=True, slots=True)
class Sifted:
    """Which contributions are wanted; None: whatever."""

    campaign: UUID | None
    visible: bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A contribution: an idea, or a comment with its `uuid` and `text`, and the idea that it is or is on.

    `told`: who asks is told who contributed it; `administers`: more may be done with it than hiding and showing.
    """

    uuid: UUID
    code: str
    title: str
    text: str
    visible: bool
    merged: bool
    person: int
    told: bool
    administers: bool
    created: datetime
    campaign: UUID
    campaign_name: str


_WANTED = """(:campaign::uuid IS NULL OR c.uuid = :campaign)
           AND (:visible::boolean IS NULL OR {of}.visible = :visible)"""


async def ideas(runner: Runner, viewer: Viewer, sifted: Sifted, part: tuple[int, int]) -> list[Entry]:
    """A part, (limit, offset), of the ideas, the newest first."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT i.uuid, i.code, i.title, i.description AS text, i.visible, i.merged_into IS NOT NULL AS merged, i.person,
               {REVEALED} IS TRUE AS told, {ADMINISTERED} AS administers, i.created, c.uuid AS campaign,
               c.name AS campaign_name
          FROM tenant.ideas_idea AS i
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
         WHERE i.campaign IN (SELECT id FROM seen WHERE managed) AND {_WANTED.format(of="i")}
         ORDER BY i.id DESC
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own
        Entry,
        campaign=sifted.campaign,
        visible=sifted.visible,
        limit=part[0],
        offset=part[1],
        **sees(viewer),
    )


async def comments(runner: Runner, viewer: Viewer, sifted: Sifted, part: tuple[int, int]) -> list[Entry]:
    """A part, (limit, offset), of the comments, the newest first."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT m.uuid, i.code, i.title, m.text, m.visible, false AS merged, m.person, true AS told,
               {ADMINISTERED} AS administers, m.created, c.uuid AS campaign, c.name AS campaign_name
          FROM tenant.ideas_comment AS m
          JOIN tenant.ideas_idea AS i ON i.id = m.idea
          JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
         WHERE i.campaign IN (SELECT id FROM seen WHERE managed) AND {_WANTED.format(of="m")}
         ORDER BY m.id DESC
         LIMIT :limit OFFSET :offset
        """,  # noqa: S608 - the fragments are the family's own
        Entry,
        campaign=sifted.campaign,
        visible=sifted.visible,
        limit=part[0],
        offset=part[1],
        **sees(viewer),
    )


@dataclass(frozen=True, slots=True)
class Managed:
    """A campaign that is managed."""

    uuid: UUID
    name: str


async def managed(runner: Runner, viewer: Viewer, most: int) -> Sequence[Managed]:
    """The campaigns that who asks manages, the newest first."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT c.uuid, c.name
          FROM seen
          JOIN tenant.ideas_campaign AS c ON c.id = seen.id
         WHERE seen.managed
         ORDER BY c.created DESC, c.id DESC
         LIMIT :most
        """,  # noqa: S608 - the fragments are the family's own
        Managed,
        most=most,
        **sees(viewer),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an idea can go: a campaign, or a category of one (None: that of the same name)."""

    campaign: int
    campaign_name: str
    category: int | None
    name: str


async def places(runner: Runner, viewer: Viewer, without: int, most: int) -> list[Place]:
    """The campaigns but one that who asks administers, the newest first, each with its categories after it."""
    return await runner.rows(
        f"""
        SELECT c.id AS campaign, c.name AS campaign_name, k.id AS category, coalesce(k.name, '') AS name
          FROM (SELECT c.id, c.name, c.created
                  FROM tenant.ideas_campaign AS c
                 WHERE {ADMINISTERED} AND c.id <> :without
                 ORDER BY c.created DESC, c.id DESC
                 LIMIT :most) AS c
         CROSS JOIN LATERAL (SELECT NULL::bigint AS id, NULL AS name, 0 AS place
                              UNION ALL
                             SELECT g.id, g.name, g.place
                               FROM tenant.ideas_category AS g
                              WHERE g.campaign = c.id) AS k
         ORDER BY c.created DESC, c.id DESC, k.id IS NOT NULL, k.place, k.id
        """,  # noqa: S608 - the fragments are the family's own
        Place,
        without=without,
        most=most,
        **sees(viewer),
    )


async def by_code(runner: Runner, code: str) -> UUID | None:
    """The id of the idea of a number, whether it is seen or not: the verb looks."""
    found: UUID | None = await runner.value("SELECT uuid FROM tenant.ideas_idea WHERE code = :code", code=code)
    return found
