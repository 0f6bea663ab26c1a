"""Events in the tenant's schema: one function, one statement."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.activity.model import Activity, Event, Happening, Wanted
from clerestory.families.ideas.conventions.conditions import conditions
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, MEMBERS, REVEALED, sees
from clerestory.platform.database import Runner

# What is hidden is little, so it is found first: events are then counted, and passed over, in their index alone. They
# lie in the campaign of their idea.
_SIGHT = f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS}),
             hidden AS MATERIALIZED (SELECT id FROM tenant.ideas_idea WHERE NOT visible),
             hushed AS MATERIALIZED (SELECT id FROM tenant.ideas_comment WHERE NOT visible)"""  # noqa: S608 - the fragment is the family's own
_SEEN = f"""CASE WHEN a.about IS NULL
                THEN a.campaign IN (SELECT id FROM seen WHERE managed)
                  OR a.campaign IN (SELECT id FROM seen)
                     AND a.idea NOT IN (SELECT id FROM hidden)
                     AND (a.comment IS NULL OR a.comment NOT IN (SELECT id FROM hushed))
                ELSE EXISTS (SELECT FROM tenant.ideas_update AS u
                               JOIN tenant.person AS p ON p.id = u.person
                              WHERE u.id = a.about AND {MEMBERS})
                 END"""  # noqa: S608 - the fragment is the family's own
# Who submitted an anonymous idea is not told by its own event either.
_CONCEALED = f"(a.type = '{Happening.POST_IDEA}' AND NOT {REVEALED})"
_FILTERS: Mapping[str, str] = {
    "campaign": "a.campaign = (SELECT q.id FROM tenant.ideas_campaign AS q WHERE q.uuid = :campaign)",
    "idea": "a.idea = (SELECT q.id FROM tenant.ideas_idea AS q WHERE q.uuid = :idea)",
    "member": f"""a.person = (SELECT q.id FROM tenant.person AS q WHERE q.uuid = :member)
           AND NOT EXISTS (SELECT FROM tenant.ideas_idea AS i
                             JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
                            WHERE i.id = a.idea AND {_CONCEALED})""",  # noqa: S608 - the fragment is the family's own
    "type": "a.type = :type",
    "created": "a.created >= :created_from AND a.created < :created_until",
}
_COLUMNS = f"""
               a.id, a.uuid, a.type, a.created, a.person, c.uuid AS campaign, c.name AS campaign_name, i.uuid AS idea,
               i.title AS idea_title, k.name AS category_name, coalesce(i.anonymous, false) AS anonymous,
               {_CONCEALED} IS TRUE AS concealed, m.uuid AS comment, m.text, s.uuid AS status, s.name AS status_name,
               u.uuid AS update, u.message"""
_NAMES = """
          LEFT JOIN tenant.ideas_idea AS i ON i.id = a.idea
          LEFT JOIN tenant.ideas_campaign AS c ON c.id = i.campaign
          LEFT JOIN tenant.ideas_category AS k ON k.id = i.category
          LEFT JOIN tenant.ideas_comment AS m ON m.id = a.comment
          LEFT JOIN tenant.ideas_status AS s ON s.id = a.status
          LEFT JOIN tenant.ideas_update AS u ON u.id = a.about"""

SORTABLE = {"date_created": "a.created", "type": "a.type"}
DEFAULT_ORDER = "a.created DESC, a.id DESC"
TIE = "a.id"


async def insert(runner: Runner, event: Event, now: datetime) -> int:
    """Adds one event; its number."""
    number: int = await runner.value(
        """
        INSERT INTO tenant.ideas_activity (type, person, campaign, idea, comment, about, status, created, modified)
        VALUES (:type, :person, :campaign, :idea, :comment, :about, :status, :now, :now)
        RETURNING id
        """,
        type=event.type,
        person=event.person,
        campaign=event.campaign,
        idea=event.idea,
        comment=event.comment,
        about=event.update,
        status=event.status,
        now=now,
    )
    return number


async def move(runner: Runner, idea: int, campaign: int) -> int:
    """Puts the events of an idea into a campaign."""
    return await runner.execute(
        "UPDATE tenant.ideas_activity SET campaign = :campaign WHERE idea = :idea AND campaign <> :campaign",
        idea=idea,
        campaign=campaign,
    )


async def one_activity(runner: Runner, viewer: Viewer, uuid: UUID) -> Activity | None:
    """One event, if it is seen."""
    return await runner.row(
        f"""
        {_SIGHT}
        SELECT {_COLUMNS}
          FROM tenant.ideas_activity AS a
        {_NAMES}
         WHERE a.uuid = :uuid AND {_SEEN}
        """,  # noqa: S608 - the fragments are the family's own
        Activity,
        uuid=uuid,
        known=viewer.known,
        **sees(viewer),
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Activity]:
    """A part, (limit, offset), of the events that are wanted and seen, in an order made of SORTABLE."""
    where = conditions(wanted)
    return await runner.rows(
        f"""
        {_SIGHT},
             found AS MATERIALIZED (
            SELECT a.id
              FROM tenant.ideas_activity AS a
             WHERE {where.sql(_FILTERS, [_SEEN])}
             ORDER BY {order}
             LIMIT :limit OFFSET :offset)
        SELECT {_COLUMNS}
          FROM found
          JOIN tenant.ideas_activity AS a ON a.id = found.id
        {_NAMES}
         ORDER BY {order}
        """,  # noqa: S608 - the fragments are the family's own, the order is made of SORTABLE
        Activity,
        limit=part[0],
        offset=part[1],
        known=viewer.known,
        **where.arguments,
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many events are wanted and seen."""
    where = conditions(wanted)
    total: int = await runner.value(
        f"""
        {_SIGHT}
        SELECT count(*)
          FROM tenant.ideas_activity AS a
         WHERE {where.sql(_FILTERS, [_SEEN])}
        """,  # noqa: S608 - the fragments are the family's own
        known=viewer.known,
        **where.arguments,
        **sees(viewer),
    )
    return total
