"""Events in the tenant's schema: one function, one statement."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.activity.model import Activity, Event, Happening, Wanted
from clerestory.families.ideas.rights.model import Viewer
from clerestory.families.ideas.rights.sight import CAMPAIGNS, MEMBERS, REVEALED, sees
from clerestory.platform.database import Runner

# Who submitted an anonymous idea is not told by its own event either.
_CONCEALED = f"(a.type = '{Happening.POST_IDEA}' AND NOT {REVEALED})"
_TABLES = """
          FROM tenant.ideas_activity AS a
          LEFT JOIN tenant.ideas_idea AS i ON i.id = a.idea
          LEFT JOIN tenant.ideas_comment AS m ON m.id = a.comment
          LEFT JOIN seen ON seen.id = i.campaign
          LEFT JOIN tenant.ideas_campaign AS c ON c.id = seen.id
          LEFT JOIN tenant.ideas_update AS u ON u.id = a.about
          LEFT JOIN tenant.person AS p ON p.id = u.person"""
# An event is seen with the idea and the comment that it is about; a message is seen where its member is.
_SEEN = f"""
       CASE WHEN u.id IS NULL THEN (i.visible AND seen.id IS NOT NULL AND m.visible IS NOT FALSE OR seen.managed)
            ELSE {MEMBERS} END"""
_FILTERS = f"""
       (:campaign::uuid IS NULL
        OR a.campaign = (SELECT q.id FROM tenant.ideas_campaign AS q WHERE q.uuid = :campaign))
   AND (:idea::uuid IS NULL OR a.idea = (SELECT q.id FROM tenant.ideas_idea AS q WHERE q.uuid = :idea))
   AND (:type::text IS NULL OR a.type = :type)
   AND (:member::uuid IS NULL
        OR a.person = (SELECT q.id FROM tenant.person AS q WHERE q.uuid = :member)
           AND {_CONCEALED} IS NOT TRUE)
   AND (:created_from::timestamptz IS NULL OR a.created >= :created_from AND a.created < :created_until)"""  # noqa: S608 - the fragments are the family's own
_COLUMNS = f"""
       a.id, a.uuid, a.type, a.created, a.person, c.uuid AS campaign, c.name AS campaign_name, i.uuid AS idea,
       i.title AS idea_title, k.name AS category_name, coalesce(i.anonymous, false) AS anonymous,
       {_CONCEALED} IS TRUE AS concealed, m.uuid AS comment, m.text, s.uuid AS status, s.name AS status_name,
       u.uuid AS update, u.message"""
_NAMES = """
          LEFT JOIN tenant.ideas_category AS k ON k.id = i.category
          LEFT JOIN tenant.ideas_status AS s ON s.id = a.status"""

SORTABLE = {"date_created": "a.created", "type": "a.type"}
DEFAULT_ORDER = "a.created DESC, a.id DESC"
TIE = "a.id"


async def insert(runner: Runner, event: Event, now: datetime) -> None:
    """Adds one event."""
    await runner.execute(
        """
        INSERT INTO tenant.ideas_activity (type, person, campaign, idea, comment, about, status, created, modified)
        VALUES (:type, :person, :campaign, :idea, :comment, :about, :status, :now, :now)
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
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {_COLUMNS}
        {_TABLES}
        {_NAMES}
         WHERE a.uuid = :uuid AND {_SEEN}
        """,
        Activity,
        uuid=uuid,
        known=viewer.known,
        **sees(viewer),
    )


async def page(runner: Runner, viewer: Viewer, wanted: Wanted, order: str, part: tuple[int, int]) -> list[Activity]:
    """A part, (limit, offset), of the events that are wanted and seen, in an order made of SORTABLE."""
    return await runner.rows(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT {_COLUMNS}
        {_TABLES}
        {_NAMES}
         WHERE {_SEEN} AND {_FILTERS}
         ORDER BY {order}
         LIMIT :limit OFFSET :offset
        """,
        Activity,
        limit=part[0],
        offset=part[1],
        known=viewer.known,
        **asdict(wanted),
        **sees(viewer),
    )


async def count(runner: Runner, viewer: Viewer, wanted: Wanted) -> int:
    """How many events are wanted and seen."""
    total: int = await runner.value(
        f"""
        WITH seen AS MATERIALIZED ({CAMPAIGNS})
        SELECT count(*)
        {_TABLES}
         WHERE {_SEEN} AND {_FILTERS}
        """,
        known=viewer.known,
        **asdict(wanted),
        **sees(viewer),
    )
    return total
