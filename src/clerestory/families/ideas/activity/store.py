"""Events in the tenant's schema: one function, one statement."""

from datetime import datetime

from clerestory.families.ideas.activity.model import Event
from clerestory.platform.database import Runner


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
